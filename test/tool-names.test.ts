/**
 * What the device answers does not depend on who asks: no tool's name and no mark of a tool occurs in the protocols.
 * Who asks is for the rules in data/ to tell.
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const TOOLS =
  /\b(pret|metasploit|msf|rex|nmap|nse|openvas|greenbone|nessus|nuclei|nerva|zgrab2?|masscan|shodan|censys|printerreaper|printercollector|hplip|hpcups|hpps|pykota|papercut|miniprint|t-?pot|prometheus|praeda|python-(urllib|requests)|go-http-client)\b/i;
/** Delimiters, tokens, host names and constants of tools. */
const MARKS =
  /DELIMITER|rdymsgarg|mstshash|Trinity|nice%20ports|random1random2|sip:nm|1183615869|31337|2147483647|XRXbegin/;

/** A comment may say where something was learnt. */
const COMMENT = /\/\*[^]*?\*\/|\/\/[^\n]*/g;
const blanked = (comment: string) => comment.replace(/[^\n]/g, "");

describe.each([
  ["tools", TOOLS, "asked by nmap"],
  ["marks of tools", MARKS, "@PJL ECHO DELIMITER1"],
])("%s", (_, pattern, sample) => {
  it("are none in src/protocols and src/printer", () => {
    const files = ["src/protocols", "src/printer"].flatMap((root) =>
      readdirSync(root, { recursive: true, encoding: "utf8" })
        .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
        .map((path) => `${root}/${path}`),
    );
    expect(files.length).toBeGreaterThan(20);
    const found = files.flatMap((path) => {
      const lines = readFileSync(path, "utf8").replace(COMMENT, blanked).split("\n");
      return lines.flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1} ${line.trim()}`] : []));
    });
    expect(found).toEqual([]);
    expect(pattern.test(sample)).toBe(true);
  });
});
