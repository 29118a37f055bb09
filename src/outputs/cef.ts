/** A message in ArcSight's Common Event Format, version 0: a header of fields between bars, then names and values. */
import type { Message } from "./message.ts";

/** In the header a bar ends a field; in a value an equals sign begins one. Line ends are not there any more. */
const header = (text: string) => text.replace(/[\\|]/g, "\\$&").replace(/[\r\n]/g, " ");
const value = (text: string) => text.replace(/[\\=]/g, "\\$&").replace(/[\r\n]/g, " ");

const SEVERITY = { grave: 9, harm: 7, note: 2 };

/** Fields of our data by the names that CEF has for them. */
const NAMES: Record<string, string> = { source: "src", first: "start", last: "end", sessions: "cnt", intent: "cat" };
const CUSTOM = ["case", "level", "signature", "jobs", "alerts", "link"];

export function cef(message: Message, fields: readonly (readonly [string, string])[], version: string): string {
  const { kind, title, urgency, id } = message;
  const found = new Map(fields);
  const head = ["CEF:0", "Inktrap", "Inktrap", version, found.get("intent") ?? kind, title, String(SEVERITY[urgency])];
  const known = fields.flatMap(([name, text]) => {
    const standard = NAMES[name];
    if (standard === undefined) return [];
    const isTime = standard === "start" || standard === "end";
    return [`${standard}=${isTime ? Date.parse(text) : value(text)}`];
  });
  const custom = CUSTOM.filter((name) => found.has(name)).map(
    (name, i) => `cs${i + 1}Label=${name} cs${i + 1}=${value(found.get(name)!)}`,
  );
  const all = [`externalId=${value(id)}`, ...known, ...custom, `msg=${value(message.lines.join(" "))}`];
  return `${head.map((part, i) => (i === 0 ? part : header(part))).join("|")}|${all.join(" ")}`;
}
