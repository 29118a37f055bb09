/**
 * Raster rows as PCL compresses them. Each decoder fills `row`, which holds the seed row when it begins, stays within it, and
 * gives how far into the row it went, bytes.
 * PCL 5 Technical Reference Manual, chapter 15 (0 to 3, 5); PCL 3 developer's guide (9).
 */

export type Decode = (data: Uint8Array, row: Uint8Array) => number;

/** 0: as it is. */
export const unencoded: Decode = (data, row) => {
  row.fill(0, data.length);
  row.set(data.subarray(0, row.length));
  return data.length;
};

/** 1: pairs of a repetition count and a byte. */
export const runLength: Decode = (data, row) => {
  let to = 0;
  for (let at = 0; at + 1 < data.length && to < row.length; at += 2) {
    const end = to + data[at]! + 1;
    row.fill(data[at + 1]!, to, end);
    to = end;
  }
  if (to < row.length) row.fill(0, to);
  return to;
};

/** 2: TIFF PackBits. */
export const packBits: Decode = (data, row) => {
  let to = 0;
  for (let at = 0; at < data.length && to < row.length;) {
    const count = data[at++]!;
    if (count < 128) {
      const piece = data.subarray(at, at + count + 1);
      row.set(piece.subarray(0, row.length - to), to);
      to += piece.length;
      at += count + 1;
    } else if (count > 128 && at < data.length) {
      const end = to + 257 - count;
      row.fill(data[at++]!, to, end);
      to = end;
    }
  }
  if (to < row.length) row.fill(0, to);
  return to;
};

/** 3: what differs from the seed row: three bits of count less one, five of offset, more bytes of offset after 31. */
export const deltaRow: Decode = (data, row) => {
  let to = 0;
  for (let at = 0; at < data.length;) {
    const command = data[at++]!;
    let offset = command & 31;
    to += offset;
    while (at < data.length && (offset === 31 || offset === 255)) {
      offset = data[at++]!;
      to += offset;
      if (offset < 255) break;
    }
    const count = (command >> 5) + 1;
    if (to >= row.length) break;
    row.set(data.subarray(at, at + Math.min(count, row.length - to)), to);
    at += count;
    to += count;
  }
  return to;
};

/** 9: as 3, with longer counts, and runs of one byte where the first bit is set. */
export const compressedReplacement: Decode = (data, row) => {
  let at = 0;
  let to = 0;
  const more = (value: number, all: number): number => {
    if (value !== all) return value;
    let sum = value;
    while (at < data.length) {
      const next = data[at++]!;
      sum += next;
      if (next < 255) break;
    }
    return sum;
  };
  while (at < data.length) {
    const command = data[at++]!;
    const run = command >= 128;
    to += run ? more((command >> 5) & 3, 3) : more((command >> 3) & 15, 15);
    const count = run ? more(command & 31, 31) + 2 : more(command & 7, 7) + 1;
    if (to >= row.length) break;
    if (run) {
      row.fill(data[at++] ?? 0, to, to + count);
    } else {
      row.set(data.subarray(at, at + Math.min(count, row.length - to)), to);
      at += count;
    }
    to += count;
  }
  return to;
};

/** By the value of ESC*b#M. 5 is a block of many rows: see {@link adaptive}. */
export const DECODERS: ReadonlyMap<number, Decode> = new Map([
  [0, unencoded],
  [1, runLength],
  [2, packBits],
  [3, deltaRow],
  [9, compressedReplacement],
]);

/**
 * 5: blocks of a command, two bytes of length, and data. 0 to 3 are a row so compressed, 4 is as many empty rows, 5 as
 * many times the row before. `give` is called for each row with how far into it was written, and says whether there is room
 * for more.
 */
export function adaptive(data: Uint8Array, row: Uint8Array, give: (written: number) => boolean): void {
  for (let at = 0; at + 2 < data.length;) {
    const command = data[at]!;
    const length = (data[at + 1]! << 8) | data[at + 2]!;
    at += 3;
    if (command > 5) return;
    if (command < 4) {
      const written = DECODERS.get(command)!(data.subarray(at, at + length), row);
      at += length;
      if (!give(written)) return;
      continue;
    }
    if (command === 4) row.fill(0);
    for (let i = 0; i < length; i++) if (!give(0)) return;
  }
}
