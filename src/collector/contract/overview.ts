/** Is it working, and what is going on? */
import { z } from "zod";
import { limit, nothing, type Entry, window } from "./asks.ts";
import { activityBin, caseLine, count, intent, statusView, time } from "../shapes.ts";

export const overviewEntries = {
  status: {
    method: "GET",
    path: "/api/status",
    role: "viewer",
    about: "Is it working?",
    ask: nothing,
    reply: statusView,
  },
  overview: {
    method: "GET",
    path: "/api/overview",
    role: "viewer",
    about: "How much is there, since the beginning.",
    ask: nothing,
    reply: z.strictObject({
      cases: count,
      own: count.describe("cases of own networks; they and their visits and jobs are in no other count"),
      visits: count,
      jobs: count,
      first: time.nullable(),
      sensors: z.array(
        z.strictObject({
          sensor: z.string(),
          position: count,
          behind: count.describe("bytes of log not committed yet"),
        }),
      ),
      judged: count,
      events: count,
    }),
  },
  undecided: {
    method: "GET",
    path: "/api/overview/undecided",
    role: "viewer",
    about:
      "Cases that need a decision: open, not muted, not of own networks, and harmful or one the rules are not sure of.",
    ask: z.strictObject({
      ...window,
      limit: z.coerce.number().int().min(0).max(1000).default(5).describe("0: only how many"),
    }),
    reply: z.strictObject({
      count,
      cases: z.array(caseLine).describe("brief; the reasons that carry the intent have their bytes"),
    }),
  },
  funnel: {
    method: "GET",
    path: "/api/overview/funnel",
    role: "viewer",
    about: "From probe to paper: sources of the time, own networks left out.",
    ask: z.strictObject(window),
    reply: z.strictObject({
      visited: count,
      answered: count.describe("asked something that the printer answered"),
      returned: count.describe("visited again, an hour or more after the first time"),
      printed: count,
      harmful: count,
      toJob: z.strictObject({
        cases: count.describe("that probed before they printed"),
        medianMs: count.nullable(),
        ms: z.array(count).describe("each of them, sorted; at most 1000"),
      }),
    }),
  },
  activity: {
    method: "GET",
    path: "/api/overview/activity",
    role: "viewer",
    about: "Visits over time by what their cases are up to, own networks left out.",
    ask: z.strictObject({ ...window, bins: z.coerce.number().int().min(1).max(400).default(56) }),
    reply: z.strictObject({
      since: time,
      until: time,
      binMs: count.describe("whole hours"),
      bins: z.array(activityBin).describe("every one, also the empty ones"),
      intents: z.partialRecord(intent, count).describe("different cases of the whole time, by intent"),
    }),
  },
  doors: {
    method: "GET",
    path: "/api/overview/doors",
    role: "viewer",
    about: "Which services were visited, own networks left out.",
    ask: z.strictObject(window),
    reply: z.strictObject({
      doors: z.array(z.strictObject({ service: z.string(), sensor: z.string(), sessions: count, sources: count })),
      services: z.array(z.strictObject({ service: z.string(), sessions: count, sources: count })),
    }),
  },
  firstWords: {
    method: "GET",
    path: "/api/overview/first-words",
    role: "viewer",
    about: "What visitors say first, most sources first; of very many sessions the latest ones.",
    ask: z.strictObject({ ...window, limit: limit(10) }),
    reply: z.strictObject({
      words: z.array(
        z.strictObject({
          firstLine: z.string().describe("byte text; of what was printed at once only what kind it was"),
          words: z
            .string()
            .nullable()
            .describe(
              "byte text: what they said, of different bodies the one of most sources; null where it may not be seen",
            ),
          different: count.describe("bodies that differ among these; 1 where words were said"),
          service: z.string(),
          intent: intent.describe("of most of the cases"),
          sources: count,
          sessions: count,
        }),
      ),
    }),
  },
} as const satisfies Record<string, Entry>;
