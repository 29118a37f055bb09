/** What must hold for every codec, whatever it decodes. Use it from the codec's own tests. */
import fc from "fast-check";
import { expect } from "vitest";
import type { Decoder } from "../../src/protocols/contract.ts";

export interface CodecLaws<M> {
  open: () => Decoder<M>;
  /** Well-formed inputs (bytes or byte text) to mutate, and words of the protocol to throw in. */
  samples: readonly (string | Uint8Array)[];
  words: readonly string[];
  /** Joins messages that carry pieces of one body, so that only the cuts differ. Default: nothing to join. */
  join?: (messages: M[]) => unknown[];
  runs: number;
}

/**
 * Checks on `runs` random and mutated inputs: nothing throws, and the messages are the same whether the input comes
 * whole, byte by byte or in random cuts. The decoder gets every piece in memory that is overwritten afterwards,
 * so that one which keeps a view is found out.
 */
export function checkCodec<M>(laws: CodecLaws<M>): void {
  const join = laws.join ?? ((messages: M[]) => messages);
  fc.assert(
    fc.property(inputs(laws.samples, laws.words), cuts(), (input, cuts) => {
      const whole = join(decode(laws.open(), [input]));
      expect(join(decode(laws.open(), pieces(input, cuts)))).toEqual(whole);
      if (input.length < 200)
        expect(
          join(
            decode(
              laws.open(),
              [...input].map((b) => Buffer.from([b])),
            ),
          ),
        ).toEqual(whole);
    }),
    { numRuns: laws.runs },
  );
}

/** Feeds all pieces and the end. The pieces are wiped after each push; what messages show of them is copied before. */
export function decode<M>(decoder: Decoder<M>, pieces: readonly Uint8Array[]): M[] {
  const messages: M[] = [];
  for (const piece of pieces) {
    const lent = Buffer.from(piece);
    messages.push(...decoder.push(lent).map((message) => structuredClone(message)));
    lent.fill(0xaa);
  }
  messages.push(...decoder.end().map((message) => structuredClone(message)));
  return messages;
}

/** `bytes` cut at the given fractions of its length. */
export function pieces(bytes: Uint8Array, fractions: readonly number[]): Uint8Array[] {
  const at = fractions.map((fraction) => Math.floor(fraction * bytes.length)).sort((a, b) => a - b);
  return [0, ...at].map((start, i) => bytes.subarray(start, at[i] ?? bytes.length));
}

/** Places to cut an input at, as fractions. */
export function cuts(): fc.Arbitrary<number[]> {
  return fc.array(
    fc.nat({ max: 10_000 }).map((part) => part / 10_000),
    { maxLength: 12 },
  );
}

/** Random bytes, words of the protocol in random order, and samples with bytes changed, cut out, doubled and moved. */
export function inputs(samples: readonly (string | Uint8Array)[], words: readonly string[]): fc.Arbitrary<Buffer> {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((b) => Buffer.from(b));
  const word = fc.constantFrom(...words).map((text) => Buffer.from(text, "latin1"));
  const soup = fc.array(fc.oneof(word, word, bytes), { maxLength: 20 }).map((parts) => Buffer.concat(parts));
  const sample = fc.constantFrom(...samples.map((s) => (typeof s === "string" ? Buffer.from(s, "latin1") : s)));
  const place = fc.nat({ max: 0xffffff });
  const change = fc.record({ kind: fc.constantFrom("set", "cut", "double", "insert"), at: place, to: place, word });
  const mutated = fc.tuple(sample, fc.array(change, { maxLength: 6 })).map(([sample, changes]) => {
    let out = Buffer.from(sample);
    for (const { kind, at, to, word } of changes) {
      const a = at % (out.length + 1);
      const b = Math.min(out.length, a + (to % 32));
      if (kind === "set" && a < out.length) out[a] = to & 0xff;
      if (kind === "cut") out = Buffer.concat([out.subarray(0, a), out.subarray(b)]);
      if (kind === "double") out = Buffer.concat([out.subarray(0, b), out.subarray(a)]);
      if (kind === "insert") out = Buffer.concat([out.subarray(0, a), word, out.subarray(a)]);
    }
    return out;
  });
  return fc.oneof(bytes, soup, mutated, mutated);
}

/** How many bytes of memory `work` leaves behind in heap and buffers, after collection where the run allows it. */
export function growth(work: () => unknown): number {
  const used = () => {
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = used();
  const kept = work();
  const after = used();
  expect(kept).toBeDefined();
  return after - before;
}
