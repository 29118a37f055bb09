/**
 * PROXY protocol, version 2 only: the header in which an upstream (HAProxy, a load balancer) says who connected to it.
 * Source: "The PROXY protocol, Versions 1 & 2", section 2.2, haproxy.org.
 *
 *   12 bytes  signature
 *    1 byte   version 2 in the high half, command in the low half: 0 LOCAL, 1 PROXY
 *    1 byte   address family in the high half (1 IPv4, 2 IPv6), transport in the low half (1 stream)
 *    2 bytes  length of what follows, big endian: addresses, ports, then TLVs, which are skipped
 *
 * Only upstreams that the operator lists are asked for it. From anybody else these bytes are what a visitor sent.
 */
import type { Socket } from "node:net";
import { addressText } from "../util/address.ts";

export interface Endpoint {
  ip: string;
  port: number;
}

/** Who connected to the upstream, and where; nothing for LOCAL, a connection of the upstream itself. */
export interface Relayed {
  source: Endpoint;
  target: Endpoint;
}

/** `rest` is the visitor's own first bytes. */
export type Header = { relayed: Relayed | undefined; rest: Buffer } | { fault: string };

const SIGNATURE = Buffer.from("\r\n\r\n\0\r\nQUIT\n", "latin1");
const FIXED = SIGNATURE.length + 4;
/** Far above what upstreams send; a header says its own length in 16 bits. */
const MAX_LENGTH = 4096;
const LOCAL = 0x20;
const PROXY = 0x21;
/** Bytes of one address by family and transport: TCP over IPv4 and over IPv6. */
const ADDRESS: Record<number, number> = { 0x11: 4, 0x21: 16 };

/** Reads one header, however it is cut. The same input gives the same outcome. */
export class ProxyDecoder {
  #seen: Buffer = Buffer.alloc(0);

  /** All that came so far. */
  get seen(): Buffer {
    return this.#seen;
  }

  /** Undefined while the header is not whole. Not to be called again after an outcome. */
  push(bytes: Uint8Array): Header | undefined {
    this.#seen = Buffer.concat([this.#seen, bytes]);
    const seen = this.#seen;
    const start = seen.subarray(0, SIGNATURE.length);
    if (!start.equals(SIGNATURE.subarray(0, start.length))) return { fault: "it does not begin with the signature" };
    const command = seen[12];
    const family = seen[13];
    if (command === undefined) return undefined;
    if (command !== LOCAL && command !== PROXY) return { fault: "its version or command is unknown" };
    if (family === undefined) return undefined;
    const size = ADDRESS[family];
    if (command === PROXY && size === undefined) return { fault: "it relays something other than TCP" };
    if (seen.length < FIXED) return undefined;
    const length = seen.readUInt16BE(14);
    if (length > MAX_LENGTH) return { fault: "it is too long" };
    if (command === PROXY && length < size! * 2 + 4) return { fault: "it is too short for its addresses" };
    if (seen.length < FIXED + length) return undefined;
    const rest = seen.subarray(FIXED + length);
    return { relayed: command === PROXY ? relayed(seen.subarray(FIXED), size!) : undefined, rest };
  }
}

function relayed(block: Buffer, size: number): Relayed {
  return {
    source: { ip: addressText(block.subarray(0, size)), port: block.readUInt16BE(size * 2) },
    target: { ip: addressText(block.subarray(size, size * 2)), port: block.readUInt16BE(size * 2 + 2) },
  };
}

/** What came of waiting for a header. `seen`: all bytes that came, when it was none. */
export type Introduction = { relayed: Relayed | undefined } | { fault: string; seen: Buffer };

/** An upstream sends the header at once; one that does not is told apart from a slow visitor by this. */
const PATIENCE_MS = 5000;

/**
 * Reads the header from a paused socket and leaves it paused, with what follows the header still to be read.
 * A connection that ends without a byte gives undefined: that is how upstreams look whether a port is open.
 */
export function introduction(socket: Socket): Promise<Introduction | undefined> {
  return new Promise((resolve) => {
    const decoder = new ProxyDecoder();
    const done = (outcome: Introduction | undefined) => {
      clearTimeout(patience);
      socket.off("data", read).off("end", ended).off("close", ended);
      socket.pause();
      resolve(outcome);
    };
    const read = (chunk: Buffer) => {
      const header = decoder.push(chunk);
      if (!header) return;
      if ("fault" in header) done({ fault: header.fault, seen: decoder.seen });
      else {
        done({ relayed: header.relayed });
        if (header.rest.length > 0) socket.unshift(header.rest);
      }
    };
    const ended = () => {
      const { seen } = decoder;
      done(seen.length === 0 ? undefined : { fault: "the connection ended within it", seen });
    };
    const patience = setTimeout(() => done({ fault: "it did not come in time", seen: decoder.seen }), PATIENCE_MS);
    socket.on("data", read).on("end", ended).on("close", ended);
    socket.resume();
  });
}
