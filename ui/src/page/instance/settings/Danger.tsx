// The end of an agent: what is erased is said, and its name must be typed.
import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Instance } from "~/api/types";
import { Confirm } from "~/pattern/Confirm";
import { Panel } from "~/pattern/Panel";
import { useWish } from "../frame/wish";
import classes from "./Settings.module.css";

export function Danger({ agent }: { agent: Instance }) {
  const { t } = useTranslation("instance");
  const [asking, setAsking] = useState(false);
  const wish = useWish(agent.slug);
  const navigate = useNavigate();
  const deleting = agent.desired === "deleted";
  const remove = () =>
    wish.mutate("delete", {
      onSuccess: () => {
        setAsking(false);
        void navigate({ to: "/instances/$slug", params: { slug: agent.slug } });
      },
    });
  return (
    <Panel danger title={t("delete.title")} lead={t("delete.lead")}>
      <Button variant="default" c="var(--bad)" disabled={deleting} onClick={() => setAsking(true)}>
        {t("delete.open")}
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("delete.ask", { name: agent.name })}
        verb={t("delete.verb")}
        word={agent.name}
        busy={wish.isPending}
        error={wish.error}
        onConfirm={remove}
      >
        <p className={classes.lost}>{t("delete.lost")}</p>
        <ul className={classes.losses}>
          <li>{t("delete.memory")}</li>
          <li>{t("delete.keys")}</li>
          <li>{t("delete.channel")}</li>
        </ul>
        <p className={classes.lost}>{t("delete.stays")}</p>
      </Confirm>
    </Panel>
  );
}
