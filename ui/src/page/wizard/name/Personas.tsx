// The characters to start from, with a face each.
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Persona } from "~/api/types";
import { Choice, Choices } from "~/pattern/Choice";
import { Face } from "./Face";

interface Props {
  personas: Persona[];
  value: string | undefined;
  onChoose: (persona: Persona) => void;
}

export function Personas({ personas, value, onChoose }: Props) {
  const { t } = useTranslation("wizard");
  const group = useId();
  const { name, summary } = usePersonaWords();
  return (
    <Choices label={t("name.character")} min={250}>
      {personas.map((persona) => (
        <Choice
          key={persona.id}
          name={group}
          value={persona.id}
          checked={persona.id === value}
          onChoose={() => onChoose(persona)}
          title={name(persona)}
          face={<Face id={persona.id} />}
        >
          {summary(persona)}
        </Choice>
      ))}
    </Choices>
  );
}

/** The characters that ship with Creel are named in every language; one that an operator added has the name it was given. */
export function usePersonaWords() {
  const { t, i18n } = useTranslation("wizard");
  const said = (id: string, part: "name" | "summary", otherwise: string) => {
    const key = `persona.${id}.${part}`;
    return i18n.exists(`wizard:${key}`) ? t(key as "persona.assistant.name") : otherwise;
  };
  return {
    name: (persona: Persona) => said(persona.id, "name", persona.name),
    summary: (persona: Persona) => said(persona.id, "summary", persona.summary),
  };
}
