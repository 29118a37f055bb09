/** Print jobs that mean harm: whatever they do, there is a reading, limits hold, and nothing outside the jail is touched. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Limits, LIMITS } from "../src/jail/contract.ts";
import { readJob, type ReadOptions } from "../src/jobs/read.ts";
import { reading, type Reading } from "../src/jobs/reading.ts";
import { BOMBS, harmless, luring, mutated, nosy, PAGE, printingElsewhere } from "./support/hostile-jobs.ts";

const MIB = 1024 * 1024;
const SECRET = "the canary sings at 198.51.100.77";
const SHORT: Limits = { ...LIMITS, wallMs: 3000 };

const folder = mkdtempSync(join(tmpdir(), "inktrap-hostile-"));
const secretFile = join(folder, "canary");
let canary: Server;
let touched = 0;
let url = "";
const measured: string[] = [];
/** Two jobs are read at a time, as there are two processors where this is built. */
const lanes: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];
let asked = 0;

beforeAll(async () => {
  writeFileSync(secretFile, SECRET);
  canary = createServer((socket) => (touched++, socket.destroy()));
  await new Promise<void>((resolve) => canary.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(canary.address() as { port: number }).port}/canary`;
});

afterAll(() => {
  canary.close();
  rmSync(folder, { recursive: true, force: true });
  console.log(["", "what was read: time, most memory, pages, outcome", ...measured].join("\n"));
});

function read(name: string, job: Buffer, options: ReadOptions = {}): Promise<Reading> {
  const lane = asked++ % lanes.length;
  const made = lanes[lane]!.then(() => readNow(name, job, options));
  lanes[lane] = made.catch(() => {});
  return made;
}

/** Reads a job and holds what has to hold for every job. */
async function readNow(name: string, job: Buffer, options: ReadOptions): Promise<Reading> {
  const limits = options.limits ?? SHORT;
  const pictures: string[] = [];
  const started = performance.now();
  const made = await readJob(job, { ...options, limits, onPicture: (picture) => pictures.push(picture) });
  const ms = performance.now() - started;
  const { outcome, pages, peakBytes } = made;
  const facts = [
    `${Math.round(ms)} ms`,
    `${Math.round(peakBytes / MIB)} MiB`,
    pages.length,
    outcome.status,
    outcome.why,
  ];
  if (name !== "") measured.push(`${name}: ${facts.join(", ")}`);
  expect(reading.safeParse(made).error).toBeUndefined();
  expect(made.bytes).toBe(job.length);
  // All tries together; starting and ending takes a little.
  expect(ms).toBeLessThan(limits.wallMs + 2500);
  // Looked at every 50 ms; the kernel ends what grows faster.
  expect(peakBytes).toBeLessThan(limits.residentBytes + 100 * MIB);
  expect(pages.length).toBeLessThanOrEqual(20);
  expect(pictures.filter((picture) => !picture.includes("thumb"))).toEqual(pages.map(({ page }) => `${page}.png`));
  return made;
}

function nothingTouched(): void {
  expect(touched).toBe(0);
  expect(readdirSync(folder)).toEqual(["canary"]);
  expect(readFileSync(secretFile, "utf8")).toBe(SECRET);
}

describe.concurrent("bombs", () => {
  it.for(Object.keys(BOMBS))("%s", async (name) => {
    await read(name, BOMBS[name]!());
  });

  it("keep the page that was finished, and its words", async () => {
    const job = Buffer.from(`${PAGE}{} loop`);
    const { pages, words, outcome } = await read("a page, then no end, with all the time", job, { limits: LIMITS });
    expect(pages).toHaveLength(1);
    expect(words.map(({ text }) => text.trim())).toEqual(["Toner for sale"]);
    expect(outcome).toEqual({ status: "partial", why: "time limit of 10 s reached on page 2" });
  });

  it("stop after twenty pages", async () => {
    const { pages, outcome } = await read("", BOMBS["pages without end"]!(), { limits: LIMITS });
    expect(pages).toHaveLength(20);
    expect(outcome).toMatchObject({ status: "partial", why: "stopped after page 20" });
  });

  it("can be stopped at any moment", async () => {
    for (const wait of [0, 50, 200, 400, 700]) {
      const stop = new AbortController();
      setTimeout(() => stop.abort(), wait);
      const made = await read("", BOMBS["pages without end"]!(), { signal: stop.signal });
      if (made.pages.length < 20) expect(made.outcome.why).toMatch(/^stopped on page \d+$/);
    }
  });
});

// Without bubblewrap, so that it is the readers that are tested: within it there is neither network nor file.
describe("curious jobs, with no wall but the readers' own", () => {
  it("cannot read, write, delete, list or run anything", async () => {
    const { words, pages } = await read("a curious document", nosy(secretFile, folder), {
      walls: "none",
      limits: LIMITS,
    });
    expect(pages).toHaveLength(1);
    const text = words.map((one) => one.text).join("\n");
    expect(text.match(/refused/g)?.length).toBeGreaterThan(10);
    expect(text).not.toContain("canary sings");
    expect(text).not.toContain("root:");
    for (const name of ["read", "users", "environment", "write", "delete", "pipe in", "pipe out"]) {
      expect(text).toContain(`${name}: refused`);
    }
    nothingTouched();
  });

  it("cannot have their pages written elsewhere", async () => {
    for (const where of [`${folder}/new`, `%pipe%touch ${folder}/new`]) {
      const { pages } = await read("pages for elsewhere", printingElsewhere(where), { walls: "none", limits: LIMITS });
      expect(pages).toHaveLength(1);
      nothingTouched();
    }
  });

  it("lead nobody anywhere", async () => {
    for (const [name, job] of Object.entries(luring(url, secretFile))) {
      const made = await read(name, job, { walls: "none" });
      expect(JSON.stringify(made.words)).not.toContain("canary sings");
      nothingTouched();
    }
  });
});

describe("mutations", () => {
  const COUNT = 60;
  it("of every kind of job, sixty each, are read or refused in order", { timeout: 1_800_000 }, async () => {
    const statuses: Record<string, number> = {};
    for (const [name, file] of Object.entries(await harmless())) {
      const made = await Promise.all(Array.from({ length: COUNT }, (_, seed) => read("", mutated(file, seed))));
      const most = Math.max(...made.map((one) => one.peakBytes));
      const longest = Math.max(...made.map((one) => one.ms));
      for (const one of made) statuses[one.outcome.status] = (statuses[one.outcome.status] ?? 0) + 1;
      measured.push(`${COUNT} mutations of ${name}: at most ${Math.round(longest)} ms, ${Math.round(most / MIB)} MiB`);
    }
    measured.push(`mutations: ${JSON.stringify(statuses)}`);
    // They are changed enough to fail, and not so much that all do.
    expect(statuses["ok"]).toBeGreaterThan(20);
    expect((statuses["partial"] ?? 0) + (statuses["failed"] ?? 0)).toBeGreaterThan(20);
    nothingTouched();
  });
});
