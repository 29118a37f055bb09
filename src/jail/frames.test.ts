import fc from "fast-check";
import { expect, it } from "vitest";
import type { Frame } from "./contract.ts";
import { frameBytes, FrameReader, HEAD_BYTES } from "./frames.ts";

const BODY = 1000;
const frame = fc.record({
  kind: fc.stringMatching(/^[a-z][a-z-]{0,31}$/),
  head: fc.jsonValue(),
  body: fc.uint8Array({ maxLength: BODY }),
});

const written = (frames: readonly Frame[]): Buffer =>
  Buffer.concat(frames.flatMap(({ kind, head, body }) => frameBytes(kind, head, body)));

/** What a reader makes of bytes that come in pieces of these lengths, in turn. */
function readIn(bytes: Uint8Array, pieces: readonly number[], end = true): { frames: Frame[]; fault: string | null } {
  const reader = new FrameReader(BODY);
  const frames: Frame[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = Math.max(1, pieces[turn % pieces.length] ?? bytes.length);
    frames.push(...reader.push(bytes.subarray(at, at + length)));
    at += length;
  }
  if (end) reader.end();
  return { frames, fault: reader.fault };
}

const plain = ({ frames, fault }: { frames: Frame[]; fault: string | null }): unknown => ({
  frames: frames.map(({ kind, head, body }) => [kind, JSON.stringify(head), Buffer.from(body).toString("hex")]),
  fault,
});

it("gives the frames that were written, however they are cut", () => {
  const cases = fc.tuple(
    fc.array(frame, { maxLength: 6 }),
    fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
  );
  fc.assert(
    fc.property(cases, ([frames, pieces]) => {
      expect(plain(readIn(written(frames), pieces))).toEqual(plain({ frames, fault: null }));
    }),
    { numRuns: 1000 },
  );
});

it("never throws at garbage, and says the same of it however it is cut", () => {
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    // Right up to a place, wrong from there.
    fc.tuple(fc.array(frame, { minLength: 1, maxLength: 3 }), fc.nat(), fc.nat(255)).map(([frames, place, byte]) => {
      const bytes = written(frames);
      bytes[place % bytes.length] = byte;
      return new Uint8Array(bytes);
    }),
  );
  fc.assert(
    fc.property(garbage, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (bytes, pieces) => {
      expect(plain(readIn(bytes, pieces))).toEqual(plain(readIn(bytes, [bytes.length])));
    }),
    { numRuns: 1000 },
  );
});

const prefix = (kind: number, head: number, body: number): Buffer => {
  const bytes = Buffer.alloc(9);
  bytes.writeUInt8(kind, 0);
  bytes.writeUInt32BE(head, 1);
  bytes.writeUInt32BE(body, 5);
  return bytes;
};

it.each([
  ["a kind without letters", prefix(0, 2, 0), /kind/],
  ["a kind too long", prefix(33, 2, 0), /kind/],
  ["a head that is larger than agreed", prefix(1, HEAD_BYTES + 1, 0), /head/],
  ["a body that is larger than agreed", prefix(1, 2, BODY + 1), /body of 1001 bytes/],
  ["a kind that is no word", Buffer.concat([prefix(1, 2, 0), Buffer.from("A{}")]), /no word/],
  ["a head that is no JSON", Buffer.concat([prefix(1, 2, 0), Buffer.from("a{]")]), /JSON/],
  ["a head that is no UTF-8", Buffer.concat([prefix(1, 3, 0), Buffer.from('a"\xff"', "latin1")]), /JSON/],
  ["a frame that is cut off", Buffer.concat([prefix(1, 2, 5), Buffer.from("a{}12")]), /within a frame/],
])("finds fault with %s", (_, bytes, fault) => {
  expect(readIn(bytes, [bytes.length])).toEqual({ frames: [], fault: expect.stringMatching(fault) as string });
});

it("says nothing more after a fault", () => {
  const reader = new FrameReader(BODY);
  reader.push(prefix(0, 0, 0));
  expect(reader.push(written([{ kind: "a", head: 1, body: new Uint8Array(0) }]))).toEqual([]);
});
