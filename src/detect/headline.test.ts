import { describe, expect, it } from "vitest";
import { spanText } from "./headline.ts";

describe("time spans", () => {
  it.each([
    [0, "0 s"],
    [42_400, "42 s"],
    [209_000, "3 min 29 s"],
    [180_000, "3 min"],
    [15_060_000, "4 h 11 min"],
    [274_246_000, "3 d 4 h 11 min"],
    [259_380_000, "3 d 3 min"],
  ])("%i ms is %s", (ms, text) => {
    expect(spanText(ms)).toBe(text);
  });
});
