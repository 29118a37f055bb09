/** Valid payloads for the examples of rules: a piece of a payload is laid over them. */
import type { EventType } from "../event/catalogue.ts";
import type { Draft, Event } from "../event/event.ts";

type Fragment = Record<string, unknown>;
type Sample = (given: Fragment) => Fragment;

const text = (value: unknown) => (typeof value === "string" ? value : "");

/** What is not given is filled in, and what follows from what is given (the command from its line) is worked out. */
const SAMPLES: Partial<Record<EventType, Sample>> = {
  "session.open": () => ({}),
  "session.close": () => ({ reason: "visitor", durationMs: 420, bytesIn: 40, bytesOut: 0, uncounted: {}, logEnd: 0 }),
  "limit.reached": () => ({ limit: "bytes", value: 1 }),
  "protocol.odd": () => ({ protocol: "pjl", what: "line too long", at: [0, 1], sample: "" }),
  "device.changed": () => ({ what: "variable", name: "COPIES", before: "1", after: "2", at: [0, 20] }),
  "pjl.command": (given) => {
    const line = text(given["line"]) || "@PJL INFO ID";
    const [, command = "", argument = ""] = /^@PJL[ \t]+([^ \t]+)[ \t]?([^]*)$/.exec(line) ?? [];
    return {
      command: command.toUpperCase(),
      argument,
      line,
      at: [9, 11 + line.length],
      answer: "reply",
      replyBytes: 40,
    };
  },
  "http.request": (given) => {
    const agent = given["userAgent"];
    const headers = (given["headers"] ?? [
      ["Host", "192.0.2.61"],
      ...(agent === undefined ? [] : [["User-Agent", agent]]),
    ]) as string[][];
    const named = headers.find(([name]) => name?.toLowerCase() === "user-agent")?.[1];
    const userAgent = named === undefined ? {} : { userAgent: named };
    const rest = { version: "HTTP/1.1", bodyBytes: 0, at: [0, 120], status: 200, replyBytes: 4096 };
    return { method: "GET", target: "/", headers, ...userAgent, ...rest };
  },
  "job.captured": (given) => {
    const head = text(given["head"]);
    const rest = { complete: true, at: [0, head.length], wrapper: [], head };
    return { job: "1-1.1", kind: "job", language: "text", bytes: head.length, sha256: "0".repeat(64), ...rest };
  },
  "job.read": (given) => {
    const words = text(given["text"]).match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
    const rest = { status: "ok", why: "", languages: ["text"], pages: 1, driver: false, leads: [] };
    return { job: "1-1.1", kind: "job", bytes: 400, sha256: "0".repeat(64), words, text: "", ...rest, at: [0, 400] };
  },
};

/** Event types for which examples can be written. */
export const SAMPLED = Object.keys(SAMPLES) as EventType[];

/** A whole payload from a piece of one. `{ utf8: text }` becomes the byte text of that text. Not checked. */
export function completePayload(type: EventType, fragment: Fragment): Fragment {
  const given = Object.fromEntries(Object.entries(fragment).map(([key, value]) => [key, byteTextOf(value)]));
  return { ...SAMPLES[type]?.(given), ...given };
}

function byteTextOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(byteTextOf);
  if (typeof value !== "object" || value === null || !("utf8" in value)) return value;
  return Buffer.from(String(value.utf8)).toString("latin1");
}

const SERVICES: Partial<Record<EventType, string>> = { "http.request": "web" };

/** The service an event type usually comes from. */
export function serviceOf(type: EventType): string {
  return SERVICES[type] ?? "raw";
}

/** An event around a payload, as one visitor of one sensor would cause it. */
export function sampleEvent(type: EventType, data: Fragment, over: Partial<Event> = {}): Event {
  const draft = { type, data } as unknown as Draft;
  return {
    ...draft,
    sensor: "s1",
    epoch: 1,
    seq: 1,
    time: 0,
    origin: {
      sensor: "s1",
      device: "hp-laserjet-p1102w",
      persona: "hp-laserjet-p1102w",
      service: serviceOf(type),
      session: "1-1",
      transport: "tcp",
      source: { ip: "198.51.100.23", port: 40122, verified: true },
      target: { ip: "192.0.2.61", port: 9100 },
    },
    ...over,
  } as Event;
}
