/** The unit for systemd: well formed, for a program that exists, without more rights than it needs. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { has } from "./support/has.ts";

const unit = readFileSync("packaging/systemd/inktrap.service", "utf8");

/** Settings by section; a line that is none of comment, section and setting fails. */
function read(text: string): Record<string, Record<string, string>> {
  const sections: Record<string, Record<string, string>> = {};
  let section: Record<string, string> | undefined;
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const [, name] = /^\[(\w+)\]$/.exec(line) ?? [];
    const [, key, value] = /^([A-Z][A-Za-z]+)=(.+)$/.exec(line) ?? [];
    if (name !== undefined) section = sections[name] = {};
    else if (section && key !== undefined && !(key in section)) section[key] = value!;
    else throw new Error(`not a line of a unit: ${line}`);
  }
  return sections;
}

it("the unit starts what there is, as an ordinary user with one right", () => {
  const { Service, Install } = read(unit);
  const [, program, command, ...options] = Service!["ExecStart"]!.split(" ");
  expect(existsSync(program!.replace("/opt/inktrap/", ""))).toBe(true);
  expect(command).toBe("start");
  expect(options).toEqual(["--config", "/etc/inktrap/inktrap.yaml", "--data", "/var/lib/inktrap"]);
  expect(Service).toMatchObject({
    User: "inktrap",
    StateDirectory: "inktrap",
    Restart: "on-failure",
    AmbientCapabilities: "CAP_NET_BIND_SERVICE",
    CapabilityBoundingSet: "CAP_NET_BIND_SERVICE",
    NoNewPrivileges: "yes",
    ProtectSystem: "strict",
  });
  expect(Service).not.toHaveProperty("MemoryDenyWriteExecute");
  expect(Install).toEqual({ WantedBy: "multi-user.target" });
  expect(() => read(`${unit}Restart on-failure\n`)).toThrow("not a line");
});

it("systemd itself, where it is installed, takes the unit", () => {
  if (!has("systemd-analyze")) return;
  const folder = mkdtempSync(join(tmpdir(), "inktrap-unit-"));
  const file = join(folder, "inktrap.service");
  writeFileSync(file, unit.replace("/usr/bin/node", process.execPath));
  const { status, stdout, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", file], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  const said = `${stdout}${stderr}`.split("\n").filter((line) => line.includes("inktrap.service"));
  expect([status, said]).toEqual([0, []]);
});
