// Models that answered lately although no price is known: their calls count in tokens, but cost nothing in every figure.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { compact } from "~/format/number";
import { Notice } from "~/pattern/Notice";
import { spendQuery } from "../spend/spend";
import type { Start } from "./Add";
import classes from "./Prices.module.css";
import { type Price, unpriced } from "./prices";

const LOOKED_BACK = 30;
/** More are not a list that anybody reads. */
const SHOWN = 5;

export function Unpriced({ rows, onAdd }: { rows: Price[]; onAdd: (start: Start) => void }) {
  const { t } = useTranslation("operator");
  const { data } = useQuery({ ...spendQuery(LOOKED_BACK), refetchInterval: false });
  const found = unpriced(data?.by_model ?? [], rows);
  if (found.length === 0) return null;
  return (
    <Notice tone="warn" title={t("prices.unpriced", { count: found.length })}>
      <p>{t("prices.unpriced_words")}</p>
      <ul className={classes.unpriced}>
        {found.slice(0, SHOWN).map(({ model, tokens }) => (
          <li key={model}>
            <span className="foreign">
              <strong>{model}</strong> · {t("prices.used", { amount: compact(tokens) })}
            </span>
            <Button
              variant="default"
              size="compact-xs"
              onClick={() => onAdd(split(model))}
              aria-label={t("prices.add_for", { model })}
            >
              {t("prices.add")}
            </Button>
          </li>
        ))}
      </ul>
      {found.length > SHOWN && <p>{t("prices.unpriced_more", { count: found.length - SHOWN })}</p>}
    </Notice>
  );
}

function split(name: string): Start {
  const at = name.indexOf("/");
  return { provider: name.slice(0, at), model: name.slice(at + 1) };
}
