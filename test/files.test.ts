/** Files on the printer's disk, over real sockets: what is put there comes back, to the source that put it and to nobody else. */
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobFile } from "../src/evidence/folder.ts";
import { install, type Installation } from "./support/installation.ts";
import { UEL, visit } from "./support/visit.ts";

const MIB = 1024 * 1024;
/** A megabyte with everything in it that ends a job or begins a command. */
const TRAP = `${UEL}@PJL INFO ID\r\n@PJL FSDELETE NAME="0:\\big.bin"\r\n\f\0\x04`;
const BIG = Buffer.concat([
  Buffer.from(TRAP, "latin1"),
  randomBytes(MIB - 2 * TRAP.length),
  Buffer.from(TRAP, "latin1"),
]);

describe("files on the disk", () => {
  let printer: Installation;
  beforeAll(async () => void (printer = await install("hp-laserjet-4250")));
  afterAll(() => printer.close());

  const ask = (send: readonly (string | Uint8Array)[], from = "127.0.0.21", pauseMs = 0) =>
    visit({ port: printer.raw, from, send, pauseMs, timeoutMs: 20_000 });
  const upload = (name: string, offset: number, size: number) =>
    `${UEL}@PJL FSUPLOAD NAME="${name}" OFFSET=${offset} SIZE=${size}\r\n${UEL}`;
  const head = (name: string, offset: number, size: number) =>
    `@PJL FSUPLOAD FORMAT:BINARY NAME="${name}" OFFSET=${offset} SIZE=${size}\r\n`;

  it("gives a megabyte back in the same connection, byte for byte", async () => {
    const put = Buffer.concat([
      Buffer.from(`${UEL}@PJL FSDOWNLOAD FORMAT:BINARY SIZE=${MIB} NAME="0:\\big.bin"\r\n`),
      BIG,
      Buffer.from(UEL),
    ]);
    const cuts = [0, 7, 90, 65_000, 300_000, 300_001, put.length];
    const pieces = cuts.slice(1).map((end, i) => put.subarray(cuts[i], end));
    const answer = await ask([...pieces, `@PJL ECHO before\r\n${upload("0:\\big.bin", 0, MIB)}@PJL ECHO after\r\n`]);
    expect(digest(answer)).toBe(
      digest(`@PJL ECHO before\r\n\f${head("0:\\big.bin", 0, MIB)}${BIG.toString("latin1")}\f@PJL ECHO after\r\n\f`),
    );
  });

  it("gives it back in later connections, in parts too, and shows it to nobody else", async () => {
    const part = await ask([upload("0:/big.bin", 5, 30)]);
    expect(part).toBe(`${head("0:/big.bin", 5, 30)}${BIG.toString("latin1", 5, 35)}\f`);
    const rest = await ask([upload("0:\\big.bin", MIB - 10, 2_147_483_647)]);
    expect(rest).toBe(`${head("0:\\big.bin", MIB - 10, 10)}${BIG.toString("latin1", MIB - 10)}\f`);
    const other = await ask([upload("0:\\big.bin", 0, 10)], "127.0.0.22");
    expect(other).toBe('@PJL FSUPLOAD NAME="0:\\big.bin"\r\nFILEERROR=3\r\n\f');
  });

  it("keeps what is appended apart, and gives it back as one file", async () => {
    const name = "0:\\webServer\\default\\csconfig";
    const append = (text: string) =>
      `${UEL}@PJL FSAPPEND FORMAT:BINARY SIZE=${text.length} NAME="${name}"\r\n${text}${UEL}`;
    const own = await ask([upload(name, 0, 9999)]);
    await ask([append("one\n"), append("two\n")]);
    const answer = await ask([upload(name, 0, 9999)]);
    const content = own.slice(own.indexOf("\r\n") + 2, -1);
    expect(answer).toBe(`${head(name, 0, content.length + 8)}${content}one\ntwo\n\f`);
  });

  it("keeps each as evidence, with the line it came by, and prints none", async () => {
    await printer.settle();
    const { jobs } = await printer.view.answer("jobs", { limit: 100 });
    const big = jobs.find((job) => job.bytes === MIB);
    expect(big).toMatchObject({ kind: "file", name: "0:\\big.bin", complete: true });
    const kept = readFileSync(jobFile(join(printer.data.sensor("local"), "evidence"), big!.sha256));
    expect(kept.equals(BIG)).toBe(true);
    const cases = await printer.cases();
    expect(cases.find((one) => one.source === "127.0.0.21")?.intent).not.toBe("spam");
  });

  it("refuses what the disk has no room for, and keeps it all the same", async () => {
    const size = 21_600_000;
    const piece = Buffer.alloc(1_200_000, "x");
    const put = [
      `${UEL}@PJL FSDOWNLOAD FORMAT:BINARY SIZE=${size} NAME="0:\\huge"\r\n`,
      ...Array.from({ length: 18 }, () => piece),
    ];
    const answer = await ask([...put, `${UEL}@PJL FSQUERY NAME="0:\\huge"\r\n`], "127.0.0.23");
    expect(answer).toBe('@PJL FSQUERY NAME="0:\\huge"\r\nFILEERROR=3\r\n\f');
    await printer.settle();
    const { jobs } = await printer.view.answer("jobs", { limit: 100 });
    expect(jobs.find((job) => job.bytes === size)).toMatchObject({ kind: "file", complete: true });
  });

  it("shows less room when something was stored, to that source", async () => {
    const free = async (from: string) =>
      Number(/0:\t\d+\t(\d+)/.exec(await ask([`${UEL}@PJL INFO FILESYS\r\n${UEL}`], from))?.[1]);
    expect((await free("127.0.0.22")) - (await free("127.0.0.21"))).toBe(MIB);
  });
});

/** Long texts are compared by this: a difference of a megabyte is no message. */
function digest(text: string): string {
  return `${text.length} ${createHash("sha256").update(text, "latin1").digest("hex")}`;
}
