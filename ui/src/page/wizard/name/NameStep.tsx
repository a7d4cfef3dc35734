// Who the agent is: a name, a character to start from, its language.
import { TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useWords } from "~/pattern/Failure";
import { StepFrame } from "../frame/StepFrame";
import type { StepProps } from "../step";
import { Character } from "./Character";
import { LanguageChoice } from "./LanguageChoice";
import classes from "./Name.module.css";
import { slugFor } from "./slug";

/** As the server counts: characters. */
const LONGEST = 60;

export function NameStep({ answers, shop, refusal, next, focused }: StepProps) {
  const { t } = useTranslation("wizard");
  const words = useWords();
  const { draft, change } = answers;
  const name = draft.name ?? "";
  const slug = slugFor(name, shop.taken);
  const problem = (...fields: string[]) =>
    refusal && fields.includes(refusal.field ?? (refusal.code === "slug_taken" ? "slug" : ""))
      ? [words(refusal), refusal.hint].filter(Boolean).join(" ")
      : undefined;

  return (
    <StepFrame title={t("name.title")} lead={t("name.lead")} focused={focused}>
      <TextInput
        className={classes.name}
        size="md"
        label={t("name.name")}
        placeholder={t("name.example")}
        value={name}
        maxLength={LONGEST}
        autoComplete="off"
        onChange={({ currentTarget: { value } }) =>
          change({ name: value, slug: value.trim() ? slugFor(value, shop.taken) : "" })
        }
        onKeyDown={({ key, nativeEvent }) => key === "Enter" && !nativeEvent.isComposing && name.trim() && next()}
        description={name.trim() ? t("name.address", { slug }) : t("name.later")}
        inputWrapperOrder={["label", "input", "description", "error"]}
        error={problem("name", "slug")}
      />
      <Character answers={answers} error={problem("persona", "persona_template")} />
      <LanguageChoice
        value={draft.language ?? ""}
        onChange={(language) => change({ language })}
        error={problem("language")}
      />
    </StepFrame>
  );
}
