import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { read, type Schema, search } from "./document";
import { curl, example } from "./example";
import { inside, shape } from "./shape";

const document = JSON.parse(readFileSync(new URL("../../../../../docs/openapi.json", import.meta.url), "utf8"));
const reference = read(document);
const all = reference.groups.flatMap(({ operations }) => operations);
const find = (id: string) => {
  const found = all.find((one) => one.id === id);
  if (!found) throw new Error(`no operation ${id}`);
  return found;
};

describe("our own document", () => {
  test("every operation is read, with a name of its own and a rule", () => {
    const methods = Object.values(document.paths).flatMap((item) => Object.keys(item as object));
    expect(all.length).toBe(methods.length);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.filter(({ principals }) => principals.length === 0)).toEqual([]);
  });

  test("an example can be made of everything", () => {
    for (const one of all) {
      expect(curl(one, reference.schemas, "https://creel.example")).toContain(
        one.method === "GET" ? "curl" : one.method,
      );
      for (const { schema } of one.answers) if (schema) example(schema, reference.schemas);
    }
  });

  test("a body holds what must be sent", () => {
    const text = curl(find("log_in"), reference.schemas, "https://creel.example");
    expect(text).toContain('"email": "ada@example.org"');
    expect(text).not.toContain("Authorization");
  });
});

const schemas: Record<string, Schema> = {
  Base: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
  More: {
    allOf: [{ $ref: "#/components/schemas/Base" }, { properties: { id: { type: "string" } }, required: ["id"] }],
  },
  Loop: { type: "object", properties: { next: { $ref: "#/components/schemas/Loop" } } },
  Ring: { $ref: "#/components/schemas/Ring" },
};
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

describe("schemas", () => {
  test("allOf is one object", () =>
    expect(shape(ref("More"), schemas).fields.map(({ name, required }) => [name, required])).toEqual([
      ["name", true],
      ["id", true],
    ]));

  test.each([{ oneOf: [ref("Base"), { type: "null" }] }, { anyOf: [{ type: "null" }, ref("Base")] }])(
    "one choice or null is that choice, perhaps null",
    (given) => {
      const of = shape(given, schemas);
      expect([of.type, of.nullable, of.fields.length]).toEqual(["object", true, 1]);
    },
  );

  test("null in a list of types is nullable", () => {
    const of = shape({ type: ["string", "null"], enum: ["a", null] }, schemas);
    expect([of.type, of.nullable, of.words]).toEqual(["string", true, ["a"]]);
  });

  test("what a list holds can be opened", () => {
    const list = shape({ type: "array", items: { type: "array", items: ref("Base") } }, schemas);
    expect(inside(list, schemas)).toEqual(ref("Base"));
    expect(inside(shape({ type: "array", items: { type: "string" } }, schemas), schemas)).toBeUndefined();
  });

  test("circles end", () => {
    expect(shape(ref("Ring"), schemas).type).toBe("any");
    expect(JSON.stringify(example(ref("Loop"), schemas)).length).toBeLessThan(200);
    expect(shape(ref("Gone"), schemas).type).toBe("any");
  });
});

test("a search needs every word", () => {
  const found = search(reference.groups, "delete secret").flatMap(({ operations }) => operations);
  expect(found.map(({ id }) => id)).toContain("delete_secret");
  expect(search(reference.groups, "no such thing")).toEqual([]);
});

test.each([undefined, null, {}, { paths: { "/x": { get: {} } } }, { paths: { "/x": {} } }])(
  "%j is no reason to throw",
  (given) => expect(() => read(given)).not.toThrow(),
);
