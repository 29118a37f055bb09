/** What was recorded: cases, sessions, events, and the sensors it came from. */
import { z } from "zod";
import {
  type Entry,
  after,
  asNumber,
  flag,
  limit,
  next,
  nothing,
  number,
  ofCases,
  ofEvents,
  ofSessions,
  part,
  window,
} from "./asks.ts";
import { bytesView, caseLine, count, lane, sensorStatus, sessionView, time, visitLine } from "../shapes.ts";

export const evidenceEntries = {
  cases: {
    method: "GET",
    path: "/api/cases",
    role: "viewer",
    about: "Cases, the gravest and among these the newest first.",
    ask: z.strictObject({
      ...ofCases,
      order: z.enum(["gravest", "newest"]).optional().describe("gravest without it"),
      brief: flag.optional().describe("without sessions and jobs"),
      limit: limit(100),
      after,
    }),
    reply: z.strictObject({ cases: z.array(caseLine), next }),
  },
  case: {
    method: "GET",
    path: "/api/cases/:number",
    role: "viewer",
    about: "One case, its first places with their bytes.",
    ask: number,
    reply: caseLine,
  },
  timeline: {
    method: "GET",
    path: "/api/cases/:number/timeline",
    role: "viewer",
    about: "The sessions of a case by service and sensor, in the order of time.",
    ask: number,
    reply: z.strictObject({ lanes: z.array(lane) }),
  },
  visits: {
    method: "GET",
    path: "/api/sessions",
    role: "viewer",
    about: "Sessions by number.",
    ask: z.strictObject({
      ...ofSessions,
      order: z.enum(["oldest", "newest"]).optional().describe("oldest without it"),
      after: asNumber.optional().describe("`next` of an earlier answer"),
      limit: limit(1000),
    }),
    reply: z.strictObject({ sessions: z.array(visitLine), next: count.nullable().describe("null: no more") }),
  },
  session: {
    method: "GET",
    path: "/api/sessions/:number",
    role: "viewer",
    about: "One session as it went over the wire.",
    ask: number,
    reply: sessionView,
  },
  sessionBytes: {
    method: "GET",
    path: "/api/sessions/:number/bytes",
    role: "viewer",
    about: "Bytes of one direction of a session, for showing them.",
    ask: number.extend({ direction: z.enum(["in", "out"]).default("in"), ...part }),
    reply: bytesView,
  },
  events: {
    method: "GET",
    path: "/api/events",
    role: "viewer",
    about: "Events as they were recorded.",
    ask: z.strictObject({
      ...ofEvents,
      ...window,
      after: asNumber.optional().describe("ordinal to go on from; without it the latest"),
      limit: limit(100),
    }),
    reply: z.strictObject({ events: z.array(z.record(z.string(), z.unknown())), next: count }),
  },
  sensors: {
    method: "GET",
    path: "/api/sensors",
    role: "viewer",
    about: "Sensors, what they are, and whether they deliver.",
    ask: nothing,
    reply: z.strictObject({
      sensors: z.array(
        sensorStatus.extend({
          state: z.enum(["ok", "silent", "partly", "behind", "unknown"]).describe("unknown: no collector runs"),
          persona: z.string().nullable(),
          version: z.string().nullable(),
          lastEvent: time.nullable(),
          sources: count.describe("that visited in the last eight days"),
          perDay: z.array(count).describe("sessions of the last eight days, oldest first"),
        }),
      ),
      disk: z.strictObject({
        freeBytes: count,
        totalBytes: count,
        usedBytes: count.describe("by the data folder"),
        daysLeft: count.nullable().describe("at the pace of the last week; null: not known yet"),
      }),
    }),
  },
  device: {
    method: "GET",
    path: "/api/sensors/:sensor/device",
    role: "viewer",
    about: "What the printer of a sensor is, and what each of its doors answers.",
    ask: z.strictObject({ sensor: z.string().max(64) }),
    reply: z.strictObject({
      sensor: z.string(),
      persona: z.string(),
      model: z.string(),
      doors: z.array(
        z.strictObject({
          service: z.string(),
          questions: z.array(z.strictObject({ name: z.string(), asked: z.string(), answer: z.string() })),
        }),
      ),
      pages: z.array(z.string()).describe("paths of its web pages, for `devicePage`"),
    }),
  },
} as const satisfies Record<string, Entry>;
