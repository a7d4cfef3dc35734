// A checked bot, and whose it is: whoever presses Start first in its chat.
import { Anchor, Button } from "@mantine/core";
import { IconBrandTelegram, IconCircleCheck } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { TelegramClaim } from "~/api/types";
import { Failure } from "~/pattern/Failure";
import { Notice } from "~/pattern/Notice";
import { QrCode } from "~/pattern/QrCode";
import { useLook } from "./look";
import classes from "./Telegram.module.css";

interface Props {
  claim: TelegramClaim;
  onClaimed?: (claim: TelegramClaim) => void;
  /** The heading takes the focus: the bot was checked just now. */
  focused?: boolean;
  /** Another bot, another person, or a link that ran out: back to the bot token. */
  onReplace?: () => void;
}

export function Claim({ claim: known, focused, onClaimed, onReplace }: Props) {
  const { t } = useTranslation(["wizard", "common"]);
  const { claim, expired, error } = useLook(known, onClaimed);
  return (
    <div className={classes.claim}>
      <Bot claim={claim} onReplace={onReplace} />
      {/* One place that stays, so that a screen reader hears each change of it. */}
      <div aria-live="polite" className={classes.live}>
        {claim.claimed_by && <Claimed by={claim.claimed_by} onReplace={onReplace} />}
        {expired && (
          <Notice
            tone="warn"
            title={t("telegram.expired")}
            action={
              onReplace && (
                <Button size="xs" variant="default" onClick={onReplace}>
                  {t("telegram.again")}
                </Button>
              )
            }
          >
            {t("telegram.expired_words")}
          </Notice>
        )}
      </div>
      {!claim.claimed_by && !expired && <PressStart claim={claim} focused={focused} />}
      {!claim.claimed_by && Boolean(error) && <Failure error={error} />}
    </div>
  );
}

function Bot({ claim, onReplace }: Pick<Props, "claim" | "onReplace">) {
  const { t } = useTranslation("wizard");
  return (
    <div className={classes.bot}>
      <span className={classes.botIcon}>
        <IconBrandTelegram size={22} stroke={1.7} aria-hidden />
      </span>
      <div className={`${classes.botWords} foreign`}>
        <p className={classes.botName}>{claim.bot_name}</p>
        <p className={classes.note}>
          @{claim.bot_username} · {t("telegram.token_last", { last: claim.last_four })}
        </p>
      </div>
      <span className={classes.works}>
        <IconCircleCheck size={16} stroke={2} aria-hidden /> {t("telegram.works")}
      </span>
      {onReplace && (
        <Button size="xs" variant="default" onClick={onReplace}>
          {t("telegram.other_bot")}
        </Button>
      )}
    </div>
  );
}

function PressStart({ claim, focused }: Pick<Props, "claim" | "focused">) {
  const { t } = useTranslation("wizard");
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focused) heading.current?.focus();
  }, [focused]);
  return (
    <div className={classes.start}>
      <div className={classes.startWords}>
        <h3 className={classes.startTitle} tabIndex={-1} ref={heading}>
          {t("telegram.press")}
        </h3>
        <p className={classes.startText}>{t("telegram.press_words")}</p>
        <Button
          component="a"
          href={claim.link}
          target="_blank"
          rel="noreferrer"
          leftSection={<IconBrandTelegram size={18} aria-hidden />}
        >
          {t("telegram.open", { bot: `@${claim.bot_username}` })}
        </Button>
        <p className={classes.waiting} role="status">
          <span className={classes.pulse} aria-hidden />
          {t("telegram.waiting")}
        </p>
      </div>
      <figure className={classes.code}>
        <QrCode text={claim.link} label={t("telegram.code", { bot: claim.bot_username })} size={148} />
        <figcaption>{t("telegram.scan")}</figcaption>
      </figure>
    </div>
  );
}

function Claimed({ by, onReplace }: { by: NonNullable<TelegramClaim["claimed_by"]>; onReplace?: () => void }) {
  const { t } = useTranslation("wizard");
  const who = by.username ? `${by.name} (@${by.username})` : by.name;
  return (
    <Notice tone="good" title={t("telegram.claimed", { who })}>
      <p>
        {t("telegram.claimed_words")}{" "}
        {onReplace && (
          <Anchor underline="always" component="button" type="button" size="sm" onClick={onReplace}>
            {t("telegram.not_me")}
          </Anchor>
        )}
      </p>
    </Notice>
  );
}
