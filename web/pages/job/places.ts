/** Where something stands in a job that is open: at a byte of its body, or in a line of the PJL around it. */
import type { ReadingView } from "../../../src/collector/contract.ts";
import { place } from "../../app/router.svelte.ts";

type Range = readonly [start: number, end: number];

/** The bytes from a place on, with what is meant highlighted. */
export function bytesPlace(from: number, mark: Range): string {
  return place.with({ view: "bytes", from, mark: `${mark[0]}-${mark[1]}`, page: undefined, line: undefined });
}

export function markAsked(): { from: number; to: number }[] {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(place.query("mark") ?? "");
  return match ? [{ from: Number(match[1]), to: Number(match[2]) }] : [];
}

/** Where a claim was said; undefined inside a document, at no byte of its own. */
export function claimPlace({
  in: where,
  at,
}: ReadingView["claims"][number]): { href: string; word: string } | undefined {
  if (!at || where === "document") return undefined;
  if (where === "body") return { href: bytesPlace(at[0], at), word: `byte ${at[0]}` };
  const href = place.with({ view: "stream", line: at[0], from: undefined, mark: undefined, page: undefined });
  return { href, word: `PJL line ${at[0] + 1}` };
}
