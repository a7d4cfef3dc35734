// Examples that could be sent as they stand: from the schema's own where it has one, else by kind and name.
import type { Json, Operation, Schema } from "./document";
import { type Schemas, shape } from "./shape";

/** Deeper than anything the API answers with. */
const DEEPEST = 6;

const BY_FORMAT: Record<string, Json> = {
  "date-time": "2026-11-21T14:05:00Z",
  email: "ada@example.org",
  password: "four words make one",
  uri: "https://example.org",
};

const BY_NAME: Record<string, Json> = {
  slug: "my-agent",
  name: "Ada",
  id: "…",
  model: "openai/gpt-5.4-mini",
  default_model: "openai/gpt-5.4-mini",
  language: "en",
  plan: "starter",
  day: "2026-11-21",
  token: "creel_…",
  request_id: "req_…",
};

export function example(schema: Schema, schemas: Schemas, onlyRequired = false, name = "", depth = 0): Json {
  const of = shape(schema, schemas);
  if (of.schema.example !== undefined) return of.schema.example;
  if (of.words?.[0] !== undefined) return of.words[0];
  const first = of.choices[0];
  if (depth > DEEPEST) return null;
  if (first) return example(first, schemas, onlyRequired, name, depth + 1);
  if (of.type === "array") return of.item ? [example(of.item, schemas, onlyRequired, "", depth + 1)] : [];
  if (of.type === "object") {
    const chosen = onlyRequired ? sent(of.fields) : of.fields;
    return Object.fromEntries(
      chosen.map((field) => [field.name, example(field.schema, schemas, onlyRequired, field.name, depth + 1)]),
    );
  }
  return scalar(of.type, of.schema, name);
}

/** What must be sent; where nothing must, the first, so that the example does something. */
function sent<F extends { required: boolean }>(fields: F[]): F[] {
  const must = fields.filter(({ required }) => required);
  return must.length > 0 ? must : fields.slice(0, 1);
}

function scalar(type: string, schema: Schema, name: string): Json {
  if (type === "integer" || type === "number") return schema.minimum ?? 1;
  if (type === "boolean") return true;
  if (type !== "string") return null;
  return BY_FORMAT[schema.format ?? ""] ?? BY_NAME[name] ?? "…";
}

export const pretty = (value: Json): string => JSON.stringify(value, null, 2);

/** Path variables as a shell takes them. */
const IN_PATH: Record<string, string> = { slug: "my-agent", name: "OPENAI_API_KEY" };

export function curl(operation: Operation, schemas: Schemas, origin: string): string {
  const path = operation.path.replace(/{(\w+)}/g, (_, name: string) => IN_PATH[name] ?? `$${name.toUpperCase()}`);
  const query = operation.parameters
    .filter((one) => one.in === "query" && one.required)
    .map((one) => `${one.name}=${String(example(one.schema ?? {}, schemas, true, one.name))}`);
  const url = `${origin}${path}${query.length > 0 ? `?${query.join("&")}` : ""}`;
  const streams = operation.answers.some(({ media }) => media[0] === "text/event-stream");
  const verb = operation.method === "GET" ? "" : `-X ${operation.method} `;
  const lines = [`curl ${streams ? "-N " : ""}${verb}${/[&$?]/.test(url) ? `"${url}"` : url}`];
  if (!operation.principals.includes("nobody")) lines.push('-H "Authorization: Bearer $CREEL_TOKEN"');
  if (operation.body) lines.push('-H "Content-Type: application/json"', `-d ${quoted(operation.body, schemas)}`);
  return lines.join(" \\\n  ");
}

function quoted(body: Schema, schemas: Schemas): string {
  return `'${pretty(example(body, schemas, true)).replaceAll("'", "'\\''")}'`;
}
