// Where one talks to the agent.
import { IconBrandTelegram } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Announced } from "~/feature/telegram/Announced";
import { TelegramConnect } from "~/feature/telegram/Connect";
import { useWords } from "~/pattern/Failure";
import { Notice } from "~/pattern/Notice";
import { StepFrame } from "../frame/StepFrame";
import type { StepProps } from "../step";
import classes from "./ChannelStep.module.css";

export function ChannelStep({ answers, refusal, focused }: StepProps) {
  const { t } = useTranslation("wizard");
  const words = useWords();
  const { draft, change, checkBot, setBot, removeBot } = answers;
  return (
    <StepFrame title={t("channel.title")} lead={t("channel.lead")} focused={focused}>
      {refusal && (
        <Notice tone="bad" title={words(refusal)}>
          {refusal.hint}
        </Notice>
      )}
      <section className={classes.panel} aria-label="Telegram">
        <header className={classes.head}>
          <span className={classes.icon}>
            <IconBrandTelegram size={18} stroke={1.8} aria-hidden />
          </span>
          <h3 className={classes.title}>Telegram</h3>
        </header>
        <TelegramConnect
          name={draft.name}
          slug={draft.slug}
          claim={draft.telegram}
          check={checkBot}
          onChecked={(claim) => {
            setBot(claim);
            change({ skip_channel: false });
          }}
          onClaimed={(claim) => {
            setBot(claim);
            change({ skip_channel: false });
          }}
          onReplace={() => void removeBot()}
        />
      </section>
      <Announced />
    </StepFrame>
  );
}
