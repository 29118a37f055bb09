import { createHash } from "node:crypto";
import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { jobFile, readSafe, segments } from "./folder.ts";
import { LogReader } from "./reader.ts";
import { removeBodies } from "./references.ts";
import { folderBytes, retain } from "./retention.ts";
import { FIRST_POSITION, jobRangePayload, KIND, readJobRange, readRecord, writeRecord } from "./record.ts";
import { recover } from "./recover.ts";
import { type CaptureChange, EvidenceWriter } from "./writer.ts";

const folders: string[] = [];

async function evidenceFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "inktrap-evidence-"));
  folders.push(folder);
  return folder;
}

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

function openWriter(evidence: string, position: number = FIRST_POSITION): Promise<EvidenceWriter> {
  return EvidenceWriter.open({ evidence, epoch: 1, position });
}

function event(type: string, data: object, session = 0) {
  const origin = session > 0 ? { session: `1-${session}` } : undefined;
  return Buffer.from(JSON.stringify({ type, data, sensor: "t", epoch: 1, seq: 1, time: 1, origin }));
}

async function readAll(evidence: string, from: number = FIRST_POSITION) {
  const reader = new LogReader(evidence);
  const found = [];
  for (let position = from; ;) {
    const { records, next, torn } = await reader.read(position);
    found.push(...records.map((r) => ({ ...r, payload: r.payload.toString("latin1") })));
    position = next;
    if (records.length > 0) continue;
    await reader.close();
    return { found, next, torn };
  }
}

describe("a record", () => {
  it("comes back as it was written, and no byte of it can change unnoticed", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.nat(),
        fc.nat(),
        fc.nat({ max: 2 ** 45 }),
        fc.nat(),
        (payload, session, previous, time, flip) => {
          const record = { kind: KIND.inbound, time, session, previous, payload: Buffer.from(payload) };
          const buffer = Buffer.alloc(payload.length + 40);
          const length = writeRecord(buffer, 5, record);
          expect(readRecord(buffer.subarray(0, 5 + length), 5, 77)).toEqual({ ...record, position: 77 });
          expect(readRecord(buffer.subarray(0, 4 + length), 5, 77)).toBe("short");
          const at = 9 + (flip % (length - 4));
          buffer[at] = buffer[at]! ^ 1;
          expect(readRecord(buffer.subarray(0, 5 + length), 5, 77)).toBe("bad");
        },
      ),
    );
  });

  it("keeps job ranges beyond four gigabytes", () => {
    const range = { job: 3, at: 2 ** 40, offset: 2 ** 33, length: 65536 };
    expect(readJobRange(jobRangePayload(range))).toEqual(range);
  });
});

describe("the log", () => {
  it("gives back every record in order, over segments and restarts", async () => {
    const evidence = await evidenceFolder();
    let position = FIRST_POSITION;
    const written: string[] = [];
    for (let run = 0; run < 3; run++) {
      const writer = await openWriter(evidence, position);
      for (let i = 0; i < 500; i++) {
        const payload = `run ${run} record ${i} ${"x".repeat(i * 7)}`;
        written.push(payload);
        writer.append({ kind: KIND.inbound, time: i, session: 0, previous: 0, payload: Buffer.from(payload) });
      }
      await writer.close();
      position = (await recover(evidence)).position;
      expect((await readSafe(evidence))!.position).toBe(position);
    }
    expect((await segments(evidence)).length).toBe(3);
    const { found, next, torn } = await readAll(evidence);
    expect(found.map((r) => r.payload)).toEqual(written);
    expect([next, torn]).toEqual([position, 0]);
  });

  it("finds a session's records backwards between those of others", async () => {
    const evidence = await evidenceFolder();
    const writer = await openWriter(evidence);
    const last = [0, 0, 0, 0];
    for (let i = 0; i < 40; i++) {
      const session = (i % 3) + 1;
      const payload = Buffer.from(`${session}:${i}`);
      last[session] = writer.append({ kind: KIND.inbound, time: i, session, previous: last[session]!, payload });
    }
    await writer.close();
    const reader = new LogReader(evidence);
    const records = await reader.session(last[2]!);
    await reader.close();
    expect(records.map((r) => r.payload.toString())).toEqual(
      Array.from({ length: 40 }, (_, i) => i)
        .filter((i) => i % 3 === 1)
        .map((i) => `2:${i}`),
    );
  });

  it("publishes a position only when everything before it can be read", async () => {
    const evidence = await evidenceFolder();
    const writer = await openWriter(evidence);
    const body = writer.job("1-1.1");
    body.write(Buffer.from("page one"));
    writer.append({ kind: KIND.inbound, time: 1, session: 0, previous: 0, payload: Buffer.from("a") });
    expect((await readSafe(evidence))!.position).toBe(FIRST_POSITION);
    await writer.room();
    expect((await readSafe(evidence))!.position).toBe(writer.position);
    expect(await readFile(join(evidence, "jobs/part/1-1.1"), "utf8")).toBe("page one");
    await writer.close();
  });

  it("cuts a torn tail and goes on after the last whole record", async () => {
    for (const cut of [1, 10, 27, 28, 35]) {
      const evidence = await evidenceFolder();
      const writer = await openWriter(evidence);
      writer.append({ kind: KIND.inbound, time: 1, session: 0, previous: 0, payload: Buffer.from("whole") });
      const end = writer.position;
      await writer.close();
      const torn = Buffer.alloc(100);
      writeRecord(torn, 0, {
        kind: KIND.inbound,
        time: 1,
        session: 0,
        previous: 0,
        payload: Buffer.from("torn record"),
      });
      await appendFile((await segments(evidence))[0]!.path, torn.subarray(0, cut));
      const left = await recover(evidence);
      expect([left.position, left.trimmedBytes]).toEqual([end, cut]);
      const again = await openWriter(evidence, left.position);
      again.append({ kind: KIND.inbound, time: 1, session: 0, previous: 0, payload: Buffer.from("next") });
      await again.close();
      expect((await readAll(evidence)).found.map((r) => r.payload)).toEqual(["whole", "next"]);
    }
  });
});

describe("jobs", () => {
  it("are named by their content when they end, and kept once", async () => {
    const evidence = await evidenceFolder();
    const writer = await openWriter(evidence);
    const content = Buffer.alloc(300_000, "advertisement ");
    const hashes = ["1-1.1", "1-2.1"].map((job) => {
      const body = writer.job(job);
      body.write(content.subarray(0, 100_000));
      body.write(content.subarray(100_000));
      return body.end();
    });
    await writer.close();
    const sha256 = createHash("sha256").update(content).digest("hex");
    expect(hashes).toEqual([sha256, sha256]);
    expect((await readFile(jobFile(evidence, sha256))).equals(content)).toBe(true);
    expect(await readdir(join(evidence, "jobs/part"))).toEqual([]);
  });

  it("keeps an empty one too", async () => {
    const evidence = await evidenceFolder();
    const writer = await openWriter(evidence);
    const sha256 = writer.job("1-1.1").end();
    await writer.close();
    expect((await readFile(jobFile(evidence, sha256))).length).toBe(0);
  });
});

describe("recovery", () => {
  it("finds open sessions and unfinished jobs, and names a job whose event was written", async () => {
    const evidence = await evidenceFolder();
    const writer = await openWriter(evidence);
    const open = (session: number) =>
      writer.append({ kind: KIND.event, time: 10, session, previous: 0, payload: event("session.open", {}, session) });
    let first = open(1);
    const second = open(2);
    writer.append({ kind: KIND.event, time: 11, session: 2, previous: second, payload: event("session.close", {}, 2) });
    writer.sessionClosed(2);
    writer.job("1-1.1").write(Buffer.from("half a page"));
    first = writer.append({
      kind: KIND.jobRange,
      time: 12,
      session: 1,
      previous: first,
      payload: jobRangePayload({ job: 1, at: 5, offset: 0, length: 11 }),
    });
    const sha256 = createHash("sha256").update("whole page").digest("hex");
    const data = { job: "1-2.1", sha256, bytes: 10 };
    writer.append({ kind: KIND.event, time: 12, session: 2, previous: 0, payload: event("job.captured", data, 2) });
    await writer.room();
    await writeFile(join(evidence, "jobs/part/1-2.1"), "whole page");

    const left = await recover(evidence);
    expect(left.sessions).toMatchObject([
      { number: 1, opened: 10, lastTime: 12, lastPosition: first, bytesIn: 11, jobs: new Map([["1-1.1", [5, 16]]]) },
    ]);
    expect(left.parts).toEqual(["1-1.1"]);
    expect(await readFile(jobFile(evidence, sha256), "utf8")).toBe("whole page");
    await writer.close();
  });
});

describe("a disk that refuses", () => {
  const inbound = (text: string, session = 0, previous = 0) => ({
    kind: KIND.inbound,
    time: 1,
    session,
    previous,
    payload: Buffer.from(text),
  });
  const words = (type: string, session: number, previous: number) => ({
    kind: KIND.event,
    time: 1,
    session,
    previous,
    payload: event(type, {}, session),
  });
  const until = async (what: () => boolean) => {
    for (let i = 0; i < 300 && !what(); i++) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(what()).toBe(true);
  };

  it("stops capturing, ends what was begun, counts what is lost, and goes on when there is room again", async () => {
    const evidence = await evidenceFolder();
    const said: CaptureChange[] = [];
    const writer = await openWriter(evidence);
    writer.onCapture((change) => {
      said.push(change);
      writer.append(words(change.stopped ? "capture.stopped" : "capture.resumed", 0, 0));
    });
    const opened = writer.append(words("session.open", 1, 0));
    await writer.room();
    await rm(join(evidence, "jobs/part"), { recursive: true });
    const body = writer.job("1-1.1");
    for (let i = 0; i < 9; i++) body.write(Buffer.alloc(256 * 1024, i));
    writer.append(inbound("kept", 1, opened));
    await writer.room();
    expect(said).toMatchObject([{ stopped: true, why: "error" }]);
    expect([writer.full, writer.failing]).toEqual([false, true]);
    body.write(Buffer.alloc(1000));
    expect(body.lost).toBe(1000);
    expect(writer.append(inbound("lost"))).toBe(0);
    expect(writer.append(words("session.open", 2, 0))).toBe(0);
    expect(writer.append(words("session.close", 2, 0))).toBe(0);
    expect(writer.append(words("session.close", 1, opened))).toBeGreaterThan(0);
    await mkdir(join(evidence, "jobs/part"));
    await until(() => said.length === 2);
    expect(said[1]).toMatchObject({ stopped: false, lost: { records: 3, bytes: 1004, sessions: 1 } });
    body.write(Buffer.alloc(1000));
    expect(body.lost).toBe(2000);
    const sha256 = body.end();
    await writer.close();
    expect((await readFile(jobFile(evidence, sha256))).length).toBe(9 * 256 * 1024);
    const kinds = (await readAll(evidence)).found.map(
      ({ payload }) => /"type":"([^"]+)"/.exec(payload)?.[1] ?? payload,
    );
    expect(kinds).toEqual(["session.open", "kept", "capture.stopped", "session.close", "capture.resumed"]);
  });

  it("stops before the reserve is touched", async () => {
    const evidence = await evidenceFolder();
    const writer = await EvidenceWriter.open({
      evidence,
      epoch: 1,
      position: FIRST_POSITION,
      reserveBytes: Number.MAX_SAFE_INTEGER,
    });
    await until(() => writer.failing);
    expect(writer.append(inbound("lost"))).toBe(0);
    await writer.close();
    expect((await readAll(evidence)).found).toEqual([]);
  });
});

describe("segments", () => {
  it("end with the day, and when they speak of many bytes of jobs", async () => {
    const evidence = await evidenceFolder();
    const writer = await openWriter(evidence);
    const day = 86_400_000;
    for (const time of [5, 6, day - 1, day, day + 1, 3 * day]) {
      writer.append({ kind: KIND.inbound, time, session: 0, previous: 0, payload: Buffer.from(String(time)) });
      await writer.room();
    }
    // The first record of a day still stands in the segment of the day before: it is what ended it.
    expect(await segments(evidence)).toHaveLength(3);
    const body = writer.job("1-1.1");
    for (let i = 0; i < 256; i++) {
      body.write(Buffer.alloc(1024 * 1024));
      if (i % 32 === 0) await writer.room();
    }
    writer.append({ kind: KIND.inbound, time: 3 * day, session: 0, previous: 0, payload: Buffer.from("range") });
    await writer.room();
    expect(await segments(evidence)).toHaveLength(4);
    await writer.close();
    expect((await readAll(evidence)).found).toHaveLength(7);
  });
});

describe("retention", () => {
  const DAY = 86_400_000;

  /** One segment a day, each with a job of its own and one that all days have. */
  async function days(evidence: string, count: number) {
    const writer = await openWriter(evidence);
    for (let day = 0; day < count; day++) {
      for (const [number, text] of [`only on day ${day}`, "every day"].entries()) {
        const body = writer.job(`1-${day}.${number}`);
        body.write(Buffer.from(text.padEnd(10_000)));
        const data = { job: body.job, sha256: body.end(), bytes: 10_000 };
        const payload = event("job.captured", data, 1);
        writer.append({ kind: KIND.event, time: day * DAY, session: 0, previous: 0, payload });
        await writer.room();
      }
    }
    return writer;
  }
  const sha256 = (text: string) => createHash("sha256").update(text.padEnd(10_000)).digest("hex");
  const bodies = async (evidence: string) =>
    (await readdir(join(evidence, "jobs"), { recursive: true })).filter((path) => /[0-9a-f]{64}$/.test(path)).length;

  it("removes what is too old, with the jobs that only that speaks of", async () => {
    const evidence = await evidenceFolder();
    const writer = await days(evidence, 6);
    const reader = new LogReader(evidence);
    expect(await retain(evidence, reader, { age: 9 * DAY, bytes: 1e9 }, 6 * DAY)).toBeUndefined();
    const first = (await segments(evidence))[3]!.position;
    const removed = await retain(evidence, reader, { age: 2.5 * DAY, bytes: 1e9 }, 6 * DAY);
    // A segment ends with the first record of the next day, so what is only on day 3 lies in the segment of day 2.
    expect(removed).toMatchObject({ why: "age", segments: 3, jobs: 4, position: first, time: 3 * DAY });
    expect((await segments(evidence))[0]!.position).toBe(first);
    expect((await readFile(jobFile(evidence, sha256("every day")))).length).toBe(10_000);
    expect(await bodies(evidence)).toBe(3);
    const { found } = await readAll(evidence);
    expect(found[0]!.position).toBe(first);
    await writer.close();
    await reader.close();
    expect((await recover(evidence)).position).toBe(writer.position);
  });

  it("removes the oldest first until there is room, and never the segment that is written", async () => {
    const evidence = await evidenceFolder();
    const writer = await days(evidence, 6);
    const reader = new LogReader(evidence);
    const size = await folderBytes(evidence);
    const removed = await retain(evidence, reader, { age: 99 * DAY, bytes: size - 25_000 }, 6 * DAY);
    expect(removed).toMatchObject({ why: "bytes", segments: 2, jobs: 3 });
    expect(await folderBytes(evidence)).toBeLessThanOrEqual(size - 25_000);
    await retain(evidence, reader, { age: 99 * DAY, bytes: 0 }, 6 * DAY);
    expect(await segments(evidence)).toHaveLength(1);
    expect((await segments(evidence))[0]!.position).toBe(writer.segment);
    expect((await readFile(jobFile(evidence, sha256("every day")))).length).toBe(10_000);
    await writer.close();
    await reader.close();
  });

  it("gives back a body that is captured anew while it is removed, and one that a killed run had put aside", async () => {
    const evidence = await evidenceFolder();
    const writer = await days(evidence, 2);
    const reader = new LogReader(evidence);
    const body = sha256("only on day 1");
    expect(await removeBodies(evidence, reader, [body], FIRST_POSITION)).toEqual({ jobs: 0, bytes: 0 });
    expect((await readFile(jobFile(evidence, body))).length).toBe(10_000);
    await mkdir(join(evidence, "jobs/gone"), { recursive: true });
    await rename(jobFile(evidence, body), join(evidence, "jobs/gone", body));
    await writer.close();
    await recover(evidence);
    expect((await readFile(jobFile(evidence, body))).length).toBe(10_000);
    expect(await removeBodies(evidence, reader, [body], writer.position)).toEqual({ jobs: 1, bytes: 10_000 });
    expect(await bodies(evidence)).toBe(2);
    await reader.close();
  });
});
