import { describe, expect, it } from "vitest";
import { probeFault, probesSchema } from "./probes.ts";

const fill = (template: string) => template.replaceAll("{model}", "Tiny");
const probe = (answer: object) =>
  probesSchema.parse({ probes: [{ name: "p", service: "raw", ask: ["a", "b"], assumed: true, ...answer }] }).probes[0]!;

describe("probeFault", () => {
  it("compares the whole answer, byte for byte", () => {
    const exact = probe({ expect: ["{model}\r\n", "\f"] });
    expect(exact.ask).toBe("ab");
    expect(probeFault(exact, "Tiny\r\n\f", fill)).toBeUndefined();
    expect(probeFault(exact, "Tiny\n\f", fill)).toBe('answered "Tiny\\n\\f", not "Tiny\\r\\n\\f"');
    expect(probeFault(probe({ expect: "" }), "x", fill)).toContain("answered");
  });

  it("finds pieces in their order", () => {
    const pieces = probe({ contains: ["{model}", "b"] });
    expect(probeFault(pieces, "a Tiny b", fill)).toBeUndefined();
    expect(probeFault(pieces, "b Tiny", fill)).toBe('"b Tiny" has no "b" after its byte 6');
  });

  it("wants one of both", () => {
    expect(() => probe({})).toThrow("one of");
    expect(() => probe({ expect: "", contains: ["x"] })).toThrow("one of");
  });
});
