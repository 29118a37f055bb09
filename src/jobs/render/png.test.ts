import fc from "fast-check";
import { PNG } from "pngjs";
import { expect, it } from "vitest";
import type { Pixels } from "./contract.ts";
import { encodePng, pngFault, shrink } from "./png.ts";

/** A picture of a colour or grey, with a few dots of their own. */
const picture = fc
  .record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 40 }), grey: fc.boolean() })
  .chain(({ width, height, grey }) =>
    fc.uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 }).map((data): Pixels => {
      if (grey) for (let at = 0; at < data.length; at += 3) data.fill(data[at]!, at, at + 3);
      return { width, height, data };
    }),
  );

it("writes what other programs read, and believes it", async () => {
  await fc.assert(
    fc.asyncProperty(picture, async (pixels) => {
      const png = encodePng(pixels);
      const { width, height, data } = PNG.sync.read(png);
      expect({ width, height }).toEqual({ width: pixels.width, height: pixels.height });
      expect(
        Buffer.compare(
          data.filter((_, at) => at % 4 !== 3),
          pixels.data,
        ),
      ).toBe(0);
      expect(await pngFault(png, pixels)).toBeNull();
      expect(await pngFault(png, { width: pixels.width, height: pixels.height + 1 })).toMatch(/size/);
    }),
  );
});

it("believes no picture of which a byte was changed, lost or added", async () => {
  const png = encodePng({ width: 9, height: 7, data: Uint8Array.from({ length: 189 }, (_, at) => at) });
  const size = { width: 9, height: 7 };
  for (let at = 0; at < png.length; at++) {
    const changed = Buffer.from(png);
    changed[at]! ^= 0x11;
    expect(await pngFault(changed, size), `byte ${at}`).not.toBeNull();
    expect(await pngFault(png.subarray(0, at), size), `cut at ${at}`).not.toBeNull();
  }
  expect(await pngFault(Buffer.concat([png, Buffer.alloc(1)]), size)).not.toBeNull();
});

it("believes no picture that unpacks to more or less than its size", async () => {
  const small = encodePng({ width: 4, height: 4, data: new Uint8Array(48) });
  const large = encodePng({ width: 4, height: 400, data: new Uint8Array(4800) });
  const rows = (png: Buffer): Buffer => png.subarray(33, -12);
  const swapped = (head: Buffer, body: Buffer): Buffer =>
    Buffer.concat([head.subarray(0, 33), rows(body), head.subarray(-12)]);
  expect(await pngFault(swapped(small, large), 4)).toMatch(/cannot be unpacked/);
  expect(await pngFault(swapped(large, small), 400)).toMatch(/too few rows/);
});

it("shrinks by whole pixels' averages", () => {
  const data = Uint8Array.from([0, 0, 0, 100, 100, 100, 200, 200, 200, 100, 100, 100]);
  expect(shrink({ width: 2, height: 2, data }, 1)).toEqual({
    width: 1,
    height: 1,
    data: Uint8Array.from([100, 100, 100]),
  });
  expect(shrink({ width: 2, height: 2, data }, 9).data).toEqual(data);
});

it("shrinks a picture of any form to the length asked, without changing one colour", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 900 }),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(255),
      (width, height, level) => {
        const small = shrink({ width, height, data: new Uint8Array(width * height * 3).fill(level) }, 36);
        expect(Math.max(small.width, small.height)).toBeLessThanOrEqual(Math.max(36, 1));
        expect(small.data.every((value) => value === level)).toBe(true);
      },
    ),
    { numRuns: 50 },
  );
});
