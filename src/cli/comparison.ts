/** Two byte streams that come bit by bit, compared as they come. Only what the other side does not have yet is kept. */
export class Comparison {
  /** Bytes of both streams that are known. */
  expected = 0;
  heard = 0;
  /** Offset of the first byte that differs, with some bytes of each stream around it. */
  difference: { at: number; expected: Buffer; heard: Buffer } | undefined;
  /** Bytes at the front of one stream that the other does not have yet. */
  #ahead: { side: "expected" | "heard"; bytes: Buffer } = { side: "heard", bytes: EMPTY };
  /** The last equal bytes. */
  #before = EMPTY;

  expect(bytes: Buffer): void {
    this.#take("expected", bytes);
  }

  hear(bytes: Buffer): void {
    this.#take("heard", bytes);
  }

  /** Whether both streams are the same so far and equally long. */
  get same(): boolean {
    return this.difference === undefined && this.expected === this.heard;
  }

  #take(side: "expected" | "heard", bytes: Buffer): void {
    this[side] += bytes.length;
    if (this.difference) {
      const known = this.difference[side];
      if (known.length < SHOWN) this.difference[side] = Buffer.concat([known, bytes]).subarray(0, SHOWN);
      return;
    }
    const ahead = this.#ahead;
    if (ahead.side === side || ahead.bytes.length === 0) {
      this.#ahead = { side, bytes: Buffer.concat([side === ahead.side ? ahead.bytes : EMPTY, bytes]) };
      return;
    }
    const common = commonLength(ahead.bytes, bytes);
    const at = this[ahead.side] - ahead.bytes.length + common;
    this.#before = Buffer.concat([this.#before, bytes.subarray(0, common)]).subarray(-BEFORE);
    const mine = bytes.subarray(common);
    const theirs = ahead.bytes.subarray(common);
    if (mine.length > 0 && theirs.length > 0) {
      const around = (rest: Buffer) => Buffer.concat([this.#before, rest.subarray(0, SHOWN)]).subarray(0, SHOWN);
      const both = { [side]: around(mine), [ahead.side]: around(theirs) };
      this.difference = { at, ...(both as { expected: Buffer; heard: Buffer }) };
      this.#ahead = { side, bytes: EMPTY };
    } else this.#ahead = mine.length > 0 ? { side, bytes: mine } : { side: ahead.side, bytes: theirs };
  }
}

const EMPTY: Buffer = Buffer.alloc(0);
/** Bytes shown of each stream at a difference, and how many of them are the equal ones before it. */
const SHOWN = 80;
const BEFORE = 24;

function commonLength(a: Buffer, b: Buffer): number {
  const most = Math.min(a.length, b.length);
  if (a.subarray(0, most).equals(b.subarray(0, most))) return most;
  let i = 0;
  while (a[i] === b[i]) i++;
  return i;
}
