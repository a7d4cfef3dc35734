// A schema as people read it: references followed, `allOf` joined, "or null" said as one word.
import type { Json, Schema } from "./document";

export type Schemas = Record<string, Schema>;

export interface Field {
  name: string;
  required: boolean;
  schema: Schema;
}

export interface Shape {
  /** `string`, `object`, `array` …; what the JSON is. */
  type: string;
  /** Of the schema it was named by, for people. */
  name?: string;
  nullable: boolean;
  description?: string;
  words?: Json[];
  fields: Field[];
  item?: Schema;
  /** Of a map from any name. */
  rest?: Schema;
  choices: Schema[];
  /** The schema with its limits, references followed. */
  schema: Schema;
}

/** References that lead in a circle end here. */
const DEEPEST = 16;

export function follow(schema: Schema, schemas: Schemas, depth = 0): Schema {
  if (schema.$ref === undefined || depth > DEEPEST) return schema;
  const target = schemas[nameOf(schema.$ref)];
  if (!target) return { ...schema, $ref: undefined };
  // What stands beside a reference is nearer to the place than what it leads to.
  const { $ref: _, ...beside } = schema;
  return follow({ ...target, ...beside }, schemas, depth + 1);
}

const nameOf = (reference: string) => reference.split("/").at(-1) ?? "";

export function shape(given: Schema, schemas: Schemas, depth = 0): Shape {
  const schema = joined(follow(given, schemas), schemas, depth);
  const name = given.$ref === undefined ? undefined : nameOf(given.$ref);
  const choices = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  const real = choices.filter(({ type }) => type !== "null");
  const only = real[0];
  if (only && real.length === 1 && depth < DEEPEST) {
    const inner = shape(only, schemas, depth + 1);
    const nullable = inner.nullable || choices.length > 1;
    return { ...inner, nullable, description: schema.description ?? inner.description };
  }
  const types = [schema.type ?? []].flat();
  const type = types.find((word) => word !== "null") ?? guessed(schema);
  return {
    type,
    name,
    nullable: types.includes("null") || choices.length > real.length,
    description: schema.description,
    words: schema.enum?.filter((word) => word !== null) ?? (schema.const === undefined ? undefined : [schema.const]),
    fields: fields(schema),
    item: schema.items,
    rest: typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined,
    choices: real,
    schema,
  };
}

/** The parts of an `allOf` laid over one another. */
function joined(schema: Schema, schemas: Schemas, depth: number): Schema {
  if (!schema.allOf || depth > DEEPEST) return schema;
  const parts = schema.allOf.map((part) => joined(follow(part, schemas), schemas, depth + 1));
  const { allOf: _, ...own } = schema;
  const all = [...parts, own];
  return Object.assign({}, ...all, {
    properties: Object.assign({}, ...all.map(({ properties }) => properties)),
    required: all.flatMap(({ required }) => required ?? []),
  });
}

function guessed(schema: Schema): string {
  if (schema.properties && Object.keys(schema.properties).length > 0) return "object";
  return schema.items ? "array" : "any";
}

function fields(schema: Schema): Field[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {})
    .map(([name, inner]) => ({ name, required: required.has(name), schema: inner }))
    .sort((a, b) => Number(b.required) - Number(a.required));
}

/** What can be opened below a field: its own fields, or those of what it lists. */
export function inside(of: Shape, schemas: Schemas): Schema | undefined {
  if (of.fields.length > 0 || of.choices.length > 0) return of.schema;
  const below = of.item ?? of.rest;
  if (!below) return undefined;
  const inner = shape(below, schemas);
  return inner.fields.length > 0 || inner.choices.length > 0 ? below : inside(inner, schemas);
}
