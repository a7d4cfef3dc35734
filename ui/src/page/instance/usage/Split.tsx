// What the bars of a day are made of.
import { useTranslation } from "react-i18next";
import { Segments } from "~/pattern/Segments";

const SPLITS = ["cause", "model"] as const;
export type Split = (typeof SPLITS)[number];

export function SplitChoice({ value, onChange }: { value: Split; onChange: (split: Split) => void }) {
  const { t } = useTranslation("instance");
  return (
    <Segments<Split>
      label={t("usage.split.label")}
      options={SPLITS.map((split) => ({ value: split, label: t(`usage.split.${split}`) }))}
      value={value}
      onChange={onChange}
    />
  );
}
