// The prices themselves, in dollars for a million tokens. What is left empty costs what its description says.
import { Button, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { NEEDED, type PriceForm, RARE } from "./form";
import classes from "./Prices.module.css";
import { PARTS, type Part } from "./prices";

export function Parts({ form, open }: { form: UseFormReturnType<PriceForm>; open: boolean }) {
  const { t } = useTranslation("operator");
  const [all, setAll] = useState(open);
  const shown = PARTS.filter((part) => all || !RARE.includes(part));
  return (
    <fieldset className={classes.set}>
      <legend className={classes.legend}>{t("prices.per_million")}</legend>
      <div className={classes.three}>
        {shown.map((part) => (
          <Money key={part} part={part} form={form} />
        ))}
      </div>
      {!all && (
        <Button variant="subtle" size="compact-sm" onClick={() => setAll(true)}>
          {t("prices.rare")}
        </Button>
      )}
    </fieldset>
  );
}

function Money({ part, form }: { part: Part; form: UseFormReturnType<PriceForm> }) {
  const { t } = useTranslation("operator");
  return (
    <TextInput
      label={t(`prices.part.${part}`)}
      placeholder={NEEDED.includes(part) ? "0.00" : t(`prices.else.${instead(part)}`)}
      leftSection="$"
      leftSectionWidth={28}
      inputMode="decimal"
      autoComplete="off"
      maxLength={40}
      {...form.getInputProps(part)}
    />
  );
}

/** What a part costs that is left empty. */
function instead(part: Part): "input" | "output" | "write" | "text" {
  if (part === "cache_write_1h") return "write";
  if (RARE.includes(part)) return "text";
  return part === "output" ? "output" : "input";
}
