import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adaptive, DECODERS } from "./compress.ts";

const SEED = [1, 2, 3, 4, 5, 6, 7, 8];

function decoded(mode: number, data: number[], seed = SEED): number[] {
  const row = Uint8Array.from(seed);
  DECODERS.get(mode)!(Uint8Array.from(data), row);
  return [...row];
}

/** Mode, data, row of eight bytes over the seed 1 to 8. */
const ROWS: [string, number, number[], number[]][] = [
  ["unencoded", 0, [9, 9], [9, 9, 0, 0, 0, 0, 0, 0]],
  ["unencoded, too long", 0, [9, 9, 9, 9, 9, 9, 9, 9, 7], [9, 9, 9, 9, 9, 9, 9, 9]],
  ["nothing, unencoded", 0, [], [0, 0, 0, 0, 0, 0, 0, 0]],
  ["run length", 1, [2, 9, 0, 7], [9, 9, 9, 7, 0, 0, 0, 0]],
  ["run length, beyond the row", 1, [255, 9, 0, 7], [9, 9, 9, 9, 9, 9, 9, 9]],
  ["PackBits", 2, [1, 5, 6, 254, 9, 128, 0, 4], [5, 6, 9, 9, 9, 4, 0, 0]],
  ["PackBits, cut short", 2, [7, 5, 6], [5, 6, 0, 0, 0, 0, 0, 0]],
  ["PackBits, beyond the row", 2, [129, 9], [9, 9, 9, 9, 9, 9, 9, 9]],
  ["delta row", 3, [0b001_00010, 20, 21, 0b000_00001, 22], [1, 2, 20, 21, 5, 22, 7, 8]],
  ["nothing, delta row", 3, [], SEED],
  ["delta row, beyond the row", 3, [0b000_11111, 255, 255, 3, 9], SEED],
  ["replacement", 9, [0b0_0010_001, 20, 21, 0b0_0001_000, 22], [1, 2, 20, 21, 5, 22, 7, 8]],
  ["replacement by a run", 9, [0b1_01_00001, 9], [1, 9, 9, 9, 5, 6, 7, 8]],
  ["replacement, long", 9, [0b0_0000_111, 0, 9, 9, 9, 9, 9, 9, 9, 9], [9, 9, 9, 9, 9, 9, 9, 9]],
  ["nothing, replacement", 9, [], SEED],
];

describe("raster compression", () => {
  it.each(ROWS)("decodes %s", (_, mode, data, row) => {
    expect(decoded(mode, data)).toEqual(row);
  });

  it("adds bytes of offset until one is not full", () => {
    const row = new Uint8Array(400);
    DECODERS.get(3)!(Uint8Array.of(0b000_11111, 255, 4, 9), row);
    expect(row.indexOf(9)).toBe(31 + 255 + 4);
    row.fill(0);
    DECODERS.get(9)!(Uint8Array.of(0b0_1111_000, 255, 4, 9), row);
    expect(row.indexOf(9)).toBe(15 + 255 + 4);
    row.fill(0);
    DECODERS.get(9)!(Uint8Array.of(0b1_11_11111, 7, 10, 9), row);
    expect([row.indexOf(9), row.lastIndexOf(9)]).toEqual([10, 10 + 31 + 10 + 2 - 1]);
  });

  it("decodes adaptive blocks", () => {
    const row = new Uint8Array(2);
    const rows: string[] = [];
    const data = Uint8Array.of(0, 0, 2, 7, 8, 5, 0, 2, 3, 0, 2, 1, 9, 4, 0, 1, 1, 0, 2, 1, 3);
    adaptive(data, row, () => rows.push(row.join()) < 100);
    expect(rows).toEqual(["7,8", "7,8", "7,8", "7,9", "0,0", "3,3"]);
  });

  it("stops adaptive blocks when no more rows are wanted", () => {
    const row = new Uint8Array(1);
    let rows = 0;
    adaptive(Uint8Array.of(5, 255, 255, 5, 255, 255), row, () => ++rows < 10);
    expect(rows).toBe(10);
  });

  it("stays within the row and never throws", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0, 1, 2, 3, 9),
        fc.uint8Array({ maxLength: 100 }),
        fc.nat(40),
        (mode, data, width) => {
          const whole = new Uint8Array(width + 8).fill(0x55);
          DECODERS.get(mode)!(data, whole.subarray(0, width));
          expect([...whole.subarray(width)]).toEqual(Array<number>(8).fill(0x55));
        },
      ),
    );
  });
});
