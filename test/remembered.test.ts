/** What a visitor changed is there for that visitor, on every service and after the program was killed, and for nobody else. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freeOffset, startProgram, type Started } from "./support/program.ts";
import { UEL, urllib27, visit } from "./support/visit.ts";

const [ANNA, BERT, CARL] = ["127.0.7.1", "127.0.7.2", "127.0.7.3"];
let folder: string;
let offset: number;
let printer: Started | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "inktrap-remembered-"));
  offset = await freeOffset();
});
afterAll(async () => {
  await printer?.stop();
  await rm(folder, { recursive: true });
});

/** Without pacing the panel shows what visitors put there, and not that the tray is empty or somebody else prints. */
async function start(pacing: boolean): Promise<Started> {
  const config = join(folder, "config.yaml");
  await writeFile(config, `persona: hp-laserjet-4250\npacing: ${pacing}\n`);
  return startProgram(join(folder, "data"), offset, ["--config", config]);
}

const pjl = (from: string, ...lines: string[]) =>
  visit({ port: printer!.raw, from, send: [UEL + lines.map((line) => `@PJL ${line}\r\n`).join("") + UEL] });
const page = (from: string) => visit({ port: printer!.web, from, send: [urllib27("127.0.0.1")] });

/** The file, the number of copies, whether there is a password, and the serial number, as this visitor sees them. */
async function seenBy(from: string) {
  const answer = await pjl(
    from,
    'FSUPLOAD NAME="0:\\note.txt" OFFSET=0 SIZE=5',
    "DINQUIRE COPIES",
    "DINQUIRE PASSWORD",
    "INFO CONFIG",
    "INFO STATUS",
  );
  return {
    file: /SIZE=5\r\n(.{5})\f/.exec(answer)?.[1],
    copies: /COPIES\r\n(\d+)/.exec(answer)?.[1],
    password: /PASSWORD\r\n(\w+)/.exec(answer)?.[1],
    serial: /SERIAL NUMBER="(\w+)"/.exec(answer)?.[1],
    message: /DISPLAY\d?="(\w+ was here)"/.exec(answer)?.[1],
    onPage: /(\w+ was here)/.exec(await page(from))?.[1],
  };
}

async function change(from: string, name: string, copies: number): Promise<void> {
  await pjl(
    from,
    `RDYMSG DISPLAY="${name} was here"`,
    `DEFAULT COPIES=${copies}`,
    "SET SERVICEMODE=HPBOISEID",
    `SET SERIALNUMBER=${name.toUpperCase()}1`,
    "SET SERVICEMODE=EXIT",
    `DEFAULT PASSWORD=${copies}`,
  );
  const data = name.padEnd(5, ".");
  const send = `${UEL}@PJL FSDOWNLOAD FORMAT:BINARY SIZE=5 NAME="0:\\note.txt"\r\n${data}${UEL}`;
  await visit({ port: printer!.raw, from, send: [send] });
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 1200));

async function kill({ pids, child }: Started): Promise<void> {
  const { sensor, collector } = pids();
  const gone = new Promise((resolve) => child.once("exit", resolve));
  process.kill(sensor, "SIGKILL");
  if (collector !== undefined) process.kill(collector, "SIGKILL");
  await gone;
}

describe("two visitors who change the same things", () => {
  const anna = { copies: "4", password: "ENABLED", serial: "ANNA1", message: "Anna was here", onPage: "Anna was here" };
  const bert = { copies: "9", password: "ENABLED", serial: "BERT1", message: "Bert was here", onPage: "Bert was here" };
  const nobody = { copies: "1", password: "DISABLED", message: undefined, onPage: undefined, file: undefined };

  it("each see their own, after kill -9 too, and a third sees neither", { timeout: 90_000 }, async () => {
    printer = await start(false);
    await change(ANNA, "Anna", 4);
    await change(BERT, "Bert", 9);
    for (let round = 0; round < 2; round++) {
      expect(await seenBy(ANNA)).toEqual({ ...anna, file: "Anna." });
      expect(await seenBy(BERT)).toEqual({ ...bert, file: "Bert." });
      expect(await seenBy(CARL)).toEqual({ ...nobody, serial: printer!.serial });
      if (round === 0) {
        await settled();
        await kill(printer);
        printer = await start(false);
      }
    }
  });

  it("are let go and found silent for a while when one makes the device restart", { timeout: 90_000 }, async () => {
    await printer!.stop();
    printer = await start(true);
    const other = visit({
      port: printer!.raw,
      from: ANNA,
      send: [`${UEL}@PJL INFO ID\r\n`],
      hold: true,
      timeoutMs: 20_000,
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await pjl(ANNA, 'DMCMD ASCIIHEX="040006020501010301040104"');
    await expect(other).rejects.toThrow("ECONNRESET");
    await expect(pjl(ANNA, "INFO ID")).rejects.toThrow("ECONNRESET");
    await expect(page(ANNA)).rejects.toThrow("ECONNRESET");
    expect(await pjl(BERT, "INFO ID")).toContain("HP LaserJet 4250");
    await settled();
    await kill(printer);
    printer = await start(true);
    await expect(pjl(ANNA, "INFO ID")).rejects.toThrow("ECONNRESET");
    expect((await seenBy(BERT)).file).toBe("Bert.");
  });
});
