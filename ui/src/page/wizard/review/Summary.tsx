// The answers so far, each with its way back; what is missing says what that means.
import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Plan } from "~/api/types";
import { allows, modelName, providerFor } from "~/feature/model/catalogue";
import { Panel } from "~/pattern/Panel";
import type { Answers } from "../draft/useDraft";
import { personasQuery } from "../name/Character";
import { Face } from "../name/Face";
import { usePersonaWords } from "../name/Personas";
import { hasKey, type Shop, type StepName } from "../step";
import classes from "./Review.module.css";

interface Props {
  draft: Answers;
  shop: Shop;
  plan: Plan;
  go: (step: StepName) => void;
}

export function Summary({ draft, shop, plan, go }: Props) {
  const { t } = useTranslation("wizard");
  return (
    <Panel flush>
      <dl className={classes.summary}>
        <Row label={t("step.name")} onEdit={() => go("name")}>
          <Who draft={draft} />
        </Row>
        <Row label={t("step.model")} onEdit={() => go("model")}>
          <Thinks draft={draft} shop={shop} plan={plan} />
        </Row>
        <Row label={t("step.channel")} onEdit={() => go("channel")}>
          <Talks draft={draft} />
        </Row>
      </dl>
    </Panel>
  );
}

function Row({ label, onEdit, children }: { label: string; onEdit: () => void; children: ReactNode }) {
  const { t } = useTranslation(["wizard", "common"]);
  return (
    <div className={classes.row}>
      <dt className={classes.label}>{label}</dt>
      <dd className={classes.value}>
        <div className="foreign">{children}</div>
        <Button variant="subtle" size="xs" onClick={onEdit} aria-label={t("review.edit", { what: label })}>
          {t("common:action.edit")}
        </Button>
      </dd>
    </div>
  );
}

function Who({ draft }: { draft: Answers }) {
  const { t, i18n } = useTranslation("wizard");
  const { data: personas } = useQuery(personasQuery);
  const words = usePersonaWords();
  const template = personas?.find(({ id }) => id === draft.persona_template);
  const language = draft.language && new Intl.DisplayNames(i18n.language, { type: "language" }).of(draft.language);
  return (
    <div className={classes.who}>
      <Face id={draft.persona_template} size={40} />
      <div>
        <strong>{draft.name?.trim() || t("name.default")}</strong>
        <p className={classes.note}>
          {[
            draft.persona && draft.persona !== template?.text
              ? t("review.own_words")
              : template && words.name(template),
            language ? t("review.speaks", { language }) : t("review.any_language"),
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </div>
    </div>
  );
}

function Thinks({ draft, shop, plan }: Omit<Props, "go">) {
  const { t } = useTranslation("wizard");
  const provider = providerFor(shop.providers, draft.model);
  const own = draft.key?.provider === provider?.id && (draft.key_source !== "platform" || !provider?.platform_key);
  const vendor = provider?.name ?? "";
  return (
    <>
      <strong>{modelName(shop.providers, draft.model ?? "")}</strong>
      <p className={classes.note}>
        {own
          ? t("review.own_key", { vendor, last: draft.key?.last_four })
          : hasKey(draft, shop.providers) && t("review.credit", { vendor })}
      </p>
      {!hasKey(draft, shop.providers) && <Missing>{t("review.no_key", { vendor })}</Missing>}
      {draft.model && !allows(plan, draft.model) && <Missing>{t("review.not_in_plan", { plan: plan.name })}</Missing>}
    </>
  );
}

function Talks({ draft }: { draft: Answers }) {
  const { t } = useTranslation("wizard");
  const bot = draft.telegram;
  if (bot?.claimed_by)
    return (
      <>
        <strong>Telegram · @{bot.bot_username}</strong>
        <p className={classes.note}>{t("review.talks_to", { who: bot.claimed_by.name })}</p>
      </>
    );
  return (
    <>
      <strong>{t("review.no_channel")}</strong>
      <p className={classes.note}>
        {bot ? t("review.not_claimed", { bot: bot.bot_username }) : t("review.channel_later")}
      </p>
    </>
  );
}

function Missing({ children }: { children: ReactNode }) {
  return (
    <p className={classes.missing}>
      <IconAlertTriangle size={15} stroke={2} aria-hidden /> <span>{children}</span>
    </p>
  );
}
