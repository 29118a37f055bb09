/** The PROXY header that an upstream sends. Source: "The PROXY protocol, Versions 1 & 2", section 2.2. */
import { isIPv4 } from "node:net";
import type { Relayed } from "../../src/sensor/proxy.ts";
import { addressBytes } from "../../src/util/address.ts";

/** A header of version 2, LOCAL without addresses; `more` says what differs from a right one. */
export function proxyHeader(
  relayed: Relayed | undefined,
  more: { command?: number; family?: number; tlvs?: Buffer } = {},
): Buffer {
  const v4 = relayed !== undefined && isIPv4(relayed.source.ip);
  const bytes = (ip: string) => addressBytes(ip)!.subarray(v4 ? 12 : 0);
  const port = ({ port }: { port: number }) => Uint8Array.of(port >> 8, port & 0xff);
  const { source, target } = relayed ?? {};
  const block = source && target ? [bytes(source.ip), bytes(target.ip), port(source), port(target)] : [];
  const body = Buffer.concat([...block, more.tlvs ?? Buffer.alloc(0)]);
  const head = Buffer.from("\r\n\r\n\0\r\nQUIT\n\0\0\0\0", "latin1");
  head[12] = more.command ?? (relayed ? 0x21 : 0x20);
  head[13] = more.family ?? (relayed ? (v4 ? 0x11 : 0x21) : 0x00);
  head.writeUInt16BE(body.length, 14);
  return Buffer.concat([head, body]);
}
