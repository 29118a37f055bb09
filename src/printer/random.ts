/** Numbers that look random and follow from a text: the same text gives the same numbers for ever. */
import { createHash } from "node:crypto";

export interface Random {
  /** An integer from 0 to `n` - 1. */
  below(n: number): number;
  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number;
}

/** Bytes of one number; 48 bits divided by any `n` of ours leave no bias that could be seen. */
const WIDTH = 6;

/** The stream of numbers of `text`: SHA-256 of the text and a counter, six bytes a number. */
export function randomOf(text: string): Random {
  let block = Buffer.alloc(0);
  let used = 0;
  let counter = 0;
  const below = (n: number): number => {
    if (used + WIDTH > block.length) {
      block = createHash("sha256").update(`${counter++}\n${text}`).digest();
      used = 0;
    }
    const drawn = block.readUIntBE(used, WIDTH);
    used += WIDTH;
    return Math.floor((drawn / 2 ** (8 * WIDTH)) * n);
  };
  return { below, between: (low, high) => low + below(high - low + 1) };
}
