// From nothing to a bot that knows its person: drawn steps, token, Start. The wizard and an agent's Channels tab both use it; where the claim is kept is theirs.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { TelegramClaim } from "~/api/types";
import { BotFather } from "./BotFather";
import { Claim } from "./Claim";
import classes from "./Telegram.module.css";
import { TokenForm } from "./TokenForm";

interface Props {
  /** The agent's, for the drawn example. */
  name?: string;
  slug?: string;
  claim?: TelegramClaim;
  /** Checks a bot token with Telegram; gives the claim that then stands in `claim`. */
  check: (token: string) => Promise<TelegramClaim>;
  onChecked?: (claim: TelegramClaim) => void;
  onClaimed?: (claim: TelegramClaim) => void;
  onReplace?: () => void;
}

export function TelegramConnect({ name, slug, claim, check, onChecked, onClaimed, onReplace }: Props) {
  const { t } = useTranslation("wizard");
  // What was pressed is gone with its half of the page, so the other half takes the focus.
  const [acted, setActed] = useState(false);
  if (claim)
    return (
      <Claim
        key={claim.id}
        claim={claim}
        focused={acted}
        onClaimed={onClaimed}
        onReplace={
          onReplace &&
          (() => {
            setActed(true);
            onReplace();
          })
        }
      />
    );
  return (
    <div className={classes.connect}>
      <p className={classes.lead}>{t("telegram.lead")}</p>
      <BotFather name={name} slug={slug} />
      <TokenForm
        check={check}
        focused={acted}
        onChecked={(checked) => {
          setActed(true);
          onChecked?.(checked);
        }}
      />
    </div>
  );
}
