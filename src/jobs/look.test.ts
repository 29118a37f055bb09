import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { has } from "../../test/support/has.ts";
import { SAME_LOOK } from "./alike.ts";
import { lookOf } from "./look.ts";
import { distance } from "./prints.ts";
import type { Pixels } from "./render/contract.ts";

const WORDS =
  "toner order save money offer office supply paper network open secure service phone price page free call".split(" ");

/** Sentences that differ by their seed. */
function sentence(seed: number, words: number): string {
  return Array.from({ length: words }, (_, i) => WORDS[(seed * 7 + i * i * 3 + i * seed) % WORDS.length]).join(" ");
}
const lines = (seed: number, x: number, y: number, count: number, size: number, words: number) =>
  `/Times-Roman findfont ${size} scalefont setfont ` +
  Array.from({ length: count }, (_, i) => `${x} ${y - i * size * 1.3} moveto (${sentence(seed + i, words)}) show`).join(
    " ",
  );
const title = (x: number, y: number, size: number, text: string) =>
  `/Helvetica-Bold findfont ${size} scalefont setfont ${x} ${y} moveto (${text}) show `;

/** Pages that nobody takes for each other. */
const PAGES: Record<string, string> = {
  flyer: `${title(70, 700, 48, "TONER SALE")} 60 680 480 6 rectfill ${lines(1, 70, 640, 8, 18, 6)} 60 330 180 110 rectfill ${title(280, 400, 34, "CALL NOW")}`,
  letter: lines(5, 72, 720, 34, 12, 12),
  sheet: `${title(110, 730, 40, "!!! ATTENTION !!!")} ${lines(9, 60, 680, 10, 14, 10)} 230 300 140 140 rectfill ${lines(20, 60, 240, 5, 14, 10)}`,
  one: title(90, 420, 36, "YOU HAVE BEEN HACKED"),
  line: "/Courier findfont 12 scalefont setfont 36 740 moveto (GET / HTTP/1.1) show",
  tint: `0.95 setgray 60 60 480 700 rectfill 0 setgray ${title(100, 690, 36, "Test Page")} 100 500 400 80 rectstroke ${lines(30, 100, 400, 6, 12, 8)}`,
};

const DEVICES: [name: string, device: string, dpi: number, before: string, extra: string[]][] = [
  ["150 dpi, smooth", "ppmraw", 150, "", ["-sPAPERSIZE=a4", "-dTextAlphaBits=4", "-dGraphicsAlphaBits=4"]],
  ["75 dpi", "ppmraw", 75, "", ["-sPAPERSIZE=a4"]],
  ["300 dpi, black and white", "pbmraw", 300, "", ["-sPAPERSIZE=a4"]],
  ["600 dpi, grey", "pgmraw", 600, "", ["-sPAPERSIZE=a4"]],
  ["on Letter", "ppmraw", 150, "", ["-sPAPERSIZE=letter"]],
  ["moved by 4 mm", "ppmraw", 150, "10 -12 translate", ["-sPAPERSIZE=a4"]],
  ["a little smaller", "ppmraw", 150, "0.96 0.96 scale 12 14 translate", ["-sPAPERSIZE=a4"]],
];

/** The pages as Ghostscript's device draws them. */
function drawn(
  pages: readonly string[],
  device: string,
  dpi: number,
  before: string,
  extra: readonly string[],
): Pixels[] {
  const input = `%!PS\n${pages.map((page) => `gsave ${before}\n${page}\ngrestore showpage\n`).join("")}`;
  const options = ["-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", `-sDEVICE=${device}`, `-r${dpi}`, "-sOutputFile=%stdout"];
  const { stdout } = spawnSync("gs", [...options, ...extra, "-"], { input, maxBuffer: 1 << 30 });
  const out: Pixels[] = [];
  for (let at = 0; at < stdout.length;) {
    const head = /^P([456])\s+(?:#[^\n]*\n)*(\d+)\s+(\d+)\s(?:255\s)?/.exec(stdout.toString("latin1", at, at + 200))!;
    const [width, height] = [Number(head[2]), Number(head[3])];
    const from = at + head[0].length;
    const stride = head[1] === "4" ? (width + 7) >> 3 : head[1] === "5" ? width : 3 * width;
    at = from + stride * height;
    out.push({
      width,
      height,
      data: head[1] === "6" ? stdout.subarray(from, at) : rgb(stdout.subarray(from, at), width, height, stride),
    });
  }
  return out;
}

function rgb(rows: Buffer, width: number, height: number, stride: number): Uint8Array {
  const data = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const grey =
        stride === width ? rows[y * stride + x]! : (rows[y * stride + (x >> 3)]! >> (7 - (x & 7))) & 1 ? 0 : 255;
      data.fill(grey, 3 * (y * width + x), 3 * (y * width + x) + 3);
    }
  }
  return data;
}

it.skipIf(!has("gs"))("sees one page in what several devices draw of it, and no other", () => {
  const names = Object.keys(PAGES);
  const looks = DEVICES.flatMap(([name, ...device]) =>
    drawn(Object.values(PAGES), ...device).map((pixels, i) => ({ page: names[i]!, name, look: lookOf(pixels)! })),
  );
  expect(looks).toHaveLength(names.length * DEVICES.length);
  const same: [page: string, bits: number][] = [];
  for (const [i, a] of looks.entries()) {
    for (const b of looks.slice(i + 1)) {
      const bits = distance(a.look, b.look);
      if (a.page === b.page) same.push([a.page, bits]);
      else expect(bits, `${a.page} ${a.name}, ${b.page} ${b.name}`).toBeGreaterThan(SAME_LOOK + 20);
    }
  }
  const most = (...pages: string[]) =>
    Math.max(...same.filter(([page]) => pages.includes(page)).map(([, bits]) => bits));
  expect(most("flyer", "letter", "sheet", "one", "tint")).toBeLessThanOrEqual(SAME_LOOK);
  // A line of three millimetres on an empty page has little to hold on to.
  expect(most("line")).toBeLessThan(90);
});

const page = (width: number, height: number, grey = 255): Pixels => ({
  width,
  height,
  data: new Uint8Array(3 * width * height).fill(grey),
});

it("has no look for a page with nothing on it", () => {
  expect(lookOf(page(1240, 1754))).toBeNull();
  expect(lookOf(page(1240, 1754, 245))).toBeNull();
  const speck = page(1240, 1754);
  speck.data.fill(0, 3000, 3009);
  expect(lookOf(speck)).toBeNull();
  expect(lookOf({ width: 0, height: 0, data: new Uint8Array() })).toBeNull();
  expect(lookOf({ width: 10, height: 10, data: new Uint8Array(5) })).toBeNull();
});

it("gives 64 digits for any picture", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(255),
      fc.nat(),
      (width, height, grey, at) => {
        const pixels = page(width, height, grey);
        pixels.data[at % pixels.data.length] = 0;
        expect(lookOf(pixels) ?? "0".repeat(64)).toMatch(/^[0-9a-f]{64}$/);
      },
    ),
  );
});
