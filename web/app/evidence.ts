/** Which bytes speak for a case, and where they are. */
import type { CaseView, Excerpt } from "../../src/collector/contract.ts";

type Reason = CaseView["reasons"][number];
type Evidence = Reason["evidence"][number];

/** The place of a piece of evidence: the session, opened at the byte. */
export function placeOf(evidence: Evidence): string | undefined {
  if (!evidence.session.startsWith("S-")) return undefined;
  return `/sessions/${evidence.session}${evidence.at ? `?at=${evidence.at[0]}` : ""}`;
}

/** What stands at a link to it. */
export function placeWord({ session, at }: Evidence): string {
  return at ? `${session} at byte ${at[0]}` : session;
}

/** Of a reason the first place that has its bytes, else the first place. */
export const firstPlace = (reason: Reason): Evidence | undefined =>
  reason.evidence.find((one) => one.bytes) ?? reason.evidence[0];

/** Of a case the bytes of the gravest reason, with its number. */
export function telling(one: CaseView): { number: number; excerpt: Excerpt; href: string | undefined } | undefined {
  const carrying = one.reasons.filter((reason) => reason.intent === one.judged);
  for (const reason of [...carrying, ...one.reasons]) {
    const found = reason.evidence.find((place) => place.bytes);
    if (found?.bytes) return { number: reason.number, excerpt: found.bytes, href: placeOf(found) };
  }
  return undefined;
}
