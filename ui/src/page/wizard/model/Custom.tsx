// A model on a server of one's own: named by hand. Offered only where the plan allows it.
import { Button, TextInput } from "@mantine/core";
import { IconServer2 } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Plan } from "~/api/types";
import { allows } from "~/feature/model/catalogue";
import classes from "./ModelStep.module.css";

const PREFIX = "custom/";

interface Props {
  plan: Pick<Plan, "allowed_models">;
  value: string | undefined;
  onChange: (model: string) => void;
}

export function Custom({ plan, value, onChange }: Props) {
  const { t } = useTranslation("wizard");
  const chosen = value?.startsWith(PREFIX) ?? false;
  const [open, setOpen] = useState(chosen);
  if (!chosen && !allows(plan, `${PREFIX}x`)) return null;
  if (!open)
    return (
      <Button
        variant="subtle"
        size="xs"
        className={classes.custom}
        leftSection={<IconServer2 size={15} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {t("model.custom")}
      </Button>
    );
  return (
    <TextInput
      className={classes.field}
      label={t("model.custom_name")}
      description={t("model.custom_words")}
      placeholder="llama-4-70b"
      value={chosen ? value?.slice(PREFIX.length) : ""}
      maxLength={120}
      spellCheck={false}
      autoFocus={!chosen}
      onChange={({ currentTarget: { value: typed } }) => onChange(typed.trim() ? PREFIX + typed.trim() : "")}
    />
  );
}
