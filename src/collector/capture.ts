/** Sessions as one packet capture, in the order of time. */
import { type Flow, PCAP_HEADER, TcpFlow, UdpFlow } from "../evidence/pcap.ts";
import { LogReader } from "../evidence/reader.ts";
import { wire } from "../evidence/wire.ts";
import type { VisitLine } from "./contract.ts";

/** Where the evidence of a sensor lies. */
export type EvidenceOf = (sensor: string) => string;

interface Burst {
  time: number;
  packets: Buffer[];
  /** Bytes that should be here and are no longer kept. */
  missing: number;
}

/** What is told of a capture while it is made. */
export interface CaptureFacts {
  packets: number;
  missing: number;
}

/** The bytes of a capture file. `facts` is filled while they are made. */
export async function* capture(
  evidenceOf: EvidenceOf,
  visits: readonly VisitLine[],
  facts: CaptureFacts,
): AsyncGenerator<Buffer, void, undefined> {
  yield PCAP_HEADER;
  const waiting = [...visits].sort((a, b) => Date.parse(a.opened) - Date.parse(b.opened) || a.number - b.number);
  const running: { next: Burst; rest: AsyncGenerator<Burst, void, undefined> }[] = [];
  try {
    for (;;) {
      let first = running.reduce((a, b) => (b.next.time < a.next.time ? b : a), running[0]!);
      while (waiting.length > 0 && (!first || Date.parse(waiting[0]!.opened) <= first.next.time)) {
        const rest = bursts(evidenceOf, waiting.shift()!);
        const next = (await rest.next()).value!;
        running.push({ next, rest });
        if (!first || next.time < first.next.time) first = running.at(-1)!;
      }
      if (!first) return;
      facts.packets += first.next.packets.length;
      facts.missing += first.next.missing;
      yield Buffer.concat(first.next.packets);
      const { value } = await first.rest.next();
      if (value) first.next = value;
      else running.splice(running.indexOf(first), 1);
    }
  } finally {
    // Whoever wanted the file may have gone in the middle of it.
    for (const { rest } of running) await rest.return();
  }
}

/** The packets of one session. The first burst is its beginning, so there is always one. */
async function* bursts(evidenceOf: EvidenceOf, visit: VisitLine): AsyncGenerator<Burst, void, undefined> {
  const flow = flowOf(visit);
  const evidence = evidenceOf(visit.sensor);
  const reader = new LogReader(evidence);
  let time = Date.parse(visit.opened);
  try {
    yield { time, packets: flow.open(time), missing: 0 };
    for await (const piece of wire(reader, evidence, visit.session, visit.logEnd)) {
      time = Math.max(time, piece.time);
      const { direction, at, bytes, length } = piece;
      if (bytes) yield { time, packets: flow.data(direction, at, bytes, time), missing: 0 };
      else yield { time, packets: [], missing: length };
    }
    if (visit.closed === null) return;
    time = Math.max(time, Date.parse(visit.closed));
    yield { time, packets: flow.close(visit.closeReason ?? "", time), missing: 0 };
  } finally {
    await reader.close();
  }
}

/** Knuth's multiplier spreads the sequence numbers of sessions that follow each other. */
const SPREAD = 2654435761;

function flowOf(visit: VisitLine): Flow {
  const visitor = { ip: visit.source, port: visit.sourcePort };
  const printer = { ip: visit.target, port: visit.targetPort };
  if (visit.transport === "udp") return new UdpFlow(visitor, printer);
  return new TcpFlow(visitor, printer, Math.imul(visit.number, SPREAD));
}
