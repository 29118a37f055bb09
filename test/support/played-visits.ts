/** Visits played against the real dialogues and stamped by the real session log, for the judge to read. */
import { type Payload, payloadProblems } from "../../src/event/catalogue.ts";
import type { Draft, Event, Origin } from "../../src/event/event.ts";
import type { EvidenceWriter } from "../../src/evidence/writer.ts";
import { web } from "../../src/protocols/http/web.ts";
import { raw } from "../../src/protocols/raw/service.ts";
import { Stamp } from "../../src/sensor/stamp.ts";
import { sourceKey } from "../../src/util/address.ts";
import { readingOf } from "./reading.ts";
import { play } from "./transcript.ts";
import { testDevice, TEST_VISITOR } from "./transcript-device.ts";

export interface PlayedVisit {
  /** `raw` where it is left out. */
  service?: "raw" | "web";
  /** Since the first visit: `5 s`, `3 min`, `2 h`, `4 d`. */
  after?: string;
  /** Byte text: what the visitor sends, whole, before it hangs up. */
  send: string;
  /** The visitor's address. */
  from?: string;
  /** Which of several devices of the same persona. */
  to?: string;
}

const SERVICES = { raw, web };
const UNITS: Record<string, number> = { s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** The events that a sensor would write of these visits, as it writes them: with its limit of events per session. */
export function eventsOfVisits(visits: readonly PlayedVisit[], persona: string): Event[] {
  const events: Event[] = [];
  const writer = {
    append: ({ payload }: { payload: Uint8Array }) => events.push(JSON.parse(Buffer.from(payload).toString()) as Event),
    sessionClosed: () => undefined,
  } as unknown as EvidenceWriter;
  let now = 0;
  const stamp = new Stamp("s1", 1, writer, () => now++);
  const devices = new Map<string, ReturnType<typeof testDevice>>();
  for (const { service = "raw", after = "0 s", send, from = TEST_VISITOR.ip, to = "d1" } of visits) {
    const [amount, unit] = after.split(" ") as [string, string];
    now = Math.max(now, Number(amount) * UNITS[unit]!);
    const device = devices.get(to) ?? testDevice(persona);
    devices.set(to, device);
    const { number, id } = stamp.nextSession();
    const origin: Origin = {
      sensor: "s1",
      device: to,
      persona,
      service,
      session: id,
      transport: "tcp",
      source: { ip: from, port: 40_000 + number, verified: true },
      target: { ip: TEST_VISITOR.localIp, port: service === "raw" ? 9100 : 80 },
    };
    const log = stamp.session(number, origin);
    log.event({ type: "session.open", data: {} });
    const visitor = { ...TEST_VISITOR, ip: from, key: sourceKey(from), localPort: origin.target.port };
    const said = { said: Buffer.from(send, "latin1"), end: {}, reply: "", events: [], closes: true };
    for (const answer of play([said], SERVICES[service].open(device, visitor), (bytes) => [bytes])) {
      for (const { type, data } of answer.events) {
        const whole = type === "job.captured" ? { ...data, job: `${id}.${events.length}` } : data;
        const problems = payloadProblems(type, whole);
        if (problems.length > 0) throw new Error(`${type}: ${problems.join("; ")}`);
        log.event({ type, data: whole } as unknown as Draft);
        if (type !== "job.captured") continue;
        log.event({ type: "job.read", data: readingOf(whole as unknown as Payload<"job.captured">) });
      }
    }
    log.close("visitor", now);
  }
  return events;
}
