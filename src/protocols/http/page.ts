/** The pages of a persona's web server: found by request target, filled with the device's values. */
import type { Asker, Device } from "../../printer/device.ts";
import type { Persona } from "../../printer/persona.ts";

export type Page = Persona["web"]["pages"][number];

const tables = new WeakMap<Persona, ReadonlyMap<string, Page>>();

/**
 * The page for a request target in origin or absolute form (RFC 9112 3.2): the one with this query string, else the one
 * with this path. `bad` when the target is no path at all.
 */
export function findPage(persona: Persona, target: string): Page | "missing" | "bad" {
  let table = tables.get(persona);
  if (!table) {
    table = new Map(persona.web.pages.flatMap((page) => [page.path, ...page.aliases].map((path) => [path, page])));
    tables.set(persona, table);
  }
  const path = /^https?:\/\/[^/?#]*(.*)$/is.exec(target)?.[1] ?? target;
  const origin = path === "" || path[0] === "?" ? `/${path}` : path;
  if (origin[0] !== "/") return "bad";
  return table.get(origin) ?? table.get(origin.split("?", 1)[0]!) ?? "missing";
}

/** Stands at both ends of a value while a page is filled. No value has it: control characters become blanks. */
const MARK = "\x01";

/**
 * A page as the asker sees it, in UTF-8. Values are made fit for HTML, as a visitor may have set them.
 * The parts alternate between the page's text and a value, as a server with page macros sends them.
 */
export function renderPage(device: Device, page: Page, asker: Asker): Buffer[] {
  const template = device.persona.files.get(page.file) ?? "";
  return device
    .fill(template, asker, (value) => MARK + escapeHtml(value) + MARK)
    .split(MARK)
    .map((part) => Buffer.from(part));
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as it may stand in HTML text and in quoted attributes; control characters become blanks. */
export function escapeHtml(text: string): string {
  return text.replace(/[\0-\x1f\x7f-\x9f]/g, " ").replace(/[&<>"']/g, (char) => ENTITIES[char]!);
}
