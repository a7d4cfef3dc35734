// One limit of a plan, with a button that takes its line away.
import { ActionIcon } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { LimitFields } from "~/feature/limit/LimitFields";
import { readLimit } from "~/feature/limit/read";
import { useLimitWords } from "~/feature/limit/words";
import type { PlanForm } from "./form";

interface Props {
  form: UseFormReturnType<PlanForm>;
  list: "limits" | "tenant_limits";
  at: number;
}

export function LimitLine({ form, list, at }: Props) {
  const { t } = useTranslation("operator");
  const words = useLimitWords();
  const line = form.values[list][at];
  if (!line) return null;
  const limit = readLimit(line);
  const group = t(`plans.field.llm.${list}`);
  return (
    <LimitFields
      {...form.getInputProps(`${list}.${at}`)}
      value={line}
      prefix={`${group} ${at + 1}`}
      end={
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          onClick={() => form.removeListItem(list, at)}
          aria-label={t("limits.remove_of", { limit: limit ? words.limit(limit) : words.kind(line), name: group })}
        >
          <IconTrash size={16} />
        </ActionIcon>
      }
    />
  );
}
