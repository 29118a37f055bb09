/** Answers that are no JSON. Files come as attachments, named by their hash or by what they list. */
import { z } from "zod";
import { READING } from "../../jobs/reading.ts";
import { type Download, flag, format, nothing, number, ofCases, ofEvents, ofJobs, ofSessions } from "./asks.ts";

export const downloads = {
  jobBody: {
    method: "GET",
    path: "/api/jobs/:number/body",
    role: "analyst",
    about: "The body of a job, byte for byte.",
    ask: number,
    media: "application/octet-stream",
  },
  jobPage: {
    method: "GET",
    path: "/api/jobs/:number/pages/:page",
    role: "analyst",
    about: "A page of a job as paper, a picture.",
    ask: number.extend({ page: z.coerce.number().int().min(1).max(READING.pages), small: flag.optional() }),
    media: "image/png",
  },
  sessionStream: {
    method: "GET",
    path: "/api/sessions/:number/raw",
    role: "analyst",
    about: "All bytes of one direction of a session.",
    ask: number.extend({ direction: z.enum(["in", "out"]).default("in") }),
    media: "application/octet-stream",
  },
  sessionCapture: {
    method: "GET",
    path: "/api/sessions/:number/pcap",
    role: "analyst",
    about: "A session as a packet capture.",
    ask: number,
    media: "application/vnd.tcpdump.pcap",
  },
  exportCases: {
    method: "GET",
    path: "/api/export/cases",
    role: "viewer",
    about: "Cases as CSV or JSON lines.",
    ask: z.strictObject({ ...ofCases, format }),
    media: "text/csv",
  },
  exportSessions: {
    method: "GET",
    path: "/api/export/sessions",
    role: "viewer",
    about: "Sessions as CSV or JSON lines.",
    ask: z.strictObject({ ...ofSessions, format }),
    media: "text/csv",
  },
  exportJobs: {
    method: "GET",
    path: "/api/export/jobs",
    role: "analyst",
    about: "Jobs as CSV or JSON lines.",
    ask: z.strictObject({ ...ofJobs, format }),
    media: "text/csv",
  },
  exportEvents: {
    method: "GET",
    path: "/api/export/events",
    role: "analyst",
    about: "Events as CSV or JSON lines.",
    ask: z.strictObject({ ...ofEvents, format }),
    media: "text/csv",
  },
  devicePage: {
    method: "GET",
    path: "/api/sensors/:sensor/page",
    role: "viewer",
    about: "A web page of a sensor's printer, for a sandboxed frame: it runs nothing and loads nothing.",
    ask: z.strictObject({ sensor: z.string().max(64), path: z.string().max(200).default("/") }),
    media: "text/html",
  },
  live: {
    method: "GET",
    path: "/api/live",
    role: "viewer",
    about:
      "Server-sent events. `case`: {id, intent, confidence, headline, source, last, sessionCount, jobCount, new}; `counts`: {cases, visits, jobs, events}, at most every second; `missed`: {} when more came than could be sent, ask again.",
    ask: nothing,
    media: "text/event-stream",
  },
} as const satisfies Record<string, Download>;
