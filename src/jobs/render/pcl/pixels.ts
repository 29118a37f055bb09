/** From the bytes of a raster row to colours, for every way in which PCL 5c arranges pixels. */
import { WHITE } from "../page.ts";
import type { PixelFormat } from "./colour.ts";
import { bitsOf, fromPrimaries } from "./colour.ts";

/** Fills the first `count` colours from the planes of a row. */
export function mix(
  format: PixelFormat,
  planes: readonly Uint8Array[],
  palette: readonly number[],
  colours: Int32Array,
  count: number,
): void {
  const whole = !format.planes && format.bits.every((one) => one === 8);
  if (format.planes && format.indexed) planesOfNumbers(planes, palette, colours, count);
  else if (whole && format.indexed) for (let x = 0; x < count; x++) colours[x] = palette[planes[0]![x]!] ?? 0;
  else if (whole) primaries(planes[0]!, format.space === "cmy" ? WHITE : 0, colours, count);
  else anyBits(format, planes, palette, colours, count);
}

/** The first plane has the lowest bit of a pixel's number. */
function planesOfNumbers(
  planes: readonly Uint8Array[],
  palette: readonly number[],
  colours: Int32Array,
  count: number,
): void {
  const none = palette[0] ?? 0;
  for (let x = 0; x < count; x += 8) {
    const end = Math.min(count, x + 8);
    const at = x >> 3;
    let any = 0;
    for (const plane of planes) any |= plane[at]!;
    if (any === 0) {
      colours.fill(none, x, end);
      continue;
    }
    for (let i = x; i < end; i++) {
      const bit = 7 - (i & 7);
      let number = 0;
      for (let plane = 0; plane < planes.length; plane++) number |= ((planes[plane]![at]! >> bit) & 1) << plane;
      colours[i] = palette[number] ?? 0;
    }
  }
}

/** Three bytes a pixel. */
function primaries(row: Uint8Array, inverted: number, colours: Int32Array, count: number): void {
  for (let x = 0, at = 0; x < count; x++, at += 3) {
    colours[x] = ((row[at]! << 16) | (row[at + 1]! << 8) | row[at + 2]!) ^ inverted;
  }
}

function anyBits(
  format: PixelFormat,
  planes: readonly Uint8Array[],
  palette: readonly number[],
  colours: Int32Array,
  count: number,
): void {
  const bit = (plane: number, at: number) => (planes[plane]![at >> 3]! >> (7 - (at & 7))) & 1;
  const size = bitsOf(format);
  const values = format.bits.map(() => 0);
  for (let x = 0; x < count; x++) {
    let at = format.planes ? 0 : x * size;
    format.bits.forEach((bits, part) => {
      let value = 0;
      for (let i = 0; i < bits; i++, at++)
        value = format.planes ? value | (bit(at, x) << i) : (value << 1) | bit(0, at);
      values[part] = value;
    });
    colours[x] = format.indexed ? (palette[values[0]!] ?? 0) : fromPrimaries(values, format);
  }
}

/** How many bytes of a row there are up to the last that is not zero. */
export function usedBytes(row: Uint8Array): number {
  let end = row.length;
  while (end > 0 && row[end - 1] === 0) end--;
  return end;
}
