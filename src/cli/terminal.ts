/** How things are written for people: plain text that survives a pipe, colour only on a terminal. */
import { visibleByteText } from "../event/bytes-text.ts";

const colours = process.stdout.isTTY === true && !process.env["NO_COLOR"];
const paint = (code: number) => (text: string) => (colours ? `\u001B[${code}m${text}\u001B[0m` : text);
export const bold = paint(1);
export const dim = paint(2);
export const mark = paint(33);
export const alarm = paint(35);

/** Columns to fill; without a terminal lines are as long as they are. */
export const width = () => (process.stdout.isTTY ? process.stdout.columns : undefined) ?? 200;

export function print(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** Rows as aligned columns. Columns named in `right` are set flush right; the last column is not padded. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, c) => Math.max(...rows.map((row) => (row[c] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, c) =>
        right.includes(c) ? cell.padStart(widths[c]!) : c === columns - 1 ? cell : cell.padEnd(widths[c]!),
      )
      .join("  ")
      .trimEnd(),
  );
}

const ZONE = new Intl.DateTimeFormat("en-GB", { timeZoneName: "short" });
const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "2-digit", month: "short" });
const CLOCK = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hour12: false,
});

/** Name of the local zone at a time, such as `CET`. */
export function zone(iso: string): string {
  return ZONE.formatToParts(new Date(iso)).find((part) => part.type === "timeZoneName")?.value ?? "UTC";
}

/** `Mon 16 Nov`, local. */
export function day(iso: string): string {
  return DAY.format(new Date(iso)).replace(",", "");
}

/** `09:11:18`, local. */
export function clock(iso: string): string {
  return CLOCK.format(new Date(iso));
}

/** `Mon 16 Nov 09:11`, local. */
export function when(iso: string): string {
  return `${day(iso)} ${clock(iso).slice(0, 5)}`;
}

/** `48.2 kB`: decimal units, one digit after the point above a kilobyte. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = -1;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${String(count).replace(/\B(?=(\d{3})+$)/g, " ")} ${count === 1 ? one : many}`;
}

/** A visitor's byte text on one line, made safe, cut to `max` characters with what was left out. */
export function oneLine(byteText: string, max: number): string {
  const safe = visibleByteText(byteText);
  if (safe.length <= max) return safe;
  return `${safe.slice(0, Math.max(0, max - 1))}…`;
}
