/** Makes a picture of a page small: at most 256 colours, each pixel one byte (PNG, ISO/IEC 15948). */
import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

interface Pixels {
  width: number;
  height: number;
  /** Bytes of a pixel: 3 or 4. */
  size: number;
  data: Buffer;
}

/** `png` has 8 bits in each channel, with or without alpha, as browsers write it; alpha is dropped. */
export function withPalette(png: Buffer): Buffer {
  const { width, height, size, data } = decode(png);
  const counts = new Map<number, number>();
  const colour = (at: number) => (data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!;
  for (let at = 0; at < data.length; at += size) counts.set(colour(at), (counts.get(colour(at)) ?? 0) + 1);
  // Colour counts for more than grey: a small coloured mark says something, one more step of grey does not.
  const weight = ([rgb, count]: [number, number]) => count * (1 + chroma(rgb));
  const palette = [...counts].toSorted((a, b) => weight(b) - weight(a)).slice(0, 256);
  const index = new Map(palette.map(([rgb], i) => [rgb, i]));
  const nearest = (rgb: number) => {
    let found = index.get(rgb);
    if (found !== undefined) return found;
    let best = Infinity;
    palette.forEach(([other], i) => {
      const far = [16, 8, 0].reduce((sum, shift) => sum + (((rgb >> shift) & 255) - ((other >> shift) & 255)) ** 2, 0);
      if (far < best) [best, found] = [far, i];
    });
    index.set(rgb, found!);
    return found!;
  };
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += size) rows[y * (width + 1) + 1 + x] = nearest(colour(at));
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap(([rgb]) => [rgb >> 16, (rgb >> 8) & 255, rgb & 255]));
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", colours),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chroma(rgb: number): number {
  const channels = [rgb >> 16, (rgb >> 8) & 255, rgb & 255];
  return Math.max(...channels) - Math.min(...channels);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}

function decode(png: Buffer): Pixels {
  const packed: Buffer[] = [];
  let width = 0;
  let height = 0;
  let size = 4;
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    const name = png.toString("latin1", at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + length);
    if (name === "IHDR") [width, height, size] = [data.readUInt32BE(0), data.readUInt32BE(4), data[9] === 6 ? 4 : 3];
    if (name === "IDAT") packed.push(data);
    at += length + 12;
  }
  return { width, height, size, data: unfiltered(inflateSync(Buffer.concat(packed)), width * size, height, size) };
}

/** Section 9: each row was written as differences from its neighbours. */
function unfiltered(raw: Buffer, length: number, height: number, size: number): Buffer {
  const out = Buffer.alloc(length * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (length + 1)];
    for (let x = 0; x < length; x++) {
      const at = y * length + x;
      const left = x >= size ? out[at - size]! : 0;
      const up = y > 0 ? out[at - length]! : 0;
      const corner = x >= size && y > 0 ? out[at - length - size]! : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0;
      out[at] = raw[y * (length + 1) + 1 + x]! + guess;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
