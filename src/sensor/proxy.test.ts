import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cuts, inputs, pieces } from "../../test/support/codec.ts";
import { proxyHeader } from "../../test/support/proxy-header.ts";
import { type Header, ProxyDecoder } from "./proxy.ts";

/** The outcome of input that comes in pieces; what comes after it belongs to `rest`. */
function read(parts: readonly Uint8Array[]): Header | undefined {
  const decoder = new ProxyDecoder();
  for (const [i, part] of parts.entries()) {
    const lent = Buffer.from(part);
    const outcome = decoder.push(lent);
    if (!outcome || "fault" in outcome) {
      lent.fill(0xaa);
      if (outcome) return outcome;
      continue;
    }
    const rest = Buffer.concat([outcome.rest, ...parts.slice(i + 1)]);
    lent.fill(0xaa);
    return { relayed: outcome.relayed, rest };
  }
  return undefined;
}

const single = (bytes: Buffer) => Array.from(bytes, (byte) => Uint8Array.of(byte));
const V4 = { source: { ip: "198.51.100.23", port: 40122 }, target: { ip: "192.0.2.61", port: 9100 } };
const V6 = { source: { ip: "2001:db8::23", port: 1 }, target: { ip: "2001:db8:1::61", port: 65535 } };
/** PP2_TYPE_NOOP (0x04) of five bytes, and PP2_TYPE_AUTHORITY (0x02). */
const TLVS = Buffer.from("\x04\0\x05QUIT\n\x02\0\x03a.b", "latin1");
const rest = Buffer.from("@PJL INFO ID\r\n");

describe("a PROXY header of version 2", () => {
  it.each([
    ["TCP over IPv4", proxyHeader(V4), V4],
    ["TCP over IPv6", proxyHeader(V6), V6],
    ["with TLVs", proxyHeader(V4, { tlvs: TLVS }), V4],
    ["LOCAL", proxyHeader(undefined), undefined],
    ["LOCAL with addresses and TLVs, which mean nothing", proxyHeader(V6, { command: 0x20, tlvs: TLVS }), undefined],
    ["of the greatest length", proxyHeader(V4, { tlvs: Buffer.alloc(4096 - 12) }), V4],
  ])("%s", (_, header, relayed) => {
    expect(read([Buffer.concat([header, rest])])).toEqual({ relayed, rest });
    expect(read(single(Buffer.concat([header, rest])))).toEqual({ relayed, rest });
    expect(read([header.subarray(0, -1)])).toBeUndefined();
  });

  it("says an IPv4-mapped source as IPv4", () => {
    const mapped = { source: { ip: "::ffff:198.51.100.23", port: 5 }, target: { ip: "2001:db8::61", port: 9100 } };
    expect(read([proxyHeader(mapped, { family: 0x21 })])).toMatchObject({
      relayed: { source: { ip: "198.51.100.23" } },
    });
  });

  it.each([
    ["version 1", Buffer.from("PROXY TCP4 198.51.100.23 192.0.2.61 40122 9100\r\n"), "signature"],
    ["a visitor's bytes", rest, "signature"],
    ["a signature with one wrong byte", proxyHeader(V4).fill(0x0d, 11, 12), "signature"],
    ["version 3", proxyHeader(V4, { command: 0x31 }), "version or command"],
    ["an unknown command", proxyHeader(V4, { command: 0x22 }), "version or command"],
    ["UDP", proxyHeader(V4, { family: 0x12 }), "other than TCP"],
    ["Unix sockets", proxyHeader(V4, { family: 0x31 }), "other than TCP"],
    ["an unspecified family", proxyHeader(V4, { family: 0x00 }), "other than TCP"],
    ["too few bytes for IPv6", proxyHeader(V4, { family: 0x21 }), "too short"],
    ["more bytes than are taken", proxyHeader(V4, { tlvs: Buffer.alloc(4097 - 12) }), "too long"],
  ])("is not %s", (_, bytes, why) => {
    const fault = { fault: expect.stringContaining(why) as string };
    expect(read([bytes])).toEqual(fault);
    expect(read(single(bytes))).toEqual(fault);
  });

  it("is read the same however it is cut, from any input", () => {
    const samples = [V4, V6, undefined].flatMap((relayed) =>
      [undefined, TLVS].map((tlvs) => Buffer.concat([proxyHeader(relayed, tlvs ? { tlvs } : {}), rest])),
    );
    fc.assert(
      fc.property(inputs(samples, ["\r\n\r\n\0\r\nQUIT\n", "\x21\x11\0\x0c", "\x20\0\0\0"]), cuts(), (input, at) => {
        const whole = read([input]);
        expect(read(pieces(input, at))).toEqual(whole);
        expect(read(single(input))).toEqual(whole);
        if (whole && "relayed" in whole) expect(input.subarray(input.length - whole.rest.length)).toEqual(whole.rest);
      }),
      { numRuns: 3000 },
    );
  });
});
