/** Addresses in the forms the project needs: folded text, a sortable key, and the key a source is remembered under. */
import { isIPv4, isIPv6 } from "node:net";

/** An address as it is shown and compared: IPv4-mapped IPv6 (`::ffff:192.0.2.1`) as IPv4, no zone, lower case. */
export function foldAddress(ip: string): string {
  const plain = ip.toLowerCase().split("%", 1)[0]!;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain);
  return mapped ? mapped[1]! : plain;
}

/** The 16-bit groups of one side of `::`, a dotted tail as two of them. */
function groups(part: string): number[] {
  if (part === "") return [];
  return part.split(":").flatMap((group) => {
    if (!group.includes(".")) return [Number.parseInt(group, 16)];
    const [a, b, c, d] = group.split(".").map(Number) as [number, number, number, number];
    return [(a << 8) | b, (c << 8) | d];
  });
}

/** What was worked out of addresses seen lately is kept: every event of a visitor asks again. */
const REMEMBERED = 4096;

function remembered(work: (ip: string) => string): (ip: string) => string {
  const known = new Map<string, string>();
  return (ip) => {
    let result = known.get(ip);
    if (result === undefined) {
      if (known.size >= REMEMBERED) known.clear();
      result = work(ip);
      known.set(ip, result);
    }
    return result;
  };
}

/** The 16 bytes of an address, IPv4 as its mapped form; undefined for text that is not an address. */
export function addressBytes(ip: string): Uint8Array | undefined {
  const text = foldAddress(ip);
  const bytes = new Uint8Array(16);
  if (isIPv4(text)) {
    bytes.set([0xff, 0xff], 10);
    bytes.set(text.split(".").map(Number), 12);
    return bytes;
  }
  if (!isIPv6(text)) return undefined;
  const [head = "", tail] = text.split("::") as [string, string | undefined];
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const all = [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back];
  all.forEach((group, i) => bytes.set([group >> 8, group & 0xff], i * 2));
  return bytes;
}

/** The text of the 4 or 16 bytes of an address, IPv6 as RFC 5952 writes it, IPv4-mapped IPv6 as IPv4. */
export function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff) {
    return bytes.subarray(12).join(".");
  }
  const parts = Array.from({ length: 8 }, (_, i) => ((bytes[i * 2]! << 8) | bytes[i * 2 + 1]!).toString(16));
  return new URL(`http://[${parts.join(":")}]/`).hostname.slice(1, -1);
}

/** An address as 32 hexadecimal digits that sort as the addresses do. Text that is no address gives all zeroes. */
export const sortableAddress = remembered((ip) => {
  return Buffer.from(addressBytes(ip) ?? new Uint8Array(16)).toString("hex");
});

/** The key under which a visitor is remembered: an IPv4 address as it is, an IPv6 address as its /64. */
export const sourceKey = remembered((ip) => {
  const folded = foldAddress(ip);
  const bytes = addressBytes(folded);
  if (!bytes || isIPv4(folded)) return folded;
  const groups: string[] = [];
  for (let i = 0; i < 8; i += 2) groups.push(((bytes[i]! << 8) | bytes[i + 1]!).toString(16));
  return `${groups.join(":")}::/64`;
});

const PRIVATE: readonly [string, number][] = [
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["::1", 128],
  ["fc00::", 7],
  ["fe80::", 10],
];

/** Whether an address lies in a network, given as base address and prefix length (of the base's own family). */
export function inNetwork(ip: string, base: string, prefix: number): boolean {
  const a = addressBytes(ip);
  const b = addressBytes(base);
  if (!a || !b || isIPv4(foldAddress(ip)) !== isIPv4(base)) return false;
  const bits = isIPv4(base) ? prefix + 96 : prefix;
  for (let i = 0; i < 16; i++) {
    const left = Math.min(8, Math.max(0, bits - i * 8));
    const mask = (0xff << (8 - left)) & 0xff;
    if ((a[i]! & mask) !== (b[i]! & mask)) return false;
  }
  return true;
}

/** Whether an address can only be reached from inside (RFC 1918, RFC 4193, RFC 6598, loopback, link-local). */
export function isPrivate(ip: string): boolean {
  return PRIVATE.some(([base, prefix]) => inNetwork(ip, base, prefix));
}
