/** A stretch of one direction of a session, without reading the rest of it: for showing some bytes of many. */
import { open } from "node:fs/promises";
import { jobFile, partFile } from "./folder.ts";
import type { LogReader } from "./reader.ts";
import { jobId } from "./recover.ts";
import { type JobRange, KIND, readEvent, readJobRange } from "./record.ts";

export interface Stretch {
  /** Zeroes where something is missing. */
  bytes: Buffer;
  missing: number;
  /** Bytes of the whole direction, as far as they were recorded. */
  total: number;
}

interface Span {
  at: number;
  length: number;
  /** Where the bytes are: a record of the log, or a job's body. */
  from: { position: number } | JobRange;
}

/** Where the bytes of a session's directions are. */
export class Outline {
  readonly #reader: LogReader;
  readonly #evidence: string;
  readonly #session: string;
  readonly #spans: { in: Span[]; out: Span[] };
  readonly #bodies: ReadonlyMap<number, string>;

  private constructor(
    reader: LogReader,
    evidence: string,
    session: string,
    found: { spans: { in: Span[]; out: Span[] }; bodies: ReadonlyMap<number, string> },
  ) {
    this.#reader = reader;
    this.#evidence = evidence;
    this.#session = session;
    this.#spans = found.spans;
    this.#bodies = found.bodies;
  }

  /**
   * The outline of the session `session` (a sensor's id of it), whose last record stands at `logEnd`.
   * Undefined when it has more records than `most`, or when its beginning is no longer kept.
   */
  static async of(
    reader: LogReader,
    evidence: string,
    session: string,
    logEnd: number,
    most: number,
  ): Promise<Outline | undefined> {
    const found: { kind: "in" | "out"; length: number; from: Span["from"] }[] = [];
    const bodies = new Map<number, string>();
    for (let position = logEnd, n = 0; position > 0; n++) {
      const record = n < most ? await reader.at(position) : undefined;
      if (!record) return undefined;
      const { kind, payload } = record;
      if (kind === KIND.event) {
        const event = readEvent(record);
        if (event.type === "job.captured") bodies.set(Number(event.data.job.split(".").at(-1)), event.data.sha256);
      } else if (kind === KIND.jobRange) {
        const from = readJobRange(payload);
        found.push({ kind: "in", length: from.length, from });
      } else if (kind === KIND.inbound || kind === KIND.outbound) {
        found.push({ kind: kind === KIND.inbound ? "in" : "out", length: payload.length, from: { position } });
      }
      position = record.previous;
    }
    const spans = { in: [] as Span[], out: [] as Span[] };
    const end = { in: 0, out: 0 };
    for (const { kind, length, from } of found.reverse()) {
      const at = "at" in from ? from.at : end[kind];
      spans[kind].push({ at, length, from });
      end[kind] = Math.max(end[kind], at + length);
    }
    return new Outline(reader, evidence, session, { spans, bodies });
  }

  /** Bytes `from` to `to` of a direction, those of job bodies only with `jobs`. */
  async read(direction: "in" | "out", from: number, to: number, jobs: boolean): Promise<Stretch> {
    const spans = this.#spans[direction];
    const total = spans.reduce((end, span) => Math.max(end, span.at + span.length), 0);
    const bytes = Buffer.alloc(Math.max(0, Math.min(to, total) - from));
    let got = 0;
    for (const span of spans) {
      const first = Math.max(span.at, from);
      const last = Math.min(span.at + span.length, from + bytes.length);
      if (first >= last) continue;
      const into = bytes.subarray(first - from, last - from);
      if ("position" in span.from) {
        const record = await this.#reader.at(span.from.position);
        got += record?.payload.copy(into, 0, first - span.at, last - span.at) ?? 0;
      } else if (jobs) got += await this.#body(span.from, first - span.at, into);
    }
    return { bytes, missing: bytes.length - got, total };
  }

  async #body({ job, offset }: JobRange, skip: number, into: Buffer): Promise<number> {
    const sha256 = this.#bodies.get(job);
    const whole = sha256 === undefined ? partFile(this.#evidence, jobId(this.#session, job)) : undefined;
    const handle = await open(whole ?? jobFile(this.#evidence, sha256!), "r").catch(() => undefined);
    if (!handle) return 0;
    try {
      return (await handle.read(into, 0, into.length, offset + skip)).bytesRead;
    } finally {
      await handle.close();
    }
  }
}
