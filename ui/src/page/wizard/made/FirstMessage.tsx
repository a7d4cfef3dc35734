// The moment it is all for: a first message goes in and an answer comes back, seen here as it happens.
import { Button } from "@mantine/core";
import { IconArrowRight, IconBrandTelegram } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Instance } from "~/api/types";
import { Notice } from "~/pattern/Notice";
import { Panel } from "~/pattern/Panel";
import { QrCode } from "~/pattern/QrCode";
import { Confetti } from "./Confetti";
import { isAnswered } from "./Made";
import classes from "./Made.module.css";
import { Milestones } from "./Milestones";

/** An answer that takes longer than this deserves a word, milliseconds. */
const PATIENCE_MS = 45_000;

export function FirstMessage({ instance }: { instance: Instance }) {
  if (!instance.telegram?.bot_username) return <NoChannel instance={instance} />;
  return <Talk instance={instance} telegram={instance.telegram} bot={instance.telegram.bot_username} />;
}

interface TalkProps {
  instance: Instance;
  telegram: NonNullable<Instance["telegram"]>;
  bot: string;
}

function Talk({ instance, telegram, bot }: TalkProps) {
  const { t } = useTranslation("wizard");
  const answered = isAnswered(instance);
  const arrived = Boolean(telegram.last_in_at);
  const slow = useSlow(arrived && !answered);
  const link = `https://t.me/${bot}`;
  return (
    <section className={classes.first} aria-label={t("first.title")} data-answered={answered || undefined}>
      {answered && <Confetti />}
      <h2 className={classes.firstTitle}>{answered ? t("first.works", { name: instance.name }) : t("first.title")}</h2>
      <p className={classes.firstLead}>
        {answered ? t("first.works_words") : t("first.lead", { name: instance.name })}
      </p>
      {!answered && (
        <div className={classes.open}>
          <Button
            component="a"
            href={link}
            target="_blank"
            rel="noreferrer"
            size="md"
            leftSection={<IconBrandTelegram size={20} aria-hidden />}
          >
            {t("first.open")}
          </Button>
          <span className={classes.bot}>@{bot}</span>
        </div>
      )}
      <div className={classes.both}>
        <Milestones arrived={arrived} answered={answered} />
        {!arrived && (
          <div className={classes.code}>
            <QrCode text={link} label={t("telegram.code", { bot })} size={112} />
          </div>
        )}
      </div>
      {telegram.last_error && !answered && <Notice tone="warn">{telegram.last_error}</Notice>}
      {slow && <Notice tone="quiet">{t("first.slow")}</Notice>}
      <ToAgent slug={instance.slug} main={answered} />
    </section>
  );
}

function NoChannel({ instance }: { instance: Instance }) {
  const { t } = useTranslation("wizard");
  return (
    <Panel title={t("first.no_channel")} lead={t("first.no_channel_words", { name: instance.name })}>
      <div className={classes.ways}>
        <Button
          component={Link}
          to={`/instances/${instance.slug}/channels`}
          leftSection={<IconBrandTelegram size={18} aria-hidden />}
        >
          {t("first.connect")}
        </Button>
        <ToAgent slug={instance.slug} />
      </div>
    </Panel>
  );
}

export function ToAgent({ slug, main }: { slug: string; main?: boolean }) {
  const { t } = useTranslation("wizard");
  return (
    <Button
      component={Link}
      to={`/instances/${slug}`}
      className={classes.go}
      variant={main ? "filled" : "default"}
      size={main ? "md" : "sm"}
      rightSection={<IconArrowRight size={16} aria-hidden />}
    >
      {t("made.go")}
    </Button>
  );
}

function useSlow(waiting: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!waiting) return setSlow(false);
    const timer = setTimeout(() => setSlow(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [waiting]);
  return slow;
}
