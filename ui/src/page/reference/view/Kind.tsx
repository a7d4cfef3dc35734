// What a value is, in a word or two, and between which limits it must be.
import { Code } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { whole } from "~/format/number";
import type { Schema } from "../read/document";
import { type Schemas, shape } from "../read/shape";
import classes from "./Kind.module.css";
import { useSchemas } from "./schemas";

/** Kinds that JSON has, and what we call the rest. */
const KINDS = ["string", "integer", "number", "boolean", "object", "array", "any"] as const;
type Word = (typeof KINDS)[number];
const known = (type: string): Word => KINDS.find((word) => word === type) ?? "any";

/** Formats that tell a person something; the rest is for machines. */
const FORMATS = ["date-time", "email", "password", "uri"] as const;

export function Kind({ schema }: { schema: Schema }) {
  const name = useKind();
  return <span className={classes.kind}>{name(schema)}</span>;
}

function useKind() {
  const { t } = useTranslation("reference");
  const schemas = useSchemas();
  return (schema: Schema): string => say(schema, schemas);

  function say(schema: Schema, all: Schemas, depth = 0): string {
    const of = shape(schema, all);
    const words = depth > 4 ? "…" : base(schema, all, depth);
    return of.nullable && depth === 0 ? t("kind.nullable", { kind: words }) : words;
  }

  function base(schema: Schema, all: Schemas, depth: number): string {
    const of = shape(schema, all);
    if (of.choices.length > 0) return t("kind.choice");
    if (of.type === "array") return of.item ? t("kind.list", { kind: say(of.item, all, depth + 1) }) : t("kind.array");
    if (of.type === "object" && of.rest) return t("kind.map", { kind: say(of.rest, all, depth + 1) });
    const format = FORMATS.find((one) => one === of.schema.format);
    return format ? t(`format.${format}`) : t(`kind.${known(of.type)}`);
  }
}

export function Limits({ schema }: { schema: Schema }) {
  const { t } = useTranslation("reference");
  const schemas = useSchemas();
  const of = shape(schema, schemas);
  const { minLength, maxLength, minimum, maximum, minItems, maxItems, pattern } = of.schema;
  const between = (kind: "chars" | "value" | "items", from?: number, to?: number) => {
    if (from !== undefined && to !== undefined) return t(`limit.${kind}.both`, { from: whole(from), to: whole(to) });
    if (to !== undefined) return t(`limit.${kind}.to`, { to: whole(to) });
    return from !== undefined && t(`limit.${kind}.from`, { from: whole(from) });
  };
  const limits = [
    between("chars", minLength, maxLength),
    between("value", minimum, maximum),
    between("items", minItems, maxItems),
  ].filter((words) => words !== false);
  const fallback = of.schema.default;
  if (limits.length === 0 && !pattern && !of.words && fallback === undefined) return null;
  return (
    <p className={classes.limits}>
      {limits.map((words) => (
        <span key={words}>{words}</span>
      ))}
      {pattern && (
        <span>
          {t("limit.pattern")} <Code>{pattern}</Code>
        </span>
      )}
      {fallback !== undefined && fallback !== null && (
        <span>
          {t("limit.default")} <Code>{String(fallback)}</Code>
        </span>
      )}
      {of.words && (
        <span className={classes.words}>
          {t("limit.one_of")}
          {of.words.map((word) => (
            <Code key={String(word)}>{String(word)}</Code>
          ))}
        </span>
      )}
    </p>
  );
}
