import { describe, expect, it } from "vitest";
import { loadRules } from "./load.ts";

describe("the rules that come with the package", () => {
  it("load, each with its examples", () => {
    const rules = loadRules("data");
    expect(rules.signatures.size).toBeGreaterThan(50);
  });
});
