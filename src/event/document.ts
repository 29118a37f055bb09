/** The catalogue as a document: docs/events.md. And the fields of any zod schema as a table. */
import { z } from "zod";
import { catalogue, EVENT_TYPES, type EventType } from "./catalogue.ts";

/** What z.toJSONSchema gives of the schemas used here. */
interface Shape {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  anyOf?: Shape[];
  properties?: Record<string, Shape>;
  required?: string[];
  items?: Shape;
  prefixItems?: Shape[];
  additionalProperties?: Shape | boolean;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  maxItems?: number;
}

/** The fields of an object schema as a Markdown table, those of inner objects as `outer.inner`. */
export function fieldTable(schema: z.ZodType): string {
  const rows = fieldRows(z.toJSONSchema(schema, { io: "input" }) as Shape, "");
  if (rows.length === 0) return "No fields.";
  return ["| field | type | about |", "|---|---|---|", ...rows].join("\n");
}

function fieldRows(shape: Shape, before: string): string[] {
  return Object.entries(shape.properties ?? {}).flatMap(([name, field]) => {
    const path = `${before}${name}`;
    const inner = field.properties ? fieldRows(field, `${path}.`) : fieldRows(field.items ?? {}, `${path}[].`);
    const needed = shape.required?.includes(name) ?? false;
    return [`| \`${path}\` | ${typeOf(field)} | ${aboutOf(field, needed)} |`].concat(inner);
  });
}

function typeOf(shape: Shape): string {
  if (shape.enum) return shape.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (shape.anyOf) return shape.anyOf.map(typeOf).join(" or ");
  if (shape.prefixItems) return `[${shape.prefixItems.map((item) => typeOf({ type: item.type ?? "" })).join(", ")}]`;
  if (shape.type === "array") {
    const of = shape.items?.properties ? "" : ` of ${typeOf(shape.items ?? {})}`;
    return `list${of}${most(shape.maxItems, "")}`;
  }
  if (shape.type === "string") return `text${most(shape.maxLength, " characters")}`;
  if (shape.type === "integer") return `whole number${bounds(shape)}`;
  if (shape.type === "boolean") return "true or false";
  if (shape.type === "object" && typeof shape.additionalProperties === "object") {
    return `${typeOf(shape.additionalProperties)} by name`;
  }
  return shape.type ?? "anything";
}

const most = (count: number | undefined, unit: string) => (count === undefined ? "" : `, at most ${count}${unit}`);

function bounds({ minimum, maximum }: Shape): string {
  if (maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER) return ` from ${minimum ?? "any"} to ${maximum}`;
  return minimum !== undefined && minimum > 0 ? ` from ${minimum}` : "";
}

function aboutOf(shape: Shape, needed: boolean): string {
  const plain = typeof shape.default === "object" ? undefined : shape.default;
  const standard = plain === undefined ? "" : `default \`${String(plain)}\``;
  const optional = needed || plain !== undefined || shape.properties ? "" : "optional";
  const about = shape.description?.replace(/[<|]/g, "\\$&");
  return [about, standard, optional].filter((part) => part).join("; ");
}

/** docs/events.md. `examples`: a payload per type, where there is one. */
export function eventsDocument(examples: Partial<Record<EventType, object>>): string {
  const sections = EVENT_TYPES.map((type) => {
    const fields = Object.entries(examples[type] ?? {}).map(([name, value]) => `  "${name}": ${JSON.stringify(value)}`);
    const shown = fields.length > 0 ? `\n\n\`\`\`json\n{\n${fields.join(",\n")}\n}\n\`\`\`` : "";
    return `## ${type}\n\n${catalogue[type].about}\n\n${fieldTable(catalogue[type].data)}${shown}`;
  });
  return `${HEAD}\n\n${sections.join("\n\n")}\n`;
}

const HEAD = `# Events

Made from \`src/event/catalogue.ts\` by \`npm run docs\`. Do not edit.

An event is one thing that happened. It has a \`type\`, the payload of that type in \`data\`, and:

| field | what it is |
|---|---|
| \`sensor\`, \`epoch\`, \`seq\` | its identity: the sensor, how often that had started, and a number counted from that start |
| \`time\` | when, by the sensor's clock: milliseconds since 1970 in the log and the store, ISO 8601 in UTC in \`--json\` |
| \`origin\` | who came and where: \`sensor\`, \`device\`, \`persona\`, \`service\`, \`session\`, \`transport\`, \`source\`, \`target\`; absent on events about the sensor itself |

\`origin\` is stamped by the session when the connection is accepted. Nothing a visitor sends can reach it.
\`origin.source.verified\` is true when the address completed a handshake, so that it was not forged.
\`origin.source.via\` is the upstream that said in a PROXY header who the visitor is.

*Byte text* is what a visitor sent, one character for each byte (U+0000 to U+00FF, ISO 8859-1). It is hostile: escape it
at every exit. \`at\` is a range of bytes: the first, and the one past the last, counted from the visitor's first byte of
the session.`;
