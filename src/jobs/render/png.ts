/**
 * Pictures as PNG (ISO/IEC 15948): written in the jail, in one form only, and checked against that form outside before
 * anybody believes them. Eight bits a sample, grey or RGB, no interlace, chunks IHDR, IDAT and IEND.
 */
import { crc32, deflateSync, inflate } from "node:zlib";
import { promisify } from "node:util";
import type { Pixels } from "./contract.ts";

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const GREY = 0;
const RGB = 2;
/** A row's difference to the one above it; pages have many equal rows. */
const UP = 2;
const IHDR_BYTES = 13;
const CHUNK_BYTES = 12;

/** A picture as PNG; grey when it has no colour. */
export function encodePng({ width, height, data }: Pixels): Buffer {
  const colour = isGrey(data) ? GREY : RGB;
  const header = Buffer.alloc(IHDR_BYTES);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, colour], 8);
  const rows = colour === GREY ? greyOf(data) : data;
  const packed = deflateSync(differences(rows, rows.length / height, height), { level: 3, memLevel: 9 });
  return Buffer.concat([SIGNATURE, chunk("IHDR", header), chunk("IDAT", packed), chunk("IEND", Buffer.alloc(0))]);
}

/**
 * What is wrong with a PNG that was made elsewhere and has to be one of {@link encodePng}; null when nothing is. `size`: what
 * it has to measure, or how long its sides may be, pixels.
 */
export async function pngFault(
  png: Uint8Array,
  size: { width: number; height: number } | number,
): Promise<string | null> {
  const form = formOf(png);
  if (typeof form === "string") return form;
  const { width, height, samples } = form;
  const fits =
    typeof size === "number" ? Math.max(width, height) <= size : width === size.width && height === size.height;
  if (!fits) return "its size is not as said";
  const bytes = height * (1 + width * samples);
  try {
    const rows = await promisify(inflate)(form.packed, { maxOutputLength: bytes });
    if (rows.length !== bytes) return "it has too few rows";
    for (let at = 0; at < bytes; at += 1 + width * samples) if (rows[at] !== UP) return "a row has another filter";
    return null;
  } catch (error) {
    return `its rows cannot be unpacked: ${(error as Error).message}`;
  }
}

/** Makes a picture smaller by whole pixels' averages, so that its longer side has at most `longest` pixels. */
export function shrink(pixels: Pixels, longest: number): Pixels {
  const scale = Math.min(1, longest / Math.max(pixels.width, pixels.height));
  const width = Math.max(1, Math.round(pixels.width * scale));
  const height = Math.max(1, Math.round(pixels.height * scale));
  const data = new Uint8Array(width * height * 3);
  const edges = Array.from({ length: width + 1 }, (_, x) => Math.floor((x * pixels.width) / width));
  const sums = new Float64Array(width * 3);
  for (let y = 0; y < height; y++) {
    const from = Math.floor((y * pixels.height) / height);
    const to = Math.floor(((y + 1) * pixels.height) / height);
    sums.fill(0);
    for (let line = from; line < to; line++) addLine(sums, pixels, line, edges);
    for (let x = 0; x < width; x++) {
      const count = (to - from) * (edges[x + 1]! - edges[x]!);
      for (let k = 0; k < 3; k++) data[(y * width + x) * 3 + k] = Math.round(sums[x * 3 + k]! / count);
    }
  }
  return { width, height, data };
}

function addLine(sums: Float64Array, { width, data }: Pixels, line: number, edges: readonly number[]): void {
  let at = line * width * 3;
  for (let x = 0; x + 1 < edges.length; x++) {
    let red = 0;
    let green = 0;
    let blue = 0;
    for (const end = at + (edges[x + 1]! - edges[x]!) * 3; at < end; at += 3) {
      red += data[at]!;
      green += data[at + 1]!;
      blue += data[at + 2]!;
    }
    sums[x * 3]! += red;
    sums[x * 3 + 1]! += green;
    sums[x * 3 + 2]! += blue;
  }
}

function isGrey(data: Uint8Array): boolean {
  for (let at = 0; at < data.length; at += 3) {
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return false;
  }
  return true;
}

function greyOf(data: Uint8Array): Uint8Array {
  const grey = new Uint8Array(data.length / 3);
  for (let at = 0; at < grey.length; at++) grey[at] = data[at * 3]!;
  return grey;
}

function differences(rows: Uint8Array, row: number, height: number): Uint8Array {
  const out = new Uint8Array(height * (row + 1));
  for (let y = 0, from = 0, to = 0; y < height; y++) {
    out[to++] = UP;
    if (y === 0) out.set(rows.subarray(0, row), to);
    else for (let x = 0; x < row; x++) out[to + x] = rows[from + x]! - rows[from + x - row]!;
    from += row;
    to += row;
  }
  return out;
}

function chunk(type: string, body: Uint8Array): Buffer {
  const out = Buffer.alloc(CHUNK_BYTES + body.length);
  out.writeUInt32BE(body.length, 0);
  out.write(type, 4, "latin1");
  out.set(body, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + body.length)), 8 + body.length);
  return out;
}

interface Form {
  width: number;
  height: number;
  /** Samples of a pixel. */
  samples: 1 | 3;
  packed: Uint8Array;
}

/** The parts of a PNG in our form, or what is wrong with it. */
function formOf(png: Uint8Array): Form | string {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.length);
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) return "it does not begin as a PNG";
  const parts: Buffer[] = [];
  let at = 8;
  for (const type of ["IHDR", "IDAT", "IEND"]) {
    if (at + CHUNK_BYTES > bytes.length) return `it ends before its ${type}`;
    const end = at + 8 + bytes.readUInt32BE(at);
    if (end + 4 > bytes.length) return `its ${type} is longer than it`;
    if (bytes.toString("latin1", at + 4, at + 8) !== type) return `it has another chunk where ${type} belongs`;
    if (bytes.readUInt32BE(end) !== crc32(bytes.subarray(at + 4, end))) return `the check sum of its ${type} is wrong`;
    parts.push(bytes.subarray(at + 8, end));
    at = end + 4;
  }
  const [header, packed, last] = parts as [Buffer, Buffer, Buffer];
  if (at !== bytes.length || last.length > 0) return "something follows its end";
  if (header.length !== IHDR_BYTES) return "its header has another length";
  const colour = header[9];
  if (header[8] !== 8 || (colour !== GREY && colour !== RGB) || header.readUIntBE(10, 3) !== 0) {
    return "it is in another form";
  }
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  if (width < 1 || height < 1 || width > 8000 || height > 8000) return "its size is impossible";
  return { width, height, samples: colour === GREY ? 1 : 3, packed };
}
