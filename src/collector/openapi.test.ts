import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openapiFaults } from "../../test/support/openapi-laws.ts";
import { contract } from "./contract.ts";
import type { Download, Entry } from "./contract/asks.ts";
import { downloads } from "./contract/downloads.ts";
import { openapi } from "./openapi.ts";

interface Shape {
  properties?: Record<string, Shape>;
  required?: string[];
  format?: string;
}
interface Operation {
  operationId: string;
  summary: string;
  parameters: { name: string; in: string; required: boolean; schema: Shape }[];
  requestBody?: { required: boolean; content: Record<string, { schema: Shape }> };
  responses: Record<string, { content?: Record<string, { schema: Shape }> }>;
  security: object[];
}

const ENTRIES: [string, Entry | Download][] = [...Object.entries(contract), ...Object.entries(downloads)];
const document = openapi() as { openapi: string; paths: Record<string, Record<string, Operation>> };
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);
const byId = new Map(operations.map((one) => [one.operation.operationId, one]));
const copy = () => structuredClone(openapi()) as Record<string, any>; // oxlint-disable-line no-explicit-any

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1 with schemas of JSON Schema 2020-12", () => {
    expect(openapiFaults(document)).toEqual([]);
  });

  it("has every entry of the contract once, at its path, with its method", () => {
    expect(document.openapi).toBe("3.1.0");
    expect(operations.map(({ operation }) => operation.operationId).sort()).toEqual(
      ENTRIES.map(([name]) => name).sort(),
    );
    for (const [name, entry] of ENTRIES) {
      const { path, method, operation } = byId.get(name)!;
      expect([name, path, method]).toEqual([
        name,
        entry.path.replaceAll(/:(\w+)/g, "{$1}"),
        entry.method.toLowerCase(),
      ]);
      expect(operation.summary).toBe(entry.about);
    }
  });

  it.each(ENTRIES)(
    "%s: takes every field that is asked, each in one place, and needs what is needed",
    (name, entry) => {
      const { operation } = byId.get(name)!;
      const body = operation.requestBody?.content["application/json"]?.schema;
      const taken = [
        ...operation.parameters.map((one) => ({ field: one.name, needed: one.required })),
        ...Object.keys(body?.properties ?? {}).map((field) => ({ field, needed: body!.required!.includes(field) })),
      ];
      const fields = Object.entries(entry.ask.shape).map(([field, schema]) => ({
        field,
        needed: !(schema as z.ZodType).safeParse(undefined).success || entry.path.includes(`:${field}`),
      }));
      const sorted = (list: typeof taken) => list.toSorted((a, b) => (a.field < b.field ? -1 : 1));
      expect(sorted(taken)).toEqual(sorted(fields));
      if (entry.method === "GET" || entry.method === "DELETE") expect(operation.requestBody).toBeUndefined();
      else if (body) expect(operation.requestBody!.required).toBe((body.required ?? []).length > 0);
    },
  );

  it.each(ENTRIES)("%s: answers what the contract says, or a problem", (name, entry) => {
    const { responses } = byId.get(name)!.operation;
    expect(Object.keys(responses).sort()).toEqual(["200", "default"]);
    expect(Object.keys(responses["default"]!.content!)).toEqual(["application/problem+json"]);
    expect(responses["default"]!.content!["application/problem+json"]!.schema).toEqual({
      $ref: "#/components/schemas/Problem",
    });
    const [[media, { schema }]] = Object.entries(responses["200"]!.content!) as [[string, { schema: Shape }]];
    expect(media).toBe("reply" in entry ? "application/json" : entry.media);
    if (!("reply" in entry) || !(entry.reply instanceof z.ZodObject)) return;
    expect(Object.keys(schema.properties!)).toEqual(Object.keys(entry.reply.shape));
  });

  it("asks for a login wherever the contract does", () => {
    const open = operations.filter(({ operation }) => operation.security.length === 0);
    expect(open.map(({ operation }) => operation.operationId)).toEqual(["health", "login", "useLink"]);
  });

  it("says what times are", () => {
    const { parameters, responses } = byId.get("audit")!.operation;
    expect(parameters.find(({ name }) => name === "since")?.schema.format).toBe("date-time");
    expect(JSON.stringify(responses["200"])).toContain('"format":"date-time"');
  });
});

describe("the check of it", () => {
  const cases: [string, (document: ReturnType<typeof copy>) => void][] = [
    [
      "a reference to nothing",
      (one) => (at(one).responses.default.content["application/problem+json"].schema.$ref += "x"),
    ],
    ["a reference elsewhere", (one) => (one["components"].schemas.Problem = { $ref: "https://x.example/y" })],
    ["a path's parameter that is not declared", (one) => at(one).parameters.shift()],
    ["a parameter of the path that may be left out", (one) => (at(one).parameters[0].required = false)],
    ["a parameter twice", (one) => at(one).parameters.push(at(one).parameters[0])],
    ["an operation's name twice", (one) => (at(one).operationId = "cases")],
    ["paths that are the same", (one) => (one["paths"]["/api/cases/{other}"] = { get: at(one) })],
    ["no responses", (one) => (at(one).responses = {})],
    ["a response without words", (one) => delete at(one).responses["200"].description],
    ["a keyword of older schemas", (one) => (at(one).parameters[0].schema = { type: "number", nullable: true })],
    ["a type there is not", (one) => (at(one).parameters[0].schema = { type: "date" })],
    ["a pattern that does not compile", (one) => (at(one).parameters[0].schema = { pattern: "(" })],
    ["a bound of older schemas", (one) => (at(one).parameters[0].schema = { exclusiveMinimum: true })],
    ["a needed field that is not allowed", (one) => (body(one).required = ["nothing"])],
    ["a field of Swagger", (one) => (at(one).consumes = ["application/json"])],
    ["an unknown kind of security", (one) => (at(one).security = [{ basic: [] }])],
    ["an older version", (one) => (one["openapi"] = "3.0.3")],
  ];
  // oxlint-disable-next-line no-explicit-any
  const at = (one: Record<string, any>) => one["paths"]["/api/cases/{number}"].get;
  // oxlint-disable-next-line no-explicit-any
  const body = (one: Record<string, any>) =>
    one["paths"]["/api/login"].post.requestBody.content["application/json"].schema;

  it.each(cases)("finds %s", (_, spoil) => {
    const one = copy();
    spoil(one);
    expect(openapiFaults(one)).not.toEqual([]);
  });
});
