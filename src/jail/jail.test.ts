import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { has } from "../../test/support/has.ts";
import { kernelLimits } from "./command.ts";
import { type Ending, type Frame, type Jailed, type Limits, LIMITS, type Walls } from "./contract.ts";
import { jail, type OnFrame } from "./jail.ts";
import { codeOf } from "./reads.ts";
import { walls } from "./walls.ts";

const MIB = 1024 * 1024;
const CHILD = join(process.cwd(), "dist", "jail", "child.js");
const folder = mkdtempSync(join(tmpdir(), "inktrap-jail-"));
const limits = (less: Partial<Limits>): Limits => ({ ...LIMITS, ...less });

let programs = 0;
/** Starts a program, given as the body of a module that knows `say`, `input`, `wholeInput` and `asked`. */
function start(
  code: string,
  less: Partial<Limits> = {},
  onFrame: OnFrame = () => null,
  want?: Walls,
  asked?: unknown,
): Promise<Jailed> {
  const entry = join(folder, `${programs++}.mjs`);
  writeFileSync(entry, `import { asked, input, say, wholeInput } from ${JSON.stringify(CHILD)};\n${code}`);
  return jail({ entry, reads: codeOf(["jail"], []), asked: asked ?? null }, limits(less), onFrame, want);
}

async function run(
  code: string,
  less: Partial<Limits> = {},
  want?: Walls,
  asked?: unknown,
): Promise<{ frames: Frame[]; ending: Ending }> {
  const frames: Frame[] = [];
  const jailed = await start(code, less, (frame) => (frames.push(frame), null), want, asked);
  jailed.end();
  return { frames, ending: await jailed.ended };
}

/** What happened to each try: `done`, or the code or message it was refused with. */
const TRIES = `
const tries = {
  "read a file": async () => (await import("node:fs")).readFileSync("/etc/passwd"),
  "list a folder": async () => (await import("node:fs")).readdirSync("/tmp"),
  "read the code of the service": async () => (await import("node:fs")).readFileSync(asked().other),
  "write a file": async () => (await import("node:fs")).writeFileSync("/tmp/inktrap-canary", "x"),
  "write beside itself": async () => (await import("node:fs")).writeFileSync(new URL("x", import.meta.url), "x"),
  "delete itself": async () => (await import("node:fs")).unlinkSync(new URL(import.meta.url)),
  "start a process": async () => (await import("node:child_process")).execFileSync("/bin/true"),
  "start a worker": async () => new (await import("node:worker_threads")).Worker("1", { eval: true }),
  "make code from text": async () => new Function("return 1")(),
  "evaluate text": async () => (0, eval)("1"),
  "load native code": async () => process.dlopen({ exports: {} }, "/lib/x.node"),
  "import from elsewhere": async () => import("/usr/share/nodejs/acorn/dist/acorn.js"),
  "reach into Node": async () => process.binding("spawn_sync"),
};
const told = {};
for (const [name, act] of Object.entries(tries)) {
  try { await act(); told[name] = "done"; } catch (error) { told[name] = error.code ?? error.name; }
}
say("told", { told, environment: Object.keys(process.env), words: process.argv.length });
`;

const standing = await walls();
const want: Walls[] = standing.walls === "bubblewrap" ? ["none", "bubblewrap"] : ["none"];

describe.each(want)("walls: %s", (wall) => {
  it("leaves a program nothing but its own code", async () => {
    const { frames, ending } = await run(TRIES, {}, wall, { other: join(process.cwd(), "README.md") });
    expect(ending).toMatchObject({ how: "exit", detail: "" });
    const { told, environment } = frames[0]!.head as { told: Record<string, string>; environment: string[] };
    const done = Object.keys(told).filter((name) => told[name] === "done");
    expect(done).toEqual([]);
    expect(Object.keys(told)).toHaveLength(13);
    // Bubblewrap tells where it changed to; there is nothing else.
    expect(environment.filter((name) => name !== "PWD")).toEqual([]);
  });
});

describe("the network", () => {
  let canary: Server;
  let touched = 0;
  let port = 0;
  beforeAll(async () => {
    canary = createServer((socket) => (touched++, socket.destroy()));
    await new Promise<void>((resolve) => canary.listen(0, "127.0.0.1", resolve));
    port = (canary.address() as { port: number }).port;
  });
  afterAll(() => canary.close());

  it.skipIf(standing.walls !== "bubblewrap")("cannot be reached through bubblewrap", async () => {
    const code = `
      const { connect } = await import("node:net");
      const end = await new Promise((resolve) => connect(asked(), "127.0.0.1").on("connect", () => resolve("connected")).on("error", (error) => resolve(error.code)));
      say("end", end);
      process.exit(0);`;
    const { frames } = await run(code, {}, "bubblewrap", port);
    expect(frames[0]!.head).toBe("ECONNREFUSED");
    expect(touched).toBe(0);
  });
});

describe("limits", () => {
  const LOOP = 'say("first", 1); for (;;);';
  it("ends what takes too long, and keeps what it said", async () => {
    const { frames, ending } = await run(LOOP, { wallMs: 700 });
    expect(frames.map(({ kind }) => kind)).toEqual(["first"]);
    expect(ending).toMatchObject({ how: "time", detail: "time limit of 0.7 s" });
    expect(ending.ms).toBeGreaterThan(650);
    expect(ending.ms).toBeLessThan(3000);
  });

  const GROW =
    'say("first", 1); const all = []; for (;;) { all.push(Buffer.alloc(4e6, 1)); await new Promise((go) => setTimeout(go, 5)); }';
  it.skipIf(!has("/proc/self/status"))("ends what takes too much memory", async () => {
    const { frames, ending } = await run(GROW, { residentBytes: 150 * MIB });
    expect(frames).toHaveLength(1);
    expect(ending).toMatchObject({ how: "memory", detail: "memory limit of 150 MiB" });
    expect(ending.peakBytes).toBeGreaterThan(150 * MIB);
    expect(ending.peakBytes).toBeLessThan(220 * MIB);
  });

  it("ends what takes too much heap", async () => {
    const { ending } = await run("const all = []; for (;;) all.push({ a: all.length });", { heapBytes: 64 * MIB });
    expect(ending).toMatchObject({ how: "memory", detail: "memory limit of JavaScript" });
  });

  it("ends what says too much", async () => {
    const { frames, ending } = await run('for (;;) say("more", 0, new Uint8Array(1e5));', { outputBytes: MIB });
    expect(frames.length).toBeLessThan(11);
    expect(ending).toMatchObject({ how: "output", detail: "output limit of 1 MiB" });
  });

  it("ends what says too much at once", async () => {
    const { ending } = await run('say("more", 0, new Uint8Array(1e5 + 1));', { frameBytes: 1e5 });
    expect(ending).toMatchObject({ how: "garbled", detail: "a body of 100001 bytes" });
  });

  it("ends what says something else than agreed", async () => {
    const jailed = await start('say("good", 1); say("bad", 2); for (;;);', {}, ({ kind }) =>
      kind === "bad" ? "it is bad" : null,
    );
    expect(await jailed.ended).toMatchObject({ how: "garbled", detail: "it is bad" });
  });

  it("ends what writes anything but frames", async () => {
    const { ending } = await run(
      '(await import("node:fs")).writeSync(3, "hello there, this is no frame at all"); for (;;);',
    );
    expect(ending.how).toBe("garbled");
  });

  it("tells the last words of what broke down, and no more than 8 kB of them", async () => {
    const { ending } = await run('process.stderr.write("x".repeat(100000)); throw new Error("the end");');
    expect(ending.how).toBe("crash");
    expect(ending.detail).toContain("the end");
    expect(ending.detail.length).toBeLessThan(8300);
  });

  it.skipIf(!has("/bin/sh"))("are kept by the kernel where nobody watches", () => {
    const held = (code: string, less: Partial<Limits>): ReturnType<typeof spawnSync> => {
      const [command, ...words] = kernelLimits([process.execPath, "-e", code], limits(less));
      return spawnSync(command!, words, { env: {}, cwd: folder, timeout: 30_000 });
    };
    expect(held("for (;;);", { wallMs: 250 }).signal).toMatch(/SIGXCPU|SIGKILL/);
    expect(
      held("const all = []; for (;;) all.push(Buffer.alloc(4e6, 1));", { residentBytes: 100 * MIB }).status,
    ).not.toBe(0);
    expect(held('require("fs").writeFileSync("x", "y")', {}).status).not.toBe(0);
    expect(held("", {}).status).toBe(0);
  });
});

describe("a conversation", () => {
  it("answers while it goes on", async () => {
    const heard: Frame[] = [];
    let answered = (): void => {};
    const jailed = await start(
      'for (const piece of input()) say("echo", Buffer.from(piece).toString());',
      {},
      (frame) => {
        heard.push(frame);
        answered();
        return null;
      },
    );
    for (const word of ["one", "two", "three"]) {
      const answer = new Promise<void>((resolve) => (answered = resolve));
      await jailed.write(Buffer.from(word));
      await answer;
    }
    jailed.end();
    expect(await jailed.ended).toMatchObject({ how: "exit" });
    expect(heard.map(({ head }) => head)).toEqual(["one", "two", "three"]);
  });

  it("makes whoever writes wait for a program that does not read, and lets go when it ends", async () => {
    const jailed = await start("for (;;) await new Promise((go) => setTimeout(go, 1000));");
    let written = false;
    const writing = jailed.write(new Uint8Array(4 * MIB)).then(() => (written = true));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(written).toBe(false);
    jailed.stop();
    await writing;
    expect(await jailed.ended).toMatchObject({ how: "stopped" });
    await jailed.write(new Uint8Array(MIB));
    jailed.end();
    jailed.stop();
  });

  it("reads its input whole, and no more than it wants", async () => {
    const jailed: Jailed = await start('say("length", wholeInput(1000).length);', {}, ({ head }) =>
      head === 1000 ? null : String(head),
    );
    await jailed.write(new Uint8Array(3 * MIB));
    jailed.end();
    expect(await jailed.ended).toMatchObject({ how: "exit" });
  });

  it("keeps every frame that was said before a kill, whole and in order", async () => {
    const code = 'for (let n = 0; ; n++) say("n", n, new Uint8Array((n * 7919) % 50000).fill(n));';
    for (const wait of [0, 60, 90, 110, 140, 170]) {
      const frames: Frame[] = [];
      const jailed = await start(code, { outputBytes: 1e10 }, (frame) => (frames.push(frame), null));
      setTimeout(() => jailed.stop(), wait);
      expect(await jailed.ended).toMatchObject({ how: "stopped" });
      expect(frames.map(({ head }) => head)).toEqual(frames.map((_, n) => n));
      const whole = ({ head, body }: Frame): boolean =>
        body.length === ((head as number) * 7919) % 50000 && body.every((byte) => byte === (head as number) % 256);
      expect(frames.every(whole)).toBe(true);
    }
  });
});

it("tells of a program that cannot be started", async () => {
  const jailed = await jail({ entry: join(folder, "none.mjs"), reads: [], asked: 0 }, LIMITS, () => null);
  expect((await jailed.ended).how).toBe("crash");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));
