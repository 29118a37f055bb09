/** Ends in the log what a run that was killed could not end: open sessions, and jobs that were being received. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { toByteText } from "../event/bytes-text.ts";
import { LIMITS, type Range } from "../event/catalogue.ts";
import type { Recovered } from "../evidence/recover.ts";
import { partFile } from "../evidence/folder.ts";
import { nameJob } from "../evidence/job-body.ts";
import { sniff } from "../protocols/raw/language.ts";
import type { Stamp } from "./stamp.ts";

/** Writes `session.close` and `job.captured` (not complete) for what is left over, names the jobs, and tells of it. */
export async function closeLeftovers(left: Recovered, evidence: string, stamp: Stamp): Promise<void> {
  if (left.sessions.length === 0 && left.parts.length === 0 && left.trimmedBytes === 0) return;
  let partialJobs = 0;
  const parts = new Set(left.parts);
  for (const session of left.sessions) {
    const log = stamp.resume(session.number, session.origin, session.lastPosition);
    log.bytesIn = session.bytesIn;
    log.bytesOut = session.bytesOut;
    for (const [job, at] of session.jobs) {
      if (!parts.delete(job)) continue;
      await keepPart(job, at, evidence, (data) => log.event({ type: "job.captured", data }));
      partialJobs++;
    }
    log.close("sensor-stopped", session.opened, session.lastTime);
  }
  // A body of which no record reached the disk has no session to belong to; its bytes are kept all the same.
  for (const job of parts) {
    const { sha256 } = await readBody(partFile(evidence, job));
    await nameJob(evidence, job, sha256);
    partialJobs++;
  }
  stamp.sensorEvent({
    type: "sensor.recovered",
    data: { trimmedBytes: left.trimmedBytes, closedSessions: left.sessions.length, partialJobs },
  });
}

type Captured = Extract<Parameters<ReturnType<Stamp["resume"]>["event"]>[0], { type: "job.captured" }>["data"];

async function keepPart(job: string, at: Range, evidence: string, say: (data: Captured) => void): Promise<void> {
  const { sha256, bytes, head } = await readBody(partFile(evidence, job));
  await nameJob(evidence, job, sha256);
  const { kind, language } = sniff(head);
  say({
    job,
    kind,
    language,
    bytes,
    sha256,
    complete: false,
    why: "sensor-stopped",
    at,
    wrapper: [],
    head: toByteText(head),
  });
}

async function readBody(path: string): Promise<{ sha256: string; bytes: number; head: Buffer }> {
  const hash = createHash("sha256");
  let bytes = 0;
  let head = Buffer.alloc(0);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
    if (head.length < LIMITS.head) head = Buffer.concat([head, chunk.subarray(0, LIMITS.head - head.length)]);
  }
  return { sha256: hash.digest("hex"), bytes, head };
}
