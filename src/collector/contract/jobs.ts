/** What was sent to be printed, and what was read of it. */
import { z } from "zod";
import { type Entry, after, limit, next, number, ofJobs, part } from "./asks.ts";
import { facets, jobRow, jobView, pile } from "../job-shapes.ts";
import { bytesView, count, deskState } from "../shapes.ts";

export const jobsEntries = {
  jobs: {
    method: "GET",
    path: "/api/jobs",
    role: "analyst",
    about: "Jobs, newest first.",
    ask: z.strictObject({ ...ofJobs, limit: limit(100), after }),
    reply: z.strictObject({ jobs: z.array(jobRow), next }),
  },
  piles: {
    method: "GET",
    path: "/api/jobs/piles",
    role: "analyst",
    about: "Jobs that look or read alike on one pile, the pile that grew last first.",
    ask: z.strictObject({ ...ofJobs, limit: limit(50), after }),
    reply: z.strictObject({ piles: z.array(pile), jobs: count, different: count, facets, next }),
  },
  job: { method: "GET", path: "/api/jobs/:number", role: "analyst", about: "One job.", ask: number, reply: jobView },
  jobBytes: {
    method: "GET",
    path: "/api/jobs/:number/bytes",
    role: "analyst",
    about: "Bytes of a job's body, for showing them.",
    ask: number.extend(part),
    reply: bytesView,
  },
  desk: {
    method: "GET",
    path: "/api/desk",
    role: "viewer",
    about: "How many jobs wait to be read, and what stands between a document and the network.",
    ask: z.strictObject({}),
    reply: deskState,
  },
} as const satisfies Record<string, Entry>;
