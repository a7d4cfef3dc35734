// A model in one plain sentence on strength and one on cost.
import { Tooltip } from "@mantine/core";
import { IconBolt, IconInfoCircle, IconScale, IconSparkles } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Model } from "~/api/types";
import { whole } from "~/format/number";
import { Choice, Tag } from "~/pattern/Choice";
import classes from "./Model.module.css";
import { DAY, dayOfChatting, roughly } from "./price";

const TIERS = { light: IconBolt, balanced: IconScale, strong: IconSparkles } as const;

interface Props {
  model: Model;
  group: string;
  checked: boolean;
  recommended?: boolean;
  onChoose: () => void;
}

export function ModelCard({ model, group, checked, recommended, onChoose }: Props) {
  const { t } = useTranslation("wizard");
  const Shape = TIERS[model.tier];
  return (
    <Choice
      name={group}
      value={model.model}
      checked={checked}
      onChoose={onChoose}
      title={model.name}
      mark={recommended && <Tag>{t("model.recommended")}</Tag>}
      face={
        <span className={classes.tier} data-tier={model.tier}>
          <Shape size={18} stroke={1.8} aria-hidden />
        </span>
      }
    >
      {t(`model.tier.${model.tier}`)} <Cost model={model} />
    </Choice>
  );
}

/** "A day of chatting costs about 3 cents.", with what was assumed on hover. */
export function Cost({ model }: { model: Model }) {
  const { t } = useTranslation("wizard");
  if (!model.price) return <span>{t("cost.unknown")}</span>;
  const day = dayOfChatting(model.price);
  if (day === 0) return <span>{t("cost.free")}</span>;
  return (
    <Tooltip label={<Assumption />} multiline w={280}>
      <span className={classes.cost}>
        {t("cost.day", { cost: roughly(day) })}
        <IconInfoCircle size={13} stroke={1.8} className={classes.hint} aria-hidden />
      </span>
    </Tooltip>
  );
}

export function Assumption() {
  const { t } = useTranslation("wizard");
  return t("cost.assumption", {
    messages: whole(DAY.messages),
    read: whole(DAY.readWords),
    answer: whole(DAY.answerWords),
  });
}
