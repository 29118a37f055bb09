/** The child's side of the jail: what it was asked, its input, and its voice. Everything here waits, nothing is queued. */
import { readSync, writeSync } from "node:fs";
import { frameBytes } from "./frames.ts";

const INPUT = 0;
const VOICE = 3;
const READ_BYTES = 256 * 1024;
const clock = new Int32Array(new SharedArrayBuffer(4));

/** The program's configuration, as {@link Program.asked} was given to the parent's side. */
export function asked(): unknown {
  return JSON.parse(process.argv[2] ?? "null");
}

/** Says one thing. Returns when the parent's side has room for it; ends the process when nobody listens any more. */
export function say(kind: string, head: unknown, body: Uint8Array = new Uint8Array(0)): void {
  for (const piece of frameBytes(kind, head, body)) {
    for (let at = 0; at < piece.length;) {
      at += patiently(() => writeSync(VOICE, piece, at, piece.length - at)) ?? process.exit(0);
    }
  }
}

/** What comes in, piece by piece, until its end. The piece is overwritten by the next. */
export function* input(): Generator<Uint8Array, void, undefined> {
  const room = Buffer.alloc(READ_BYTES);
  for (;;) {
    const length = patiently(() => readSync(INPUT, room, 0, room.length, null)) ?? 0;
    if (length === 0) return;
    yield room.subarray(0, length);
  }
}

/** All input up to `limit` bytes; what follows is read and left out. */
export function wholeInput(limit: number): Uint8Array {
  const pieces: Buffer[] = [];
  let left = limit;
  for (const piece of input()) {
    if (left > 0) pieces.push(Buffer.from(piece.subarray(0, left)));
    left = Math.max(0, left - piece.length);
  }
  return Buffer.concat(pieces);
}

/** Does it again while the other side is not ready; undefined when the other side is gone. */
function patiently(act: () => number): number | undefined {
  for (;;) {
    try {
      return act();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EAGAIN") return undefined;
      Atomics.wait(clock, 0, 0, 2);
    }
  }
}
