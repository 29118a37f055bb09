/** Networks as an operator lists them: `192.0.2.0/24`, `2001:db8::/32`, or a single address. */
import { isIPv4, isIPv6 } from "node:net";
import { addressBytes, addressText, inNetwork } from "./address.ts";

export interface Network {
  base: string;
  /** Length of the prefix, of the base's own family. */
  prefix: number;
}

/** A network from its text, or a sentence that says what is wrong with the text. */
export function readNetwork(text: string): Network | string {
  const [base = "", length, ...rest] = text.split("/");
  const bits = isIPv4(base) ? 32 : isIPv6(base) && !base.includes("%") ? 128 : 0;
  if (bits === 0 || rest.length > 0) return `"${text}" is neither an address nor a network such as 192.0.2.0/24`;
  if (length === undefined) return { base, prefix: bits };
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (prefix < 0 || prefix > bits) return `"${text}" has a prefix that is not a number from 1 to ${bits}`;
  if (prefix === 0) return `"${text}" is every address there is`;
  const first = firstAddress(base, prefix);
  if (sortBytes(base) !== sortBytes(first)) {
    return `"${text}" is an address with a prefix, the network is ${first}/${prefix}`;
  }
  return { base, prefix };
}

/** A list of networks, to ask whether an address is in one of them. */
export class Networks {
  readonly #list: readonly Network[];

  /** Throws on a text that is no network: what operators write is checked before. */
  constructor(texts: readonly string[]) {
    this.#list = texts.map((text) => {
      const network = readNetwork(text);
      if (typeof network === "string") throw new Error(network);
      return network;
    });
  }

  get empty(): boolean {
    return this.#list.length === 0;
  }

  has(ip: string): boolean {
    return this.#list.some(({ base, prefix }) => inNetwork(ip, base, prefix));
  }

  /** First and last address of each, in the sortable form of {@link sortableAddress}. */
  ranges(): [string, string][] {
    return this.#list.map(({ base, prefix }) => [
      sortBytes(firstAddress(base, prefix)),
      sortBytes(edge(base, prefix, 0xff)),
    ]);
  }
}

const firstAddress = (base: string, prefix: number) => edge(base, prefix, 0x00);
const sortBytes = (ip: string) => Buffer.from(addressBytes(ip)!).toString("hex");

/** The address with all bits after the prefix set as in `fill`. */
function edge(base: string, prefix: number, fill: 0x00 | 0xff): string {
  const bytes = addressBytes(base)!;
  const bits = isIPv4(base) ? prefix + 96 : prefix;
  for (let i = 0; i < 16; i++) {
    const kept = Math.min(8, Math.max(0, bits - i * 8));
    const mask = 0xff >> kept;
    bytes[i] = (bytes[i]! & ~mask) | (fill & mask);
  }
  return addressText(bytes);
}
