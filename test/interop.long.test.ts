/** Programs that other people wrote, talking to the emulated printers. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { has } from "./support/has.ts";
import { install, type Installation } from "./support/installation.ts";

const execute = promisify(execFile);
const CUPS_SOCKET = "/usr/lib/cups/backend/socket";

async function tool(program: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await execute(program, args, { timeout: 50_000, env: { ...process.env, ...env } });
  return stdout;
}

/** nmap sends its PJL probe to port 9100 only, unless it is told to spend minutes; so each device has that port at an address of its own. */
const ADDRESSES: Record<string, string> = { "hp-laserjet-p1102w": "127.91.0.1", "hp-laserjet-4250": "127.91.0.2" };
const MODELS = { "hp-laserjet-p1102w": "HP LaserJet Professional P1102w", "hp-laserjet-4250": "HP LaserJet 4250" };

describe.each(Object.entries(MODELS))("%s", (persona, model) => {
  const address = ADDRESSES[persona]!;
  let site: Installation;
  let folder: string;
  beforeAll(async () => {
    site = await install(persona, address, 9100);
    folder = await mkdtemp(join(tmpdir(), "inktrap-interop-"));
  });
  afterAll(async () => {
    await site.close();
    await rm(folder, { recursive: true });
  });

  it.skipIf(!has("nmap"))("nmap -sV names the model on the raw port", async () => {
    const out = await tool("nmap", [
      "-n",
      "-Pn",
      "-sV",
      "--version-all",
      "--allports",
      "-p",
      String(site.raw),
      address,
    ]);
    expect(out).toMatch(new RegExp(`open\\s+hp-pjl\\s+${model}`));
  });

  it.skipIf(!has("nmap"))("nmap -sV names the maker's web server", async () => {
    const out = await tool("nmap", ["-n", "-Pn", "-sV", "--allports", "-p", String(site.web), address]);
    expect(out).toMatch(/open\s+http\s.*HP LaserJet (P1102w|4250) printer http config/);
  });

  it.skipIf(!has("nmap"))("nmap's pjl-ready-message reads the message, sets it, and reads it again", async () => {
    const script = ["-n", "-Pn", "-p", String(site.raw), "--script", "+pjl-ready-message"];
    expect(await tool("nmap", [...script, address])).toMatch(/pjl-ready-message: "?Ready/);
    const set = await tool("nmap", [...script, "--script-args", "pjl_ready_message=PAPER PARTY", address]);
    expect(set).toContain('changed to "PAPER PARTY"');
    expect(await tool("nmap", [...script, address])).toMatch(/pjl-ready-message: "?PAPER PARTY/);
    expect((await site.cases())[0]).toMatchObject({ intent: "tampering" });
  });

  it.skipIf(!has("curl"))(
    "curl fetches every page that the front page links to, and a page that is not there",
    async () => {
      const home = `http://${address}:${site.web}`;
      const page = await tool("curl", ["-s", "--fail", `${home}/`]);
      const links = new Set([...page.matchAll(/href="(\/[^"]*)"/g)].map((match) => match[1]!));
      expect(links.size).toBeGreaterThanOrEqual(3);
      for (const link of links) expect(await tool("curl", ["-s", "--fail", home + link])).toContain(model);
      const status = await tool("curl", ["-s", "-o", "/dev/null", "-w", "%{http_code}", `${home}/nothing-here`]);
      expect(status).toBe("404");
    },
  );

  it.skipIf(!has("python3"))("Python's urllib gets the page", async () => {
    const program = `import urllib.request; print(urllib.request.urlopen("http://${address}:${site.web}/", timeout=10).read().decode())`;
    expect(await tool("python3", ["-c", program])).toContain(model);
  });

  it.skipIf(!has(CUPS_SOCKET))(
    "CUPS prints through its socket backend, and the job is kept byte for byte",
    async () => {
      const document = join(folder, "page.ps");
      const body =
        "%!PS-Adobe-3.0\n%%Title: minutes\n/Helvetica findfont 12 scalefont setfont 72 720 moveto (minutes) show showpage\n%%EOF\n";
      await writeFile(document, body);
      await tool(CUPS_SOCKET, ["17", "lena", "minutes", "1", "", document], {
        DEVICE_URI: `socket://${address}:${site.raw}`,
      });
      await site.settle();
      const { jobs } = await site.view.answer("jobs", { limit: 1 });
      expect(jobs[0]).toMatchObject({ language: "postscript", bytes: body.length, complete: true });
      const { file } = await site.view.answer("job", { number: Number(jobs[0]!.id.slice(2)) });
      expect(await readFile(join(site.data.path, file), "utf8")).toBe(body);
    },
  );
});
