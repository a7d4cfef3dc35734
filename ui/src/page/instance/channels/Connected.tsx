// The connected bot: who it is, who may write to it, when it last heard and answered, and how to let it go.
import { Anchor, Button } from "@mantine/core";
import { IconBrandTelegram, IconExternalLink, IconUser } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import type { Instance } from "~/api/types";
import { Confirm } from "~/pattern/Confirm";
import { Notice } from "~/pattern/Notice";
import { Panel } from "~/pattern/Panel";
import { Time } from "~/pattern/Time";
import { useMayChange } from "../agent";
import { useFollow } from "../frame/wish";
import classes from "./Channels.module.css";
import { ConnectTelegram } from "./ConnectTelegram";

type Telegram = NonNullable<Instance["telegram"]>;

/** What Telegram allows in a username; anything else makes no link. */
const USERNAME = /^\w{4,32}$/;

export function Connected({ agent, telegram }: { agent: Instance; telegram: Telegram }) {
  const { t } = useTranslation("instance");
  const [replacing, setReplacing] = useState(false);
  if (replacing) return <ConnectTelegram agent={agent} onCancel={() => setReplacing(false)} />;
  return (
    <>
      <Panel title="Telegram" actions={<Ways agent={agent} onReplace={() => setReplacing(true)} />}>
        <Bot telegram={telegram} />
        {telegram.last_error && (
          <div className={classes.trouble}>
            <Notice tone="warn" title={t("channel.last_error")}>
              {telegram.last_error}
            </Notice>
          </div>
        )}
        <dl className={classes.facts}>
          <Fact name={t("channel.last_in")}>
            <Time at={telegram.last_in_at} />
          </Fact>
          <Fact name={t("channel.last_out")}>
            <Time at={telegram.last_out_at} />
          </Fact>
        </dl>
      </Panel>
      <Panel title={t("channel.who")} lead={t("channel.who_words")}>
        <ul className={classes.people}>
          {telegram.allow_from.map((id) => (
            <li key={id} className={classes.person}>
              <IconUser size={16} stroke={1.8} aria-hidden />
              {t("channel.person")} <span className={`${classes.soft} figures`}>{id}</span>
            </li>
          ))}
        </ul>
      </Panel>
    </>
  );
}

function Bot({ telegram }: { telegram: Telegram }) {
  const { t } = useTranslation("instance");
  const name = telegram.bot_username ?? "";
  return (
    <div className={classes.bot}>
      <span className={classes.face}>
        <IconBrandTelegram size={24} stroke={1.6} aria-hidden />
      </span>
      <div className={`${classes.words} foreign`}>
        <p className={classes.name}>{telegram.bot_name ?? t("channel.your_bot")}</p>
        {USERNAME.test(name) && (
          <Anchor href={`https://t.me/${name}`} target="_blank" rel="noreferrer" size="sm">
            @{name} <IconExternalLink size={13} aria-label={t("channel.new_tab")} />
          </Anchor>
        )}
      </div>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt className={classes.soft}>{name}</dt>
      <dd className={classes.value}>{children}</dd>
    </div>
  );
}

function Ways({ agent, onReplace }: { agent: Instance; onReplace: () => void }) {
  const { t } = useTranslation("instance");
  const [asking, setAsking] = useState(false);
  const follow = useFollow(agent.slug);
  const cut = useMutation({
    mutationFn: () =>
      body(api.DELETE("/api/v1/instances/{slug}/channels/telegram", { params: { path: { slug: agent.slug } } })),
    onSuccess: (operation) => {
      setAsking(false);
      follow(operation);
    },
  });
  const mayChange = useMayChange();
  if (!mayChange) return null;
  return (
    <>
      <Button size="xs" variant="default" onClick={onReplace}>
        {t("channel.replace")}
      </Button>
      <Button size="xs" variant="default" onClick={() => setAsking(true)}>
        {t("channel.disconnect")}
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("channel.disconnect_title")}
        verb={t("channel.disconnect")}
        busy={cut.isPending}
        error={cut.error}
        onConfirm={() => cut.mutate()}
      >
        {t("channel.disconnect_words", { name: agent.name })}
      </Confirm>
    </>
  );
}
