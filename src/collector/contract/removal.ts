/** What removes evidence for good. */
import { z } from "zod";
import { count } from "../shapes.ts";
import { asNumber, type Entry } from "./asks.ts";

export const removalEntries = {
  forget: {
    method: "POST",
    path: "/api/forget",
    role: "admin",
    about: "Removes everything of a case, session, job or source for good; one of them is named.",
    ask: z
      .strictObject({
        case: asNumber.optional(),
        session: asNumber.optional(),
        job: asNumber.optional(),
        source: z.string().min(2).max(64).optional().describe("an address, or the key a source is remembered under"),
      })
      .refine((asked) => Object.values(asked).filter((value) => value !== undefined).length === 1, "name one of them"),
    reply: z.strictObject({
      sessions: count,
      jobs: count,
      records: count.describe("records of the log that were made empty"),
      open: count.describe("sessions that are not over and were left as they are"),
      compacted: z.boolean().describe("the files of the store were written anew without what was removed"),
    }),
  },
} as const satisfies Record<string, Entry>;
