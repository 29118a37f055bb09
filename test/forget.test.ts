/** What is forgotten is in no file any more, and everything else is as it was. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { open, readFile, rm } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { capture } from "../src/collector/capture.ts";
import { Forgetter, forgetJournal } from "../src/collector/forget.ts";
import { forget } from "../src/cli/commands/forget.ts";
import { openQuestions } from "../src/cli/questions.ts";
import { loadRules } from "../src/detect/load.ts";
import { jobFile, segments } from "../src/evidence/folder.ts";
import { HEADER, KIND } from "../src/evidence/record.ts";
import { recover } from "../src/evidence/recover.ts";
import { evidenceFolder } from "../src/sensor/sensor.ts";
import type { Store } from "../src/store/store.ts";
import { DATA_ROOT } from "../src/util/package.ts";
import { filesWith } from "./support/files.ts";
import { install, type Installation } from "./support/installation.ts";
import { wholeLog } from "./support/log.ts";
import { FLYER, PRODINFO, UEL, urllib27, visit } from "./support/visit.ts";

const [ANN, BEN] = ["127.5.0.71", "127.5.0.72"];
const SHARED = "the same page from both of them\f";

let site: Installation;
afterEach(() => site.close());

const sha256 = (text: string) => createHash("sha256").update(text, "latin1").digest("hex");
const evidence = () => evidenceFolder(site.data.sensor("local"));
const data = () => site.data.path;

/** Probe, web page, a job of one's own, and one that everybody sends. */
async function visits(from: string, word: string): Promise<void> {
  await visit({ port: site.raw, from, send: [PRODINFO] });
  await visit({ port: site.web, from, send: [urllib27("127.0.0.1")] });
  site.clock.now += 60_000;
  await visit({ port: site.raw, from, send: [`${UEL}@PJL ECHO ${word}\r\n@PJL INFO ID\r\n${UEL}`] });
  await visit({ port: site.raw, from, send: [`${word} ${FLYER}`] });
  await visit({ port: site.raw, from, send: [SHARED] });
  site.clock.now += 60_000;
}

async function captured(number: number): Promise<Buffer> {
  const { sessions } = await site.view.answer("visits", { session: number, limit: 1 });
  const chunks: Buffer[] = [];
  for await (const chunk of capture(evidence, sessions, { packets: 0, missing: 0 })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const byNumber = (records: Awaited<ReturnType<typeof wholeLog>>) => new Map(records.map((r) => [r.position, r]));

describe("forgetting", () => {
  it("a source leaves nothing of it in any file, and everything else as it was", async () => {
    site = await install();
    await visits(ANN, "WORD-OF-ANN");
    await visits(BEN, "WORD-OF-BEN");
    const before = await site.cases();
    const [ann, ben] = [ANN, BEN].map((source) => before.find((one) => one.source === source)!);
    const log = byNumber(await wholeLog(evidence()));
    const pictures = await Promise.all(ben!.sessions.map((one) => captured(Number(one.id.slice(2)))));
    await site.collector.store.decisions.decide({
      kind: "note",
      about: { case: Number(ann!.id.slice(2)) },
      value: "NOTE-ABOUT-ANN",
      by: "t",
      at: 1,
    });
    expect((await filesWith(data(), "WORD-OF-ANN", ANN)).length).toBeGreaterThan(1);

    await forget(ANN, { data: data(), yes: true });
    expect(await filesWith(data(), "WORD-OF-ANN", ANN, "NOTE-ABOUT-ANN")).toEqual([]);
    expect(existsSync(jobFile(evidence(), sha256(`WORD-OF-ANN ${FLYER}`)))).toBe(false);
    expect(await readFile(jobFile(evidence(), sha256(SHARED)), "latin1")).toBe(SHARED);
    expect(await site.cases()).toEqual([ben]);
    await expect(site.view.answer("session", { number: 1 })).rejects.toThrow("no session S-1");
    await expect(site.view.answer("job", { number: 1 })).rejects.toThrow("no job J-1");
    for (const [i, one] of ben!.sessions.entries()) {
      expect((await captured(Number(one.id.slice(2)))).equals(pictures[i]!)).toBe(true);
    }

    // The log has the same records at the same places; those of the other visitor are unchanged.
    const after = byNumber(await wholeLog(evidence()));
    for (const [position, record] of log) {
      const now = after.get(position)!;
      expect(now.payload.length).toBe(record.payload.length);
      if (now.kind !== KIND.forgotten) expect(now).toEqual(record);
      else expect(now.payload.every((byte) => byte === 0)).toBe(true);
    }

    const audit = await site.collector.store.db.selectFrom("audit").select(["what", "about", "detail"]).execute();
    expect(audit.map((row) => ({ ...row, detail: JSON.parse(row.detail) as unknown }))).toEqual([
      {
        what: "forget",
        about: "a source",
        detail: { sessions: 5, jobs: 2, records: expect.any(Number), open: 0, compacted: true },
      },
    ]);
    await visits(ANN, "AGAIN");
    const again = (await site.cases()).find((one) => one.source === ANN)!;
    expect([again.id, again.sessionCount]).toEqual(["C-3", 5]);
    expect(existsSync(forgetJournal(site.data.storeFile))).toBe(false);
    await expect(forget("C-1", { data: data(), yes: true })).rejects.toThrow();
  });

  it("a job or a session leaves the rest of its case, judged again under the same number", async () => {
    site = await install();
    await visits(ANN, "WORD-OF-ANN");
    const [before] = await site.cases();
    expect(before).toMatchObject({ id: "C-1", intent: "spam", sessionCount: 5, jobCount: 2 });
    await forget("J-1", { data: data(), yes: true });
    const [without] = await site.cases();
    expect(without).toMatchObject({ id: "C-1", sessionCount: 5, jobCount: 1 });
    expect(without!.reasons.map((reason) => reason.rule)).not.toContain("job-advertises");
    expect(await filesWith(data(), "70 % OFF")).toEqual([]);
    const session = await site.view.answer("session", { number: 4 });
    expect(session.messages.reduce((sum, message) => sum + message.bytes, 0)).toBe(`WORD-OF-ANN ${FLYER}`.length);

    await forget("S-1", { data: data(), yes: true });
    await forget("S-5", { data: data(), yes: true });
    const [rest] = await site.cases();
    expect(rest).toMatchObject({ id: "C-1", sessionCount: 3, jobCount: 0, intent: "reconnaissance" });
    expect(rest!.sessions.map((one) => one.id)).toEqual(["S-2", "S-3", "S-4"]);
    expect(existsSync(jobFile(evidence(), sha256(SHARED)))).toBe(false);
    await forget("C-1", { data: data(), yes: true });
    expect(await site.cases()).toEqual([]);
    expect(await filesWith(data(), ANN, "WORD-OF-ANN")).toEqual([]);
  });

  it("that was cut short is finished by the next run, also in the middle of a record", async () => {
    site = await install();
    await visits(ANN, "WORD-OF-ANN");
    await visits(BEN, "WORD-OF-BEN");
    const before = await site.cases();
    const { store } = site.collector;
    const dies = new Proxy(store, {
      get: (target, name) => {
        if (name === "forget") return () => Promise.reject(new Error("killed"));
        const value = Reflect.get(target, name, target) as unknown;
        return typeof value === "function" ? (value as () => unknown).bind(target) : value;
      },
    }) as Store;
    const parts = {
      rules: loadRules(DATA_ROOT),
      sensors: site.data.sensors,
      journal: forgetJournal(site.data.storeFile),
      alone: <T>(task: () => Promise<T>) => site.collector.pipeline.alone(task),
      now: () => 1,
    };
    await expect(
      new Forgetter({ ...parts, store: dies }).forget({ source: ANN }, { name: "t", address: "" }),
    ).rejects.toThrow("killed");
    // As if the last write had been cut in the middle.
    const [segment] = await segments(evidence());
    const record = (await wholeLog(evidence())).findLast((one) => one.kind === KIND.forgotten)!;
    const handle = await open(segment!.path, "r+");
    await handle.write(Buffer.alloc(HEADER + 2, 0xee), 0, HEADER + 2, record.position - segment!.position);
    await handle.close();
    await expect(wholeLog(evidence())).rejects.toThrow("are no record");

    await new Forgetter({ ...parts, store }).recover();
    await wholeLog(evidence());
    expect(await filesWith(data(), "WORD-OF-ANN", ANN)).toEqual([]);
    expect(await site.cases()).toEqual([before.find((one) => one.source === BEN)]);
    await new Forgetter({ ...parts, store }).recover();
  });

  it("works when nothing runs, leaves what is not over, and asks before it begins", async () => {
    site = await install();
    await visits(ANN, "WORD-OF-ANN");
    const open = visit({
      port: site.raw,
      from: ANN,
      send: [`${UEL}@PJL ECHO STILL-HERE\r\n`],
      hold: true,
      timeoutMs: 60_000,
    });
    open.catch(() => {});
    await site.cases();
    await forget(ANN, { data: data(), yes: true });
    const [left] = await site.cases();
    expect(left).toMatchObject({ id: "C-1", sessionCount: 1 });
    await site.sensor.stop("test");
    await open.catch(() => {});
    await site.collector.stop();

    await expect(forget(ANN, { data: data() })).rejects.toThrow("--yes");
    await expect(forget("nobody", { data: data(), yes: true })).rejects.toThrow("is not the name of anything");
    await expect(forget("192.0.2.9", { data: data(), yes: true })).rejects.toThrow("nothing of the kind");
    await forget(ANN, { data: data(), yes: true });
    expect(await filesWith(data(), "STILL-HERE", ANN)).toEqual([]);
    const questions = await openQuestions(site.data);
    expect(await questions.ask("cases", {})).toMatchObject({ cases: [] });
    await questions.close();
    const position = (await wholeLog(evidence())).at(-1)!;
    expect((await recover(evidence())).position).toBe(position.position + HEADER + position.payload.length);
    const path = data();
    site = { close: () => rm(path, { recursive: true }) } as Installation;
  });
});
