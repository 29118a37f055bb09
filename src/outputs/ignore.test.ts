import { describe, expect, it } from "vitest";
import { caseOf } from "./cases.fixture.ts";
import { Ignored, ignoreSettings, strangeNames } from "./ignore.ts";

const NOW = Date.UTC(2026, 10, 16, 12);
const until = "2026-11-30";
const rule = (more: object) => ignoreSettings.parse({ until, reason: "our own scan", ...more });
const held = (more: object, of = caseOf(1), now = NOW) => new Ignored([rule(more)]).covers(of.record, "likely", now);

describe("an ignore rule", () => {
  it("fits by source, network, service and signature", () => {
    expect(held({ source: "198.51.100.1" })).toBe(true);
    expect(held({ source: "198.51.100.2" })).toBe(false);
    expect(held({ network: "198.51.100.0/24" })).toBe(true);
    expect(held({ network: "192.0.2.0/24" })).toBe(false);
    expect(held({ service: "raw" })).toBe(true);
    expect(held({ service: "web" })).toBe(false);
    expect(held({ signature: "job-advertises" })).toBe(true);
    expect(held({ signature: "job-extorts" })).toBe(false);
  });

  it("needs all its conditions", () => {
    expect(held({ source: "198.51.100.1", service: "web" })).toBe(false);
    expect(held({ network: "198.51.100.0/24", signature: "job-advertises" })).toBe(true);
  });

  it("holds back only while nothing else carries the verdict", () => {
    const [reason] = caseOf(1).record.reasons;
    const both = caseOf(1, { reasons: [reason!, { ...reason!, rule: "job-extorts" }] });
    expect(held({ signature: "job-advertises" }, both)).toBe(false);
    const unsure = caseOf(1, { reasons: [reason!, { ...reason!, rule: "job-extorts", level: "possible" }] });
    expect(held({ signature: "job-advertises" }, unsure)).toBe(true);
    const graver = caseOf(1, { intent: "exploit", reasons: [reason!, { ...reason!, rule: "x", intent: "exploit" }] });
    expect(held({ signature: "job-advertises" }, graver)).toBe(false);
  });

  it("ends with its day", () => {
    expect(held({ service: "raw" }, caseOf(1), Date.parse("2026-11-30T23:59:59Z"))).toBe(true);
    expect(held({ service: "raw" }, caseOf(1), Date.parse("2026-12-01T00:00:00Z"))).toBe(false);
    expect(held({ service: "raw", until: "2026-11-16T11:00:00Z" })).toBe(false);
  });

  it("needs a condition, a reason and an end", () => {
    for (const wrong of [
      { until, reason: "x" },
      { service: "raw", until },
      { service: "raw", reason: "x" },
    ]) {
      expect(ignoreSettings.safeParse(wrong).success).toBe(false);
    }
    expect(ignoreSettings.safeParse({ service: "raw", reason: "x", until: "tomorrow" }).success).toBe(false);
  });

  it("names what exists", () => {
    const known = { signatures: new Set(["a"]), services: new Set(["raw"]) };
    expect(strangeNames([rule({ signature: "a", service: "raw" })], known)).toEqual([]);
    expect(strangeNames([rule({ signature: "b", service: "fax" })], known).map(({ path }) => path)).toEqual([
      [0, "signature"],
      [0, "service"],
    ]);
  });

  it("stands beside signatures muted in the console", () => {
    const muted = new Set<string>();
    const ignored = new Ignored([], () => muted);
    expect(ignored.covers(caseOf(1).record, "likely", NOW)).toBe(false);
    muted.add("job-advertises");
    expect(ignored.covers(caseOf(1).record, "likely", NOW)).toBe(true);
  });
});
