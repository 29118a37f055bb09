/** What is told of a job that was read: the `job.read` that rules judge, made from its reading and the event before it. */
import { toByteText } from "../event/bytes-text.ts";
import { LIMITS, type Payload } from "../event/catalogue.ts";
import type { Claim, Reading } from "./reading.ts";

/** Claims by which a driver, a print system or an office program names itself, its user or its document. */
const OF_DRIVERS: ReadonlySet<Claim["what"]> = new Set(["application", "driver", "host", "job", "system", "user"]);

/**
 * `claims`: those of the body and of the PJL around this job. `models`: names of our own printers, looked for on the
 * pages. Where no page has words, the first bytes of the job stand for them.
 */
export function toldOf(
  captured: Payload<"job.captured">,
  reading: Reading,
  claims: readonly Claim[],
  models: readonly string[],
): Payload<"job.read"> {
  const { job, kind, sha256, bytes, at } = captured;
  const { outcome, sections, pages, words, indicators, summary } = reading;
  const drawn = words.map(({ text }) => text).join("\n");
  const text = drawn.trim() === "" && outcome.status !== "ok" ? captured.head : byteText(drawn, LIMITS.text);
  const lower = drawn.toLowerCase();
  const named = models.find((model) => lower.includes(model.toLowerCase()));
  return {
    job,
    kind,
    sha256,
    bytes,
    status: outcome.status,
    why: outcome.why,
    languages: sections.map(({ language }) => language).slice(0, 32),
    pages: pages.length,
    words: summary.words,
    text,
    driver: claims.some(({ what, strength }) => OF_DRIVERS.has(what) && (strength === 2 || what !== "job")),
    leads: indicators.slice(0, LIMITS.leads).map((one) => byteText(`${one.kind} ${one.value}`, LIMITS.line)),
    at,
    ...(summary.spoken !== null && { spoken: summary.spoken }),
    ...(summary.title !== null && { title: byteText(summary.title.text, LIMITS.line) }),
    ...(named !== undefined && { names: named }),
  };
}

/** Where the first of the words stands in the visitor's bytes, if it does among the first bytes of the job. */
export function spotOf({ head, at }: Payload<"job.captured">, words: readonly string[]): [number, number] | undefined {
  for (const word of words) {
    const index = head.indexOf(word);
    if (index >= 0) return [at[0] + index, at[0] + index + word.length];
  }
  return undefined;
}

const byteText = (text: string, most: number) => toByteText(Buffer.from(text)).slice(0, most);
