/** The time a page is about. It is in the URL: `range=24h`, or `since` and `until` where a person chose both. */
import { place } from "./router.svelte.ts";
import { moment } from "./words.ts";

const HOUR = 3_600_000;
export const RANGES = [
  { value: "24h", word: "24 h", said: "the last 24 hours", ms: 24 * HOUR },
  { value: "7d", word: "7 days", said: "7 days", ms: 7 * 24 * HOUR },
  { value: "30d", word: "30 days", said: "30 days", ms: 30 * 24 * HOUR },
  { value: "all", word: "All", said: "all time", ms: Infinity },
] as const;

export interface Span {
  since?: Date;
  until?: Date;
}

export interface TimeRange {
  /** One of RANGES, or "custom". */
  value: string;
  said: string;
  span: Span;
}

/** What the URL says; `standard` where it says nothing. Relative times are cut to the minute, so that they hold still. */
export function timeRange(standard = "7d"): TimeRange {
  const since = date(place.query("since"));
  const until = date(place.query("until"));
  if (since || until) {
    const said = `${since ? `from ${moment(since.getTime())}` : ""}${until ? ` until ${moment(until.getTime())}` : ""}`;
    return { value: "custom", said: said.trim(), span: { ...(since ? { since } : {}), ...(until ? { until } : {}) } };
  }
  const asked = place.query("range") ?? standard;
  const range = RANGES.find((one) => one.value === asked) ?? RANGES[1];
  if (range.ms === Infinity) return { value: range.value, said: range.said, span: {} };
  const now = Math.floor(Date.now() / 60_000) * 60_000;
  return { value: range.value, said: range.said, span: { since: new Date(now - range.ms) } };
}

function date(text: string | undefined): Date | undefined {
  const at = new Date(text ?? NaN);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
