import { describe, expect, it } from "vitest";
import { contract } from "./contract.ts";
import { downloads } from "./contract/downloads.ts";
import { openapi } from "./openapi.ts";

interface Operation {
  operationId: string;
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: { required: string[]; properties: object } }> };
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
  security: object[];
}

const document = openapi() as { openapi: string; paths: Record<string, Record<string, Operation>> };
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

describe("the OpenAPI document", () => {
  it("has every entry of the contract once", () => {
    expect(document.openapi).toBe("3.1.0");
    const names = [...Object.keys(contract), ...Object.keys(downloads)];
    expect(operations.map(({ operation }) => operation.operationId).sort()).toEqual(names.sort());
  });

  it("declares the parameters of every path, and no body for questions", () => {
    for (const { path, method, operation } of operations) {
      const inPath = operation.parameters.filter((one) => one.in === "path").map(({ name }) => name);
      expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]));
      expect(operation.parameters.every((one) => one.in !== "path" || one.required)).toBe(true);
      if (method === "get") expect(operation.requestBody).toBeUndefined();
      const unnamed = new Set(operation.parameters.map((one) => `${one.in} ${one.name}`));
      expect(unnamed.size).toBe(operation.parameters.length);
    }
  });

  it("asks for a login wherever the contract does", () => {
    const open = operations.filter(({ operation }) => operation.security.length === 0);
    expect(open.map(({ operation }) => operation.operationId)).toEqual(["health", "login", "useLink"]);
  });

  it("is JSON whose references lead somewhere", () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"#\/([^"]*)"/g)].map((match) => match[1]!.split("/"));
    expect(references.length).toBeGreaterThan(0);
    for (const steps of references) {
      const found = steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document);
      expect(found).toBeDefined();
    }
    expect(text).toContain('"format":"date-time"');
  });
});
