// Who may call it, in words; the rule is written by the type that enforces it.
import { Code } from "@mantine/core";
import { IconHistory, IconUserCheck, IconWorld } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Operation } from "../read/document";
import classes from "./Authz.module.css";

const KNOWN = ["nobody", "member", "owner", "operator", "viewer", "platform_operator"] as const;
type Principal = (typeof KNOWN)[number];
const isKnown = (word: string): word is Principal => KNOWN.some((known) => known === word);

export function Authz({ operation }: { operation: Operation }) {
  const { t } = useTranslation("reference");
  const { principals, permission, audit } = operation;
  const Shape = principals.includes("nobody") ? IconWorld : IconUserCheck;
  const who = useWho()(principals);
  return (
    <ul className={classes.rules}>
      <li>
        <Shape size={17} stroke={1.8} aria-hidden />
        <span>
          {who}
          {permission && (
            <>
              {" "}
              <Code>{permission}</Code>
            </>
          )}
        </span>
      </li>
      {audit && (
        <li>
          <IconHistory size={17} stroke={1.8} aria-hidden />
          <span>
            {t("audited")} <Code>{audit}</Code>
          </span>
        </li>
      )}
    </ul>
  );
}

function useWho() {
  const { t, i18n } = useTranslation("reference");
  return (principals: string[]): string => {
    if (principals.includes("nobody")) return t("who.nobody");
    if (principals.includes("member")) return t("who.member");
    const names = principals.map((one) => (isKnown(one) ? t(`principal.${one}`) : one));
    const list = new Intl.ListFormat(i18n.language, { type: "disjunction" }).format(names);
    return t("who.only", { list });
  };
}
