// Where people reach the agent.
import { IconBrandTelegram } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Instance } from "~/api/types";
import { AnchorLink, ButtonLink } from "~/pattern/LinkTo";
import { Panel } from "~/pattern/Panel";
import { Time } from "~/pattern/Time";
import classes from "./Overview.module.css";

export function ChannelSummary({ agent }: { agent: Instance }) {
  const { t } = useTranslation("instance");
  const { telegram } = agent;
  const to = { to: "/instances/$slug/channels", params: { slug: agent.slug } } as const;
  return (
    <Panel
      title={t("tab.channels")}
      actions={
        telegram && (
          <AnchorLink {...to} size="sm">
            {t("channel.manage")}
          </AnchorLink>
        )
      }
    >
      {telegram ? (
        <>
          <div className={classes.bot}>
            <IconBrandTelegram size={28} stroke={1.6} className={classes.botIcon} aria-hidden />
            <div className="foreign">
              <p className={classes.botName}>{telegram.bot_name ?? "Telegram"}</p>
              {telegram.bot_username && <span className={classes.label}>@{telegram.bot_username}</span>}
            </div>
          </div>
          <p className={classes.soft}>
            {t("channel.people", { count: telegram.allow_from.length })}
            <br />
            {t("channel.last_in")} <Time at={telegram.last_in_at} />
          </p>
        </>
      ) : (
        <>
          <p className={classes.soft}>{t("channel.none")}</p>
          <ButtonLink {...to} mt={14} variant="light">
            {t("fix.channels")}
          </ButtonLink>
        </>
      )}
    </Panel>
  );
}
