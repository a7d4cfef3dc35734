// Fields with their kind, limits and words. What lies deeper is rendered when it is opened, so circles and size do no harm.
import { UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Parameter, Schema } from "../read/document";
import { inside, shape } from "../read/shape";
import classes from "./Fields.module.css";
import { Kind, Limits } from "./Kind";
import { Prose } from "./Prose";
import { useSchemas } from "./schemas";

/** The fields of an object, or of the objects in a list. `asked`: whether it is sent, so that it matters what is required. */
export function Fields({ schema, asked }: { schema: Schema; asked?: boolean }) {
  const { t } = useTranslation("reference");
  const schemas = useSchemas();
  const of = shape(schema, schemas);
  if (of.choices.length > 0)
    return (
      <div className={classes.choices}>
        {of.choices.map((choice, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the choices of a schema never move
          <div key={at}>
            <p className={classes.choice}>{t("choice", { number: at + 1 })}</p>
            <Fields schema={choice} asked={asked} />
          </div>
        ))}
      </div>
    );
  if (of.fields.length === 0) return <Other schema={schema} asked={asked} />;
  return (
    <ul className={classes.fields}>
      {of.fields.map((field) => (
        <Row key={field.name} {...field} asked={asked} />
      ))}
    </ul>
  );
}

/** A body that is no object itself. */
function Other({ schema, asked }: { schema: Schema; asked?: boolean }) {
  const schemas = useSchemas();
  const of = shape(schema, schemas);
  const below = inside(of, schemas);
  return (
    <div>
      <p className={classes.choice}>
        <Kind schema={schema} />
      </p>
      {below && <Fields schema={below} asked={asked} />}
    </div>
  );
}

export function Parameters({ parameters }: { parameters: Parameter[] }) {
  return (
    <ul className={classes.fields}>
      {parameters.map((one) => (
        <Row
          key={`${one.in}:${one.name}`}
          name={one.name}
          place={one.in}
          required={one.required ?? false}
          schema={{ ...one.schema, description: one.description ?? one.schema?.description }}
          asked
        />
      ))}
    </ul>
  );
}

interface RowProps {
  name: string;
  required: boolean;
  schema: Schema;
  place?: Parameter["in"];
  asked?: boolean;
}

function Row({ name, required, schema, place, asked }: RowProps) {
  const { t } = useTranslation("reference");
  const schemas = useSchemas();
  const of = shape(schema, schemas);
  const below = inside(of, schemas);
  return (
    <li className={classes.field}>
      <p className={classes.line}>
        <code className={classes.name}>{name}</code>
        <Kind schema={schema} />
        {place && <span className={classes.place}>{t(`place.${place}`)}</span>}
        {asked && required && <span className={classes.required}>{t("required")}</span>}
        {!asked && !required && <span className={classes.place}>{t("optional")}</span>}
      </p>
      {of.description && (
        <p className={classes.words}>
          <Prose>{of.description}</Prose>
        </p>
      )}
      <Limits schema={schema} />
      {below && <Deeper schema={below} asked={asked} name={name} />}
    </li>
  );
}

function Deeper({ schema, asked, name }: { schema: Schema; asked?: boolean; name: string }) {
  const { t } = useTranslation("reference");
  const [open, setOpen] = useState(false);
  return (
    <div className={classes.deeper}>
      <UnstyledButton className={classes.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
        <IconChevronRight size={15} aria-hidden />
        {t(open ? "fold" : "unfold")}
        <VisuallyHidden>: {name}</VisuallyHidden>
      </UnstyledButton>
      {open && (
        <div className={classes.nested}>
          <Fields schema={schema} asked={asked} />
        </div>
      )}
    </div>
  );
}
