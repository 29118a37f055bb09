/** What was read of a job, as lines for the terminal. */
import { visible } from "../event/bytes-text.ts";
import type { ReadingView } from "../collector/contract.ts";
import { bold, dim, table } from "./terminal.ts";

/** What is told, whether it was stored or just read. */
export type Dossier = Pick<
  ReadingView,
  "outcome" | "sections" | "claims" | "pages" | "words" | "summary" | "names" | "ms"
> & {
  kind: Pick<ReadingView["kind"], "is" | "rule" | "words">;
  indicators: readonly (Pick<ReadingView["indicators"][number], "kind" | "shown" | "page" | "in"> & {
    jobs?: number;
  })[];
};

const WORDS = { lines: 60, width: 160 };
const CLAIMED = { 2: "claimed by a print system", 1: "claimed by the document" } as const;

export function dossierLines(job: Dossier): string[] {
  const { kind, summary, outcome } = job;
  const why = kind.words.length > 0 ? `: ${kind.words.map((word) => `"${visible(word)}"`).join(", ")}` : "";
  const facts = [
    ["kind", `${kind.is}${kind.rule === null ? "" : ` (${kind.rule})`}${why}`],
    ["title", summary.title ? `${line(summary.title.text)} ${dim(summary.title.from)}` : dim("no title")],
    ["drawn", drawn(job)],
    ["words", `${summary.words}${summary.spoken === null ? "" : `, mostly ${summary.spoken}`}`],
    ...(job.names === null ? [] : [["names us", line(job.names)]]),
    ...(summary.left.length > 0 ? [["left out", line(summary.left.join("; "))]] : []),
  ];
  return [
    ...table(facts).map(indented),
    ...part(
      "Languages",
      job.sections.map(({ name, more, at, because }) => [`${at[0]}-${at[1]}`, name, line(more), dim(line(because))]),
    ),
    ...part(
      "Who sent it, by its own words",
      job.claims.map(({ what, value, from, strength }) => [
        what,
        line(value),
        dim(`${line(from)}, ${CLAIMED[strength]}`),
      ]),
    ),
    ...part(
      "Indicators",
      job.indicators.map(({ kind, shown, page, in: where, jobs }) => [
        kind,
        line(shown),
        dim(page === 0 ? "in the stream" : `page ${page}${where === "qr" ? ", QR code" : ""}`),
        jobs === undefined || jobs < 2 ? "" : `${jobs} jobs`,
      ]),
    ),
    ...wordsLines(job),
  ].concat(outcome.status === "ok" ? [] : ["", `${bold(outcome.status)}: ${line(outcome.why)}`]);
}

function drawn({ pages, ms }: Dossier): string {
  if (pages.length === 0) return "no page";
  const { widthMm, heightMm, by } = pages[0]!;
  const count = pages.length === 1 ? "1 page" : `${pages.length} pages`;
  return `${count}, ${Math.round(widthMm)} × ${Math.round(heightMm)} mm, by ${line(by)} in ${(ms / 1000).toFixed(1)} s`;
}

const FROM = {
  stream: "",
  glyphs: " (the stream names pictures of letters)",
  none: " (no text in the stream)",
} as const;

function wordsLines({ words }: Dossier): string[] {
  return words.flatMap(({ page, text, from }) => {
    const lines = text.split("\n").filter((one) => one.trim() !== "");
    const shown = lines.slice(0, WORDS.lines).map((one) => indented(line(one)));
    const left = lines.length > WORDS.lines ? [dim(`  … ${lines.length - WORDS.lines} more lines`)] : [];
    return ["", bold(`Page ${page}`) + dim(FROM[from]), ...shown, ...left];
  });
}

function part(title: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ["", bold(title), ...table(rows).map(indented)];
}

const indented = (text: string) => `  ${text}`;
const line = (text: string) => visible(text).slice(0, WORDS.width);
