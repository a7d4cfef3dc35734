// A character to start from, and its words for whoever wants to change them.
import { Anchor, Button, Textarea } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { Persona } from "~/api/types";
import { Await, Lines } from "~/pattern/Loading";
import type { DraftHandle } from "../draft/useDraft";
import classes from "./Name.module.css";
import { Personas } from "./Personas";

/** The server's limit: it is part of every question to the model. */
const LONGEST_BYTES = 8 * 1024;

export const personasQuery = {
  queryKey: keys.personas,
  queryFn: async () => (await body(api.GET("/api/v1/personas"))).items,
  staleTime: 300_000,
};

interface Props {
  answers: DraftHandle;
  error?: string;
}

export function Character({ answers, error }: Props) {
  const query = useQuery(personasQuery);
  return (
    <Await query={query} skeleton={<Lines count={4} height={40} />}>
      {(personas) => <Choose answers={answers} personas={personas} error={error} />}
    </Await>
  );
}

function Choose({ answers: { draft, change }, personas, error }: Props & { personas: Persona[] }) {
  const { t } = useTranslation(["wizard", "common"]);
  const template = personas.find(({ id }) => id === draft.persona_template);
  // Emptied by hand, it stays empty on the screen, though an empty one means the template's words.
  const [blank, setBlank] = useState(false);
  const text = blank ? "" : draft.persona || template?.text || "";
  const [open, setOpen] = useState(Boolean(draft.persona && draft.persona !== template?.text));
  const [lost, setLost] = useState<{ persona: string; template: string }>();
  const id = useId();

  const choose = (chosen: Persona) => {
    // Words somebody wrote are never thrown away without a way back.
    const own = draft.persona && personas.every((one) => one.text !== draft.persona);
    setLost(own && draft.persona ? { persona: draft.persona, template: draft.persona_template ?? "" } : undefined);
    setBlank(false);
    change({ persona_template: chosen.id, persona: "" });
  };
  const undo = () => {
    if (lost) change({ persona: lost.persona, persona_template: lost.template });
    setLost(undefined);
  };

  return (
    <div className={classes.character}>
      <Personas personas={personas} value={draft.persona_template} onChoose={choose} />
      <p className={classes.status} role="status">
        {lost && (
          <>
            {t("name.replaced")}{" "}
            <Anchor underline="always" component="button" type="button" size="sm" onClick={undo}>
              {t("common:action.undo")}
            </Anchor>
          </>
        )}
      </p>
      <Button
        variant="subtle"
        size="xs"
        className={classes.customise}
        leftSection={<IconPencil size={15} aria-hidden />}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {t("name.customise")}
      </Button>
      <div id={id} hidden={!open}>
        <Textarea
          label={t("name.persona")}
          description={t(blank ? "name.persona_empty" : "name.persona_words")}
          placeholder={t("name.persona_example")}
          autosize
          minRows={5}
          maxRows={16}
          value={text}
          onChange={({ currentTarget: { value } }) => {
            setBlank(value === "");
            change({ persona: value });
          }}
          error={tooLong(text) ? t("name.persona_long") : error}
        />
      </div>
    </div>
  );
}

const tooLong = (text: string) => new TextEncoder().encode(text).length > LONGEST_BYTES;
