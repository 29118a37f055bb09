/** Addresses of cryptocurrencies, believed only with their checksum. Also of onion services, which have one too. */
import { createHash } from "node:crypto";
import type { Indicator } from "../reading.ts";
import { keccak256 } from "./keccak.ts";

type Found = readonly [kind: Indicator["kind"], value: string];

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const BASE58_VALUES = new Map([...BASE58].map((char, i) => [char, BigInt(i)]));

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();

/** The number that base 58 writes, as `length` bytes; undefined for other characters or a larger number. */
function base58(text: string, length: number): Buffer | undefined {
  let number = 0n;
  for (const char of text) {
    const digit = BASE58_VALUES.get(char);
    if (digit === undefined) return undefined;
    number = number * 58n + digit;
  }
  const hex = number.toString(16).padStart(2 * length, "0");
  return hex.length > 2 * length ? undefined : Buffer.from(hex, "hex");
}

/** First byte of an address with a checksum in base 58. Litecoin's old `3…` is the same as Bitcoin's, and taken for that. */
const VERSIONS: Readonly<Record<number, Indicator["kind"]>> = {
  0: "bitcoin",
  5: "bitcoin",
  48: "litecoin",
  50: "litecoin",
};

function base58Check(word: string): Found | undefined {
  if (!/^[13LM][1-9A-HJ-NP-Za-km-z]{25,34}$/.test(word)) return undefined;
  const bytes = base58(word, 25);
  const kind = bytes && VERSIONS[bytes[0]!];
  if (
    !kind ||
    !sha256(sha256(bytes.subarray(0, 21)))
      .subarray(0, 4)
      .equals(bytes.subarray(21))
  )
    return undefined;
  // One NUL byte at the beginning is written as one `1`: more of them is another writing of the same bytes.
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return word.startsWith("1".repeat(zeros)) && word[zeros] !== "1" ? [kind, word] : undefined;
}

const BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const BECH32_PREFIXES: Readonly<Record<string, Indicator["kind"]>> = { bc: "bitcoin", ltc: "litecoin" };

/** BIP 173 for witness version 0, BIP 350 for later ones. */
function bech32(word: string): Found | undefined {
  const match = /^(bc|ltc)1([02-9ac-hj-np-z]{14,74})$/.exec(word === word.toUpperCase() ? word.toLowerCase() : word);
  if (!match) return undefined;
  const [lower, prefix = "", data = ""] = match;
  const values = [...data].map((char) => BECH32.indexOf(char));
  const codes = [...prefix].map((char) => char.charCodeAt(0));
  let check = 1;
  for (const value of [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...values]) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (let i = 0; i < 5; i++) if ((top >> i) & 1) check ^= GENERATOR[i]!;
  }
  const bytes = Math.floor(((values.length - 7) * 5) / 8);
  const right =
    values[0] === 0 ? check === 1 && (bytes === 20 || bytes === 32) : check === 0x2bc830a3 && values[0]! <= 16;
  return right && bytes >= 2 && bytes <= 40 ? [BECH32_PREFIXES[prefix]!, lower] : undefined;
}

/** EIP-55: capitals are a checksum. An address in one case has none, and is taken as it is. */
function ethereum(word: string): Found | undefined {
  const hex = /^0[xX]([0-9a-fA-F]{40})$/.exec(word)?.[1];
  if (hex === undefined || /^(.)\1*$/.test(hex)) return undefined;
  const lower = hex.toLowerCase();
  if (hex !== lower && hex !== hex.toUpperCase()) {
    const hash = keccak256(Buffer.from(lower, "latin1")).toString("hex");
    const right = [...lower].map((char, i) => (hash[i]! >= "8" ? char.toUpperCase() : char)).join("");
    if (right !== hex) return undefined;
  }
  return ["ethereum", `0x${lower}`];
}

/** Networks of Monero's main chain: an address, one with a payment id, an address below another. */
const MONERO = new Set([18, 19, 42]);

/** Base 58 in blocks of 11 characters for 8 bytes, 7 for the last 5; the last four bytes are a checksum. */
function monero(word: string): Found | undefined {
  if (!/^[48][1-9A-HJ-NP-Za-km-z]+$/.test(word) || (word.length !== 95 && word.length !== 106)) return undefined;
  const blocks = word.match(/.{1,11}/g)!.map((block) => base58(block, block.length === 11 ? 8 : 5));
  if (blocks.includes(undefined)) return undefined;
  const bytes = Buffer.concat(blocks as Buffer[]);
  const body = bytes.subarray(0, -4);
  return MONERO.has(bytes[0]!) && keccak256(body).subarray(0, 4).equals(bytes.subarray(-4))
    ? ["monero", word]
    : undefined;
}

/** Length of a hash in hexadecimal digits: MD5, SHA-1, SHA-256. */
const HASHES = new Set([32, 40, 64]);

function hash(word: string): Found | undefined {
  if (!HASHES.has(word.length) || !/^(?:[0-9a-f]+|[0-9A-F]+)$/.test(word)) return undefined;
  return /[a-fA-F]/.test(word) && /\d/.test(word) && new Set(word).size > 4 ? ["hash", word.toLowerCase()] : undefined;
}

/** What a word of letters and digits is an address or hash of, if anything. */
export function coinOrHash(word: string): Found | undefined {
  if (word.length < 26 || word.length > 106) return undefined;
  return base58Check(word) ?? bech32(word) ?? ethereum(word) ?? monero(word) ?? hash(word);
}

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** Whether `name.onion` is an onion service of version 3 (Tor rend-spec-v3, section 6). Lower case. */
export function isOnion(host: string): boolean {
  const name = /(?:^|\.)([a-z2-7]{56})\.onion$/.exec(host)?.[1];
  if (name === undefined) return false;
  const bits = [...name].map((char) => BASE32.indexOf(char).toString(2).padStart(5, "0")).join("");
  const bytes = Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
  const check = createHash("sha3-256")
    .update(".onion checksum")
    .update(bytes.subarray(0, 32))
    .update(bytes.subarray(34));
  return bytes[34] === 3 && check.digest().subarray(0, 2).equals(bytes.subarray(32, 34));
}
