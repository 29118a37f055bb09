import fc from "fast-check";
import { expect, it } from "vitest";
import { codesOn } from "./codes.ts";
import type { Pixels } from "./render/contract.ts";

/** Two codes, a row of modules each number: one of 25 modules, one of 29. */
const LINK = {
  says: "https://toner.example/qr",
  rows: "1fc4e7f 105c641 175055d 174965d 175db5d 1055e41 1fd557f 16300 1a63e76 b8b1c1 cd39b3 160ffd0 1b669eb 8aa0ed 10f6535 ebedd2 19c17fc 15719 1fdbb5b 104971e 174ddfa 1756f3c 174dc35 1056988 1fd4be3",
};
const COIN = {
  says: "bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
  rows: "1fddd17f 105c9e41 1756085d 175aee5d 1740645d 1053c341 1fd5557f 94b00 19c2132f 18dbcbd 1af3edfd 1b62dfb 1165232a 1b18f0f3 8d4f9cd a212b69 1242a3a9 1c3d5259 263ed49 396186a 1fc51bf8 14d511 1fc82555 10516b12 175ed3f1 174d6199 1747fe47 105aabc3 1fdda312",
};

const paper = (width = 1240, height = 1754, grey = 255): Pixels => ({
  width,
  height,
  data: new Uint8Array(3 * width * height).fill(grey),
});

/** Draws a code with modules of `module` pixels, turned by `degrees` around its middle. */
function draw(
  { width, height, data }: Pixels,
  code: typeof LINK,
  left: number,
  top: number,
  module: number,
  degrees = 0,
): void {
  const rows = code.rows.split(" ").map((row) => Number.parseInt(row, 16));
  const side = rows.length * module;
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  for (let y = Math.floor(top - side); y < top + 2 * side; y++) {
    for (let x = Math.floor(left - side); x < left + 2 * side; x++) {
      const [dx, dy] = [x + 0.5 - left - side / 2, y + 0.5 - top - side / 2];
      const column = Math.floor((dx * cos + dy * sin + side / 2) / module);
      const row = Math.floor((dy * cos - dx * sin + side / 2) / module);
      const inside = x >= 0 && y >= 0 && x < width && y < height && column >= 0 && column < rows.length;
      if (inside && ((rows[row] ?? 0) >> (rows.length - 1 - column)) & 1)
        data.fill(0, 3 * (y * width + x), 3 * (y * width + x) + 3);
    }
  }
}

/** Lines that look like text: dark runs of any length. */
function scribble({ width, height, data }: Pixels, seed: number): void {
  let state = seed;
  for (let y = 40; y < height - 40; y++) {
    if (y % 24 > 12) continue;
    for (let x = 60; x < width - 60; x++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      if (state >>> 30 === 0) data.fill(0, 3 * (y * width + x), 3 * (y * width + x + 1 + (state >>> 29)));
    }
  }
}

it.each([
  [2, 0],
  [3, 0],
  [4.5, 0],
  [8, 0],
  [20, 0],
  [5, 90],
  [5, 180],
  [6, 12],
  [6, 45],
])("reads a code with modules of %d pixels, turned by %d degrees", (module, degrees) => {
  const page = paper();
  draw(page, LINK, 400, 500, module, degrees);
  expect(codesOn(page)).toEqual([LINK.says]);
});

it("reads several codes on a page of text, and a code twice once", () => {
  const page = paper();
  scribble(page, 1);
  const white = (x: number, y: number, side: number) => {
    for (let row = y; row < y + side; row++)
      page.data.fill(255, 3 * (row * page.width + x), 3 * (row * page.width + x + side));
  };
  for (const [x, y, side] of [
    [80, 80, 200],
    [700, 900, 220],
    [80, 1200, 200],
  ] as const)
    white(x, y, side);
  draw(page, LINK, 110, 110, 5);
  draw(page, COIN, 730, 930, 5);
  draw(page, LINK, 110, 1230, 5);
  expect(codesOn(page).sort()).toEqual([COIN.says, LINK.says].sort());
});

it("finds none where there is none, and says so soon", () => {
  const text = paper();
  scribble(text, 7);
  const stripes = paper();
  for (let i = 0; i < stripes.data.length; i++)
    stripes.data[i] = [0, 1, 0, 1, 1, 1, 0, 1, 0, 0][Math.floor(i / 9) % 10]! ? 0 : 255;
  for (const page of [
    paper(),
    paper(1240, 1754, 0),
    text,
    stripes,
    paper(3, 3),
    { width: 50, height: 50, data: new Uint8Array(9) },
  ]) {
    const start = performance.now();
    expect(codesOn(page)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(3000);
  }
});

it("never throws on any picture", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 21, max: 90 }),
      fc.integer({ min: 21, max: 90 }),
      fc.infiniteStream(fc.constantFrom(0, 255)),
      (width, height, bits) => {
        const page = paper(width, height);
        draw(page, LINK, 10, 10, 2);
        for (let i = 0; i < page.data.length; i += 97) page.data[i] = bits.next().value!;
        codesOn(page);
      },
    ),
    { numRuns: 200 },
  );
});
