/** Asks what the first page asks, before anybody can, so that nobody waits for a large store to be read from disk. */
import { whileWanted } from "../store/asking.ts";
import type { View } from "./view.ts";

const WEEK_MS = 7 * 86_400_000;
/** The start waits no longer than this for it. */
const PATIENCE_MS = 3000;

export async function firstLook(view: View): Promise<void> {
  const since = new Date(view.room.clock() - WEEK_MS);
  const questions = [
    () => view.answer("undecided", { since, limit: 5 }),
    () => view.answer("cases", { since, brief: true, limit: 50 }),
    () => view.answer("activity", { since, bins: 56 }),
    () => view.answer("firstWords", { since, limit: 9 }),
    () => view.answer("piles", { since, kind: "job", limit: 40 }),
    () => view.answer("sensors", {}),
  ];
  const asked = () => Promise.allSettled(questions.map((ask) => ask()));
  await whileWanted(AbortSignal.timeout(PATIENCE_MS), asked);
}
