/** Rows as CSV (RFC 4180) that a spreadsheet takes as text, whatever a visitor wrote into it. */
import { visibleByteText } from "../event/bytes-text.ts";

export type Cell = string | number | boolean | null | undefined;

/** What spreadsheets take for the beginning of a formula. */
const FORMULA = /^[\s\uFEFF]*[=+\-@\uFF0B\uFF0D\uFF1D\uFF20]|^[\t\r\n]/;

/** Numbers as they are; texts with control characters made visible, quoted, and with ' before what looks like a formula. */
export function csvCell(cell: Cell): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell !== "string") return String(cell);
  const defused = FORMULA.test(cell) ? `'${cell}` : cell;
  return `"${defused.replaceAll('"', '""')}"`;
}

export const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(",")}\r\n`;

/** Byte text as a cell: control characters by name, so that a row stays a row. A formula is seen before that. */
export function byteCell(text: string | null): string | null {
  if (text === null) return null;
  return FORMULA.test(text) ? `'${visibleByteText(text)}` : visibleByteText(text);
}
