import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OUTCOME, pmlField, readPml, writePml } from "./pml.ts";

describe("PML", () => {
  it("reads what tools send", () => {
    // PRET, restart; a LaserJet driver's job identification; the font list of selftest.
    expect(readPml("040006020501010301040104")).toMatchObject({ command: "set", object: "2.5.1.1.3.1", number: 4 });
    expect(readPml("0400040101020D101001153230313831323238303631393239")).toMatchObject({
      object: "1.1.2.13",
      number: undefined,
    });
    expect(readPml("040004010105020402015E")).toMatchObject({ object: "1.1.5.2", number: 350 });
    expect(readPml("000006030302010301")).toMatchObject({ command: "get", object: "3.3.2.1.3.1" });
  });

  it("takes nothing else for a request", () => {
    for (const hex of [
      "",
      "04",
      "0400",
      "zz",
      "04000602050101030104",
      "080006030302010301",
      "0000",
      "00040103",
      "0x00",
    ]) {
      expect(readPml(hex), hex).toBeUndefined();
    }
    fc.assert(fc.property(fc.string(), (text) => void readPml(text)));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const request = readPml(Buffer.from(bytes).toString("hex"));
        if (request) expect(writePml(request, OUTCOME.ok, request.field)).toMatch(/^8[04]00(?:[0-9A-F]{2})+$/);
      }),
    );
  });

  it("writes replies", () => {
    const get = readPml("000006030302010301")!;
    expect(writePml(get, OUTCOME.ok, pmlField("string", "AB"))).toBe("80000006030302010301100401154142");
    expect(writePml(get, OUTCOME.unknownObject, Buffer.alloc(0))).toBe("80830006030302010301");
    expect(pmlField("integer", "70000").toString("hex")).toBe("0803011170");
    expect(pmlField("enumeration", "3").toString("hex")).toBe("040103");
    expect(pmlField("string", "x".repeat(5000)).length).toBe(2 + 0x3ff);
  });
});
