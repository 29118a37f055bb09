/** The contract as an OpenAPI 3.1 document. */
import { z } from "zod";
import { VERSION } from "../util/package.ts";
import { contract } from "./contract.ts";
import { downloads } from "./contract/downloads.ts";
import type { Download, Entry } from "./contract/asks.ts";
import { scopeOf } from "./roles.ts";

interface Shape {
  properties?: Record<string, Record<string, unknown>>;
  required?: string[];
  [key: string]: unknown;
}

let made: Record<string, unknown> | undefined;

export function openapi(): Record<string, unknown> {
  made ??= make();
  return made;
}

function make(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  const all: [string, Entry | Download][] = [...Object.entries(contract), ...Object.entries(downloads)];
  for (const [name, entry] of all) {
    const path = entry.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [entry.method.toLowerCase()]: operation(name, entry) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Inktrap",
      version: VERSION,
      description:
        "What can be asked of a collector. Text that came from a visitor is byte text: one character for each byte, U+0000 to U+00FF. It is hostile: escape it at every exit.",
      license: { name: "AGPL-3.0-or-later", identifier: "AGPL-3.0-or-later" },
    },
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer" },
        cookie: { type: "apiKey", in: "cookie", name: "inktrap" },
      },
      schemas: { Problem: PROBLEM },
    },
    paths,
  };
}

function operation(name: string, entry: Entry | Download): Record<string, unknown> {
  const ask = schemaOf(entry.ask, "input");
  const inPath = [...entry.path.matchAll(/:(\w+)/g)].map((match) => match[1]!);
  const fields = Object.entries(ask.properties ?? {});
  const needed = new Set(ask.required ?? []);
  const asBody = entry.method === "POST" || entry.method === "PATCH";
  const inQuery = asBody ? [] : fields.filter(([field]) => !inPath.includes(field));
  const parameters = [
    ...inPath.map((field) => ({ name: field, in: "path", required: true, schema: ask.properties?.[field] ?? {} })),
    ...inQuery.map(([field, schema]) => ({ name: field, in: "query", required: needed.has(field), schema })),
  ];
  const rest = fields.filter(([field]) => !inPath.includes(field));
  const body = {
    required: rest.some(([field]) => needed.has(field)),
    content: {
      "application/json": {
        schema: {
          type: "object",
          properties: Object.fromEntries(rest),
          required: [...needed].filter((field) => !inPath.includes(field)),
          additionalProperties: false,
        },
      },
    },
  };
  const content =
    "reply" in entry
      ? { "application/json": { schema: schemaOf(entry.reply, "output") } }
      : { [entry.media]: { schema: { type: "string" } } };
  const who =
    entry.role === "public" ? "No login is needed." : `Role ${entry.role}, or a token with ${scopeOf(entry)}.`;
  return {
    operationId: name,
    summary: entry.about,
    description: who,
    parameters,
    ...(asBody && rest.length > 0 ? { requestBody: body } : {}),
    security: entry.role === "public" ? [] : [{ cookie: [] }, { token: [] }],
    responses: {
      "200": { description: "The answer.", content },
      default: {
        description: "A problem, as RFC 9457 says.",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
  };
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Shape {
  const made = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === "date") Object.assign(jsonSchema, { type: "string", format: "date-time" });
    },
  }) as Shape;
  delete made["$schema"];
  return made;
}

const PROBLEM = {
  type: "object",
  properties: {
    status: { type: "integer" },
    title: { type: "string" },
    detail: { type: "string" },
    instance: { type: "string", description: "names the request in the log" },
  },
  required: ["status", "title", "detail"],
};
