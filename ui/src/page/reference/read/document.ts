// The parts of an OpenAPI 3.1 document that the reference shows. The document is our own, but it is read as if it were not: what is missing is
// left out, nothing throws.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: Json[];
  const?: Json;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  default?: Json;
  example?: Json;
}

interface Content {
  schema?: Schema;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header" | "cookie";
  required?: boolean;
  description?: string;
  schema?: Schema;
}

interface Raw {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: { description?: string; required?: boolean; content?: Record<string, Content> };
  responses?: Record<string, { description?: string; content?: Record<string, Content> }>;
  "x-authz"?: { principals?: string[]; permission?: string | null; audit?: string | null };
}

export interface Answer {
  status: string;
  description: string;
  media: string[];
  schema?: Schema;
}

export interface Operation {
  id: string;
  method: string;
  path: string;
  tag: string;
  summary: string;
  description: string;
  parameters: Parameter[];
  body?: Schema;
  answers: Answer[];
  principals: string[];
  permission?: string;
  audit?: string;
}

export interface Group {
  tag: string;
  operations: Operation[];
}

export interface Reference {
  version: string;
  groups: Group[];
  schemas: Record<string, Schema>;
}

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

interface Document {
  info?: { version?: string };
  paths?: Record<string, Partial<Record<(typeof METHODS)[number], Raw>>>;
  components?: { schemas?: Record<string, Schema> };
}

export function read(document: unknown): Reference {
  const { info, paths = {}, components } = (document ?? {}) as Document;
  const all = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const raw = item[method];
      return raw ? [operation(method, path, raw)] : [];
    }),
  );
  return { version: info?.version ?? "", groups: grouped(all), schemas: components?.schemas ?? {} };
}

function operation(method: string, path: string, raw: Raw): Operation {
  const authz = raw["x-authz"];
  return {
    id: raw.operationId ?? `${method}_${path}`.replace(/\W+/g, "_"),
    method: method.toUpperCase(),
    path,
    tag: raw.tags?.[0] ?? "other",
    summary: raw.summary ?? "",
    description: raw.description ?? "",
    parameters: raw.parameters ?? [],
    body: Object.values(raw.requestBody?.content ?? {})[0]?.schema,
    answers: Object.entries(raw.responses ?? {}).map(([status, { description = "", content = {} }]) => ({
      status,
      description,
      media: Object.keys(content),
      schema: Object.values(content)[0]?.schema,
    })),
    principals: authz?.principals ?? [],
    permission: authz?.permission ?? undefined,
    audit: authz?.audit ?? undefined,
  };
}

function grouped(operations: Operation[]): Group[] {
  const tags = [...new Set(operations.map(({ tag }) => tag))].sort();
  return tags.map((tag) => ({ tag, operations: operations.filter((one) => one.tag === tag) }));
}

/** Those that hold every word of the question, wherever it stands. */
export function search(groups: Group[], question: string): Group[] {
  const words = question.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return groups;
  const holds = ({ method, path, summary, id, tag }: Operation) => {
    const text = `${method} ${path} ${summary} ${id} ${tag}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return groups
    .map(({ tag, operations }) => ({ tag, operations: operations.filter(holds) }))
    .filter(({ operations }) => operations.length > 0);
}
