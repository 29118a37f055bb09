/**
 * Keccak-256 with its first padding, as Ethereum and Monero took it before FIPS 202 changed a byte of it. `node:crypto` has only
 * the later SHA3-256, and no package that is installed for anything else has it.
 */

/** Bytes taken in at once, for 256 bits out. */
const RATE = 136;

/** Steps rho and pi: where the lane goes, and by how much it turns (Keccak reference 3.0, section 2.3). */
const TO = [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];
const BY = [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];

/** Step iota: low and high half of the constant of each round, from its shift register. */
const CONSTANTS = Array.from({ length: 24 }, (): [number, number] => [0, 0]);
for (let round = 0, register = 1; round < 24; round++) {
  for (let j = 0; j < 7; j++) {
    register = ((register << 1) ^ ((register >> 7) * 0x71)) & 0xff;
    const bit = (1 << j) - 1;
    if (register & 2) CONSTANTS[round]![bit >> 5]! ^= 1 << (bit & 31);
  }
}

/** 25 lanes of 64 bits, each as its low and its high half. */
function permute(a: Uint32Array): void {
  const c = new Uint32Array(10);
  for (const [low, high] of CONSTANTS) {
    for (let x = 0; x < 10; x++) c[x] = a[x]! ^ a[x + 10]! ^ a[x + 20]! ^ a[x + 30]! ^ a[x + 40]!;
    for (let x = 0; x < 10; x += 2) {
      const [l, h] = turned(c[(x + 2) % 10]!, c[(x + 3) % 10]!, 1);
      for (let y = x; y < 50; y += 10) {
        a[y]! ^= c[(x + 8) % 10]! ^ l;
        a[y + 1]! ^= c[(x + 9) % 10]! ^ h;
      }
    }
    let [l, h] = [a[2]!, a[3]!];
    for (let i = 0; i < 24; i++) {
      const to = 2 * TO[i]!;
      const [nextL, nextH] = [a[to]!, a[to + 1]!];
      [a[to], a[to + 1]] = turned(l, h, BY[i]!);
      [l, h] = [nextL, nextH];
    }
    for (let y = 0; y < 50; y += 10) {
      const row = a.slice(y, y + 10);
      for (let x = 0; x < 10; x++) a[y + x]! ^= ~row[(x + 2) % 10]! & row[(x + 4) % 10]!;
    }
    a[0]! ^= low;
    a[1]! ^= high;
  }
}

/** A lane turned left by `by` bits, 1 to 63. */
function turned(low: number, high: number, by: number): [number, number] {
  const [l, h] = by < 32 ? [low, high] : [high, low];
  const n = by & 31;
  return n === 0 ? [l, h] : [(l << n) | (h >>> (32 - n)), (h << n) | (l >>> (32 - n))];
}

/** The 32 bytes of the hash. */
export function keccak256(bytes: Uint8Array): Buffer {
  const padded = Buffer.alloc(Math.ceil((bytes.length + 1) / RATE) * RATE);
  padded.set(bytes);
  padded[bytes.length]! |= 0x01;
  padded[padded.length - 1]! |= 0x80;
  const state = new Uint32Array(50);
  for (let at = 0; at < padded.length; at += RATE) {
    for (let i = 0; i < RATE / 4; i++) state[i]! ^= padded.readUInt32LE(at + 4 * i);
    permute(state);
  }
  const out = Buffer.alloc(32);
  for (let i = 0; i < 8; i++) out.writeUInt32LE(state[i]!, 4 * i);
  return out;
}
