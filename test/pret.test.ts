/**
 * Every command of PRET's pjl mode, by its own frames over one real connection. What it cannot see at once is asked for after.
 * The table of a run of the tool itself is docs/pret.md.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { install, type Installation } from "./support/installation.ts";
import { PretClient } from "./support/pret.ts";
import { UEL } from "./support/visit.ts";

describe("PRET's pjl mode", () => {
  let printer: Installation;
  let pret: PretClient;
  beforeAll(async () => {
    printer = await install("hp-laserjet-4250");
    pret = await PretClient.open(printer.raw, "127.0.0.41");
  });
  afterAll(async () => {
    await pret.close();
    await printer.close();
  });
  const again = async () => {
    await pret.close();
    pret = await PretClient.open(printer.raw, "127.0.0.41");
  };

  it("id, version", async () => {
    expect(await pret.ask("@PJL INFO ID")).toBe('"HP LaserJet 4250"');
    expect(await pret.ask("@PJL INFO CONFIG")).toMatch(/^FIRMWARE DATECODE=\d{8} [\d.]+$/m);
  });

  it.each([
    ["config", /^LANGUAGES \[3 ENUMERATED\]$/m],
    ["filesys", /^0:\t\d+\t\d+\tRAM/m],
    ["memory", /^TOTAL=\d+\r\nLARGEST=\d+$/],
    ["pagecount", /^PAGECOUNT=\d+$/],
    ["status", /^CODE=10001\r\nDISPLAY="Ready"\r\nONLINE=TRUE$/],
    ["ustatus", /^DEVICE=OFF \[3 ENUMERATED\]$/m],
    ["variables", /^COPIES=1 \[2 RANGE\]$/m],
    ["log", /^"\?"$/],
    ["prodinfo", /^"\?"$/],
    ["supplies", /^"\?"$/],
    ["tracking", /^"\?"$/],
  ])("info %s", async (category, pattern) => {
    expect((await pret.ask(`@PJL INFO ${category.toUpperCase()}`)).replace(/^\t/gm, "")).toMatch(pattern);
  });

  it("status, which adds a question to every other", async () => {
    const answer = await pret.ask('@PJL FSQUERY NAME="0:/"\r\n@PJL INFO STATUS');
    expect(/CODE(\d+)?\s*=\s*(\d+)/.exec(answer)?.[2]).toBe("10001");
    expect(/DISPLAY(\d+)?\s*=\s*"(.*)"/.exec(answer)?.[2]).toBe("Ready");
  });

  it("set, printenv, site", async () => {
    pret.set("COPIES=7");
    expect(await pret.printenv("COPIES")).toBe("COPIES=7");
    expect(await pret.ask("@PJL DINQUIRE COPIES")).toBe("7");
    expect(await pret.ask("@PJL INQUIRE NOSUCH")).toBe('"?"');
  });

  it("pagecount", async () => {
    pret.set("PAGES=4242");
    expect(await pret.ask("@PJL INFO PAGECOUNT")).toBe("PAGECOUNT=4242");
  });

  it("display", async () => {
    pret.tell('@PJL RDYMSG DISPLAY="HACKED"');
    expect(await pret.ask("@PJL INFO STATUS")).toContain('DISPLAY="HACKED"');
  });

  it("hold, seen on another connection", async () => {
    pret.set("HOLD=ON");
    await again();
    expect(await pret.printenv("HOLD=")).toBe("HOLD=ON");
  });

  it("disable and enable", async () => {
    expect(await pret.ask("@PJL DINQUIRE JOBMEDIA")).toBe("ON");
    pret.set("JOBMEDIA=OFF");
    expect(await pret.ask("@PJL DINQUIRE JOBMEDIA")).toBe("OFF");
    pret.set("JOBMEDIA=ON");
  });

  it("chvol, cd, ls, traversal", async () => {
    const volumes = (await pret.ask("@PJL INFO FILESYS")).split("\r\n").slice(1);
    expect(volumes.map((line) => line.trimStart()[0])).toEqual(["0"]);
    expect(await pret.isDirectory("0:/saveDevice")).toBe(true);
    expect(await pret.isDirectory("0:/none")).toBe(false);
    expect(Object.keys(await pret.list("0:/"))).toEqual(["PostScript", "PJL", "saveDevice", "webServer"]);
    expect(await pret.isDirectory("0:/../..")).toBe(true);
    expect(await pret.list("0:/../..")).toMatchObject({ hpmnt: undefined, init: 1136 });
  });

  it("mkdir, put, get, append, touch, cat, delete", async () => {
    const data = `binary \0\xff\r\n\f\x04${UEL}@PJL ECHO DELIMITER1\r\n`;
    pret.tell('@PJL FSMKDIR NAME="0:/new"');
    pret.put("0:/new/file.bin", data);
    expect(await pret.list("0:/new")).toEqual({ "file.bin": data.length });
    expect(await pret.get("0:/new/file.bin")).toBe(data);
    pret.put("0:/new/file.bin", "more\n", "FSAPPEND");
    expect(await pret.get("0:/new/file.bin")).toBe(`${data}more\n`);
    pret.put("0:/new/empty", "", "FSAPPEND");
    expect(await pret.size("0:/new/empty")).toBe(0);
    for (const path of ["0:/new/file.bin", "0:/new/empty", "0:/new"]) pret.tell(`@PJL FSDELETE NAME="${path}"`);
    expect(await pret.ask('@PJL FSQUERY NAME="0:/new"')).toBe("FILEERROR=3");
  });

  it("find and mirror: every file of the volume can be read", async () => {
    const walk = async (path: string): Promise<[string, number][]> => {
      const found: [string, number][] = [];
      for (const [name, size] of Object.entries(await pret.list(path))) {
        if (size === undefined) found.push(...(await walk(`${path}${name}/`)));
        else found.push([`${path}${name}`, size]);
      }
      return found;
    };
    const files = await walk("0:/");
    expect(files.map(([name]) => name)).toContain("0:/webServer/home/device.html");
    for (const [name, size] of files) expect(await pret.get(name)).toHaveLength(size);
  });

  it("fuzz write: only the volume can be written to, and what is written is there", async () => {
    for (const path of ["0:/dat1", "C:/dat1", "/etc/dat1", "file:///dat1", "dat1", "~/dat1"]) {
      pret.put(path, "test");
      pret.put(path, "test2", "FSAPPEND");
      expect(await pret.size(path)).toBe(path.startsWith("0:") ? 9 : undefined);
    }
    pret.tell('@PJL FSDELETE NAME="0:/dat1"');
  });

  it("format does nothing outside a secure job", async () => {
    pret.tell('@PJL FSINIT VOLUME="0"');
    expect(Object.keys(await pret.list("0:/"))).toHaveLength(4);
  });

  it("nvram: another maker's commands", async () => {
    expect(await pret.ask("@PJL RNVRAM ADDRESS=0")).toBe("");
    pret.tell("@PJL SUPERUSER PASSWORD=0", "@PJL WNVRAM ADDRESS=0 DATA=1", "@PJL SUPERUSEROFF");
  });

  it("lock and unlock, with a PIN and by trying", async () => {
    pret.tell("@PJL DEFAULT PASSWORD=4711", "@PJL DEFAULT CPLOCK=ON", "@PJL DEFAULT DISKLOCK=ON");
    expect(await pret.ask("@PJL DINQUIRE PASSWORD")).toBe("ENABLED");
    const unlock = (pins: readonly number[]) => {
      const tries = pins.map((pin) => `@PJL JOB PASSWORD=${pin}\r\n@PJL DEFAULT PASSWORD=0\r\n`);
      return pret.ask(`${tries.join("")}@PJL DINQUIRE PASSWORD`);
    };
    expect(await unlock([1])).toBe("ENABLED");
    expect(await unlock(Array.from({ length: 500 }, (_, i) => 4001 + i))).toBe("ENABLED");
    expect(await unlock(Array.from({ length: 500 }, (_, i) => 4501 + i))).toBe("DISABLED");
    pret.tell("@PJL DEFAULT CPLOCK=OFF", "@PJL DEFAULT DISKLOCK=OFF");
    expect(await pret.ask("@PJL DINQUIRE DISKLOCK")).toBe("OFF");
    pret.tell("@PJL EOJ");
  });

  it("destroy: writes the same default again and again", async () => {
    pret.set("COPIES=42");
    expect(await pret.ask("@PJL DINQUIRE COPIES")).toBe("42");
    const writes = Array.from({ length: 98 }, (_, i) => `@PJL DEFAULT COPIES=${(i + 2) % 98}`);
    expect(await pret.ask(`${writes.join("\r\n")}\r\n@PJL INFO ID`)).toContain("HP LaserJet 4250");
  });

  it("flood: long words everywhere", async () => {
    const long = "0".repeat(10_000);
    for (const line of [
      `@PJL SET LANG=${long}`,
      `@PJL ${long}`,
      `@PJL COMMENT ${long}`,
      `@PJL ENTER LANGUAGE=${long}`,
      `@PJL JOB NAME="${long}"`,
      `@PJL EOJ NAME="${long}"`,
      `@PJL ECHO ${long}`,
      `@PJL RDYMSG DISPLAY="${long}"`,
      `@PJL FSDIRLIST NAME="${long}"`,
      `@PJL FSUPLOAD NAME="${long}"`,
    ]) {
      pret.tell(line);
    }
    expect(await pret.ask("@PJL INFO ID")).toBe('"HP LaserJet 4250"');
  });

  it("selftest and print: pages come out", async () => {
    const count = async () => Number((await pret.ask("@PJL INFO PAGECOUNT")).split("=")[1]);
    const before = await count();
    pret.tell("@PJL SET TESTPAGE=SELFTEST", '@PJL DMCMD ASCIIHEX="04000401010502040103"');
    const printed = await count();
    expect(printed).toBeGreaterThan(before);
    pret.tell("hello");
    expect(await count()).toBe(printed + 1);
  });

  it("offline, then restart and reset, which break the connection off", async () => {
    pret.tell('@PJL OPMSG DISPLAY="OUT OF ORDER"');
    expect(await pret.ask("@PJL INFO STATUS")).toMatch(/CODE=40048\r\nDISPLAY="OUT OF ORDER"\r\nONLINE=FALSE/);
    for (const [value, copies] of [
      ["04", "3"],
      ["06", "1"],
    ] as const) {
      pret.set("COPIES=3");
      expect(await pret.ask("@PJL DINQUIRE COPIES")).toBe("3");
      pret.tell(`@PJL DMCMD ASCIIHEX="0400060205010103010401${value}"`);
      await pret.closed();
      printer.clock.now += 300_000;
      pret = await PretClient.open(printer.raw, "127.0.0.41");
      expect(await pret.ask("@PJL DINQUIRE COPIES")).toBe(copies);
    }
    expect(await pret.ask("@PJL INFO STATUS")).toContain("ONLINE=TRUE");
  });
});
