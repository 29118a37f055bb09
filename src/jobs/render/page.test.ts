import { describe, expect, it } from "vitest";
import { Page, UNIT } from "./page.ts";
import { fillArea } from "./shapes.ts";
import { Strip } from "./strip.ts";

/** A page of 8 by 4 pixels of 100 dots an inch; drawn on at twice that. */
const small = () => new Page((8 * UNIT) / 100, (4 * UNIT) / 100, 100);
const PIXEL = UNIT / 100;

/** The picture, a character a pixel, by darkness: `.` white, `#` black, a digit in between. */
function shown(page: Page): string[] {
  const { width, height, data } = page.pixels();
  const letter = (value: number) =>
    value === 255 ? "." : value === 0 ? "#" : String(Math.floor(((255 - value) * 10) / 256));
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => letter(data[(y * width + x) * 3]!)).join(""),
  );
}

/** Two rows: 111 and 100. */
function draw(page: Page, x: number, y: number, turn: 0 | 1 | 2 | 3, dpi: number): void {
  const strip = new Strip(page, { x: x * PIXEL, y: y * PIXEL, turn, dpiX: dpi, dpiY: dpi });
  strip.bits(Uint8Array.of(0b11100000), 3, 0);
  strip.bits(Uint8Array.of(0b10000000), 3, 0);
  strip.end();
}

describe("a strip", () => {
  it.each([
    [0, 2, 1, ["........", "..###...", "..#.....", "........"]],
    [1, 2, 4, ["........", "..#.....", "..#.....", "..##...."]],
    [2, 5, 3, ["........", "....#...", "..###...", "........"]],
    [3, 5, 0, ["...##...", "....#...", "....#...", "........"]],
  ] as const)("lies turned by %i quarters", (turn, x, y, picture) => {
    const page = small();
    draw(page, x, y, turn, 100);
    expect(shown(page)).toEqual(picture);
  });

  it("averages finer dots, once", () => {
    const page = small();
    const strip = new Strip(page, { x: 0, y: 0, turn: 0, dpiX: 400, dpiY: 400 });
    for (let row = 0; row < 4; row++) strip.bits(Uint8Array.of(0xff, row % 2 ? 0 : 0xf0), 16, 0);
    strip.end();
    expect(shown(page)[0]).toBe("##4.....");
  });

  it("spreads coarser dots", () => {
    const page = small();
    draw(page, 0, 0, 0, 50);
    expect(shown(page)).toEqual(["######..", "######..", "##......", "##......"]);
  });

  it("is cut at the page's edges", () => {
    const page = small();
    draw(page, -1, -1, 0, 100);
    draw(page, 7, 3, 0, 100);
    expect(shown(page)).toEqual(["........", "........", "........", ".......#"]);
  });

  it("knows how many rows are left", () => {
    const strip = new Strip(small(), { x: 0, y: 3 * PIXEL, turn: 0, dpiX: 100, dpiY: 100 });
    expect(strip.left).toBe(1);
    strip.skip(5);
    expect(strip.left).toBe(0);
  });
});

describe("a page", () => {
  it("takes rectangles, at least a dot of them, and nothing beyond its edges", () => {
    const page = small();
    page.rectangle(PIXEL, PIXEL, 2 * PIXEL, 2 * PIXEL, 0);
    page.rectangle(5 * PIXEL, 0, 1, 4 * PIXEL, 0);
    page.rectangle(-PIXEL, 3 * PIXEL, 1.5 * PIXEL, 9 * PIXEL, 0);
    expect(shown(page)).toEqual([".....4..", ".##..4..", ".##..4..", "4....4.."]);
  });

  it("fills areas by the odd rule", () => {
    const page = small();
    const box = (a: number, b: number) => [[a, a], [b, a], [b, b], [a, b]].map(([x, y]) => [x! * PIXEL, y! * PIXEL] as const); // prettier-ignore
    fillArea(page, [box(0, 4), box(1, 3)], 0);
    expect(shown(page)).toEqual(["####....", "#..#....", "#..#....", "####...."]);
  });

  it("is never larger than the largest", () => {
    for (const [width, height] of [
      [1e9, 1e9],
      [1e9, 1],
      [1, 1e9],
    ] as const) {
      const page = new Page(width, height, 150);
      expect(page.width * page.height).toBeLessThan(40_000_000);
      const { width: w, height: h } = page.pixels();
      expect(w * h).toBeLessThanOrEqual(12_000_000);
    }
  });
});
