import { describe, expect, it } from "vitest";
import { quietSettings, quietUntil } from "./quiet.ts";

const BERLIN = { from: "22:00", to: "06:30", zone: "Europe/Berlin" };
const until = (time: string, hours = BERLIN) => {
  const end = quietUntil(hours, Date.parse(time));
  return end === undefined ? undefined : new Date(end).toISOString();
};

describe("quiet hours", () => {
  it("begin and end by the clock of their zone, over midnight", () => {
    expect(until("2026-11-16T20:59:59Z")).toBeUndefined();
    expect(until("2026-11-16T21:00:00Z")).toBe("2026-11-17T05:30:00.000Z");
    expect(until("2026-11-17T05:29:59Z")).toBe("2026-11-17T05:30:00.000Z");
    expect(until("2026-11-17T05:30:00Z")).toBeUndefined();
  });

  it("within one day", () => {
    const noon = { from: "12:00", to: "13:00", zone: "UTC" };
    expect(until("2026-11-16T12:10:20Z", noon)).toBe("2026-11-16T13:00:00.000Z");
    expect(until("2026-11-16T13:00:00Z", noon)).toBeUndefined();
  });

  it("in the nights when clocks are put forward and back", () => {
    expect(until("2026-03-28T22:00:00Z")).toBe("2026-03-29T04:30:00.000Z");
    expect(until("2026-10-24T21:00:00Z")).toBe("2026-10-25T05:30:00.000Z");
  });

  it("refuse what is no time and no zone", () => {
    for (const wrong of [{ from: "24:00" }, { to: "7:00" }, { zone: "Europe/Entenhausen" }, { to: "22:00" }]) {
      expect(quietSettings.safeParse({ ...BERLIN, ...wrong }).success).toBe(false);
    }
  });
});
