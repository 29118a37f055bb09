/** Rows of readings. Pure. */
import { toByteText } from "../event/bytes-text.ts";
import type { NewReading } from "./store.ts";
import type { IndicatorTable, ReadingLookTable, ReadingTable } from "./tables.ts";

export interface ReadingRows {
  reading: ReadingTable[];
  reading_look: ReadingLookTable[];
  indicator: IndicatorTable[];
}

/** Characters that are searched. */
const TEXT = 16_384;
/** Languages that stand around others. */
const WRAPPERS = new Set(["pjl"]);

export function readingRows(readings: readonly NewReading[]): ReadingRows {
  return {
    reading: readings.map(readingRow),
    reading_look: readings.flatMap(({ reading }) =>
      reading.looks.flatMap(({ page, look }) => (look === null ? [] : [{ sha256: reading.sha256, page, look }])),
    ),
    indicator: readings.flatMap(({ reading }) => indicatorRows(reading)),
  };
}

function readingRow({ reading, at, family }: NewReading): ReadingTable {
  const { sha256, version, outcome, sections, pages, words, summary } = reading;
  const main = sections.find(({ language }) => !WRAPPERS.has(language)) ?? sections[0];
  return {
    sha256,
    version,
    at,
    status: outcome.status,
    why: outcome.why,
    language: main?.language ?? "binary",
    pages: pages.length,
    words: summary.words,
    spoken: summary.spoken,
    simhash: summary.simhash,
    title: summary.title && byteText(summary.title.text),
    title_claimed: summary.title?.from === "claimed",
    width_mm: pages[0]?.widthMm ?? null,
    height_mm: pages[0]?.heightMm ?? null,
    family,
    text: byteText(words.map(({ text }) => text).join("\n")).slice(0, TEXT),
    body: JSON.stringify(reading),
  };
}

function indicatorRows({ sha256, indicators }: NewReading["reading"]): IndicatorTable[] {
  const rows = new Map<string, IndicatorTable>();
  for (const { kind, value, in: where } of indicators) {
    const key = `${kind}\n${value}`;
    const qr = where === "qr" || rows.get(key)?.qr === true;
    rows.set(key, { sha256, kind, value: byteText(value), qr });
  }
  return [...rows.values()];
}

const byteText = (text: string) => toByteText(Buffer.from(text));
