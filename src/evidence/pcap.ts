/**
 * Conversations as a packet capture that Wireshark reads: the classic pcap format with packets that begin at their IP
 * header (LINKTYPE_RAW, 101). Bytes, addresses, ports and times are those of the conversation; segments, sequence
 * numbers and acknowledgements are made here, right in themselves, as a sensor keeps streams and not packets.
 */
import { isIPv4 } from "node:net";
import { addressBytes } from "../util/address.ts";

export interface Endpoint {
  ip: string;
  port: number;
}

/** One conversation on its way into a capture. Times are milliseconds since 1970. */
export interface Flow {
  open(time: number): Buffer[];
  /** `at`: offset in the stream of its direction. A jump leaves a gap that the reader of the capture will see. */
  data(direction: "in" | "out", at: number, bytes: Buffer, time: number): Buffer[];
  /** `reason` as in `session.close`. */
  close(reason: string, time: number): Buffer[];
}

const LINKTYPE_RAW = 101;
const SNAPSHOT = 1 << 18;

/** What a file begins with: microseconds, little endian, version 2.4. */
export const PCAP_HEADER = header();

function header(): Buffer {
  const bytes = Buffer.alloc(24);
  bytes.writeUInt32LE(0xa1b2c3d4, 0);
  bytes.writeUInt16LE(2, 4);
  bytes.writeUInt16LE(4, 6);
  bytes.writeUInt32LE(SNAPSHOT, 16);
  bytes.writeUInt32LE(LINKTYPE_RAW, 20);
  return bytes;
}

const PROTOCOL = { tcp: 6, udp: 17 } as const;
const FLAG = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;
const WINDOW = 65535;
/** Segments after which the other side acknowledges, well within its window. */
const UNACKNOWLEDGED = 16;
/** Maximum segment size, RFC 9293 section 3.7.1, option kind 2. */
const MSS = 1460;

/** A TCP conversation. `isn`: where its sequence numbers begin, different for conversations between the same ports. */
export class TcpFlow implements Flow {
  readonly #ends: { in: Link; out: Link };
  /** Next sequence number of each side. */
  readonly #next: { in: number; out: number };
  readonly #first: { in: number; out: number };
  readonly #segment: number;

  constructor(visitor: Endpoint, printer: Endpoint, isn: number) {
    const link = new Link(visitor, printer);
    this.#ends = { in: link, out: link.reversed() };
    this.#first = { in: isn >>> 0, out: (isn ^ 0x55555555) >>> 0 };
    this.#next = { ...this.#first };
    this.#segment = link.v4 ? MSS : MSS - 20;
  }

  open(time: number): Buffer[] {
    const option = Buffer.from([2, 4, this.#segment >> 8, this.#segment & 0xff]);
    const syn = this.#packet("in", FLAG.syn, time, EMPTY, option);
    this.#next.in++;
    const answer = this.#packet("out", FLAG.syn | FLAG.ack, time, EMPTY, option);
    this.#next.out++;
    return [syn, answer, this.#packet("in", FLAG.ack, time)];
  }

  data(direction: "in" | "out", at: number, bytes: Buffer, time: number): Buffer[] {
    const other = direction === "in" ? "out" : "in";
    const packets: Buffer[] = [];
    this.#next[direction] = this.#first[direction] + 1 + at;
    for (let from = 0, sent = 1; from < bytes.length; from += this.#segment, sent++) {
      const part = bytes.subarray(from, from + this.#segment);
      const last = from + part.length === bytes.length;
      packets.push(this.#packet(direction, last ? FLAG.psh | FLAG.ack : FLAG.ack, time, part));
      this.#next[direction] += part.length;
      if (last || sent % UNACKNOWLEDGED === 0) packets.push(this.#packet(other, FLAG.ack, time));
    }
    return packets;
  }

  close(reason: string, time: number): Buffer[] {
    if (reason === "reset") return [this.#packet("in", FLAG.rst | FLAG.ack, time)];
    const first = reason === "visitor" ? "in" : "out";
    const second = first === "in" ? "out" : "in";
    const fin = this.#packet(first, FLAG.fin | FLAG.ack, time);
    this.#next[first]++;
    const answer = this.#packet(second, FLAG.fin | FLAG.ack, time);
    this.#next[second]++;
    return [fin, answer, this.#packet(first, FLAG.ack, time)];
  }

  #packet(
    direction: "in" | "out",
    flags: number,
    time: number,
    payload: Buffer = EMPTY,
    options: Buffer = EMPTY,
  ): Buffer {
    const link = this.#ends[direction];
    const segment = Buffer.alloc(20 + options.length + payload.length);
    segment.writeUInt16BE(link.from.port, 0);
    segment.writeUInt16BE(link.to.port, 2);
    segment.writeUInt32BE(this.#next[direction] >>> 0, 4);
    if (flags & FLAG.ack) segment.writeUInt32BE(this.#next[direction === "in" ? "out" : "in"] >>> 0, 8);
    segment[12] = ((20 + options.length) / 4) << 4;
    segment[13] = flags;
    segment.writeUInt16BE(WINDOW, 14);
    options.copy(segment, 20);
    payload.copy(segment, 20 + options.length);
    segment.writeUInt16BE(link.checksum(PROTOCOL.tcp, segment), 16);
    return link.packet(PROTOCOL.tcp, segment, time);
  }
}

/** Datagrams between a visitor and a printer, each piece one of them. */
export class UdpFlow implements Flow {
  readonly #ends: { in: Link; out: Link };

  constructor(visitor: Endpoint, printer: Endpoint) {
    const link = new Link(visitor, printer);
    this.#ends = { in: link, out: link.reversed() };
  }

  open(): Buffer[] {
    return [];
  }

  data(direction: "in" | "out", _at: number, bytes: Buffer, time: number): Buffer[] {
    const link = this.#ends[direction];
    const datagram = Buffer.alloc(8 + bytes.length);
    datagram.writeUInt16BE(link.from.port, 0);
    datagram.writeUInt16BE(link.to.port, 2);
    datagram.writeUInt16BE(datagram.length, 4);
    bytes.copy(datagram, 8);
    // RFC 768: a checksum of zero means that there is none, and is sent as all ones.
    datagram.writeUInt16BE(link.checksum(PROTOCOL.udp, datagram) || 0xffff, 6);
    return [link.packet(PROTOCOL.udp, datagram, time)];
  }

  close(): Buffer[] {
    return [];
  }
}

const EMPTY = Buffer.alloc(0);

/** One direction of a conversation: makes IP packets, RFC 791 and RFC 8200. */
class Link {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly v4: boolean;
  /** Source and destination address as they stand in the header. */
  readonly #addresses: Buffer;
  #identification = 0;

  constructor(from: Endpoint, to: Endpoint) {
    this.from = from;
    this.to = to;
    this.v4 = isIPv4(from.ip) && isIPv4(to.ip);
    const bytes = [from, to].map(({ ip }) => (addressBytes(ip) ?? new Uint8Array(16)).subarray(this.v4 ? 12 : 0));
    this.#addresses = Buffer.concat(bytes);
  }

  reversed(): Link {
    return new Link(this.to, this.from);
  }

  /** The checksum of a TCP segment or UDP datagram whose checksum field is zero, with its pseudo header. */
  checksum(protocol: number, segment: Buffer): number {
    return fold(sum(segment, sum(this.#addresses, protocol + segment.length)));
  }

  /** The record of a packet in a capture. */
  packet(protocol: number, segment: Buffer, time: number): Buffer {
    const size = (this.v4 ? 20 : 40) + segment.length;
    const record = Buffer.alloc(16 + size);
    record.writeUInt32LE(Math.floor(time / 1000), 0);
    record.writeUInt32LE(Math.floor((time % 1000) * 1000), 4);
    record.writeUInt32LE(size, 8);
    record.writeUInt32LE(size, 12);
    const packet = record.subarray(16);
    if (this.v4) this.#v4Header(packet, protocol);
    else this.#v6Header(packet, protocol, segment.length);
    segment.copy(packet, size - segment.length);
    return record;
  }

  #v4Header(packet: Buffer, protocol: number): void {
    packet[0] = 0x45;
    packet.writeUInt16BE(packet.length, 2);
    packet.writeUInt16BE(this.#identification++ & 0xffff, 4);
    packet.writeUInt16BE(0x4000, 6);
    packet[8] = 64;
    packet[9] = protocol;
    this.#addresses.copy(packet, 12);
    packet.writeUInt16BE(fold(sum(packet.subarray(0, 20), 0)), 10);
  }

  #v6Header(packet: Buffer, protocol: number, length: number): void {
    packet[0] = 0x60;
    packet.writeUInt16BE(length, 4);
    packet[6] = protocol;
    packet[7] = 64;
    this.#addresses.copy(packet, 8);
  }
}

/** Sum of 16-bit words, RFC 1071. */
function sum(bytes: Buffer, start: number): number {
  let total = start;
  for (let i = 0; i + 1 < bytes.length; i += 2) total += bytes.readUInt16BE(i);
  return bytes.length % 2 === 1 ? total + (bytes.at(-1)! << 8) : total;
}

function fold(total: number): number {
  let left = total;
  while (left > 0xffff) left = (left & 0xffff) + Math.floor(left / 0x10000);
  return ~left & 0xffff;
}
