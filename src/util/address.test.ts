import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressBytes, foldAddress, inNetwork, isPrivate, sortableAddress, sourceKey } from "./address.ts";

describe("addresses", () => {
  it("folds IPv4-mapped addresses and zones", () => {
    expect(foldAddress("::FFFF:192.0.2.1")).toBe("192.0.2.1");
    expect(foldAddress("fe80::1%eth0")).toBe("fe80::1");
  });

  it("remembers IPv4 by address and IPv6 by /64", () => {
    expect(sourceKey("::ffff:192.0.2.1")).toBe("192.0.2.1");
    expect(sourceKey("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64");
    expect(sourceKey("2001:db8:1:2::ffff")).toBe(sourceKey("2001:db8:1:2:ffff::1"));
    expect(sourceKey("::1")).toBe("0:0:0:0::/64");
  });

  it("gives keys that sort as the addresses do", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), (a, b) => {
        const number = (ip: string) => ip.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
        expect(Math.sign(number(a) - number(b))).toBe(sortableAddress(a) < sortableAddress(b) ? -1 : a === b ? 0 : 1);
      }),
    );
  });

  it("reads every IPv6 spelling that Node accepts", () => {
    fc.assert(
      fc.property(fc.ipV6(), (ip) => {
        const url = new URL(`http://[${ip}]/`).hostname.slice(1, -1);
        expect(addressBytes(ip)).toEqual(addressBytes(url));
      }),
    );
  });

  it("knows networks and private space", () => {
    expect(inNetwork("192.0.2.130", "192.0.2.128", 25)).toBe(true);
    expect(inNetwork("192.0.2.127", "192.0.2.128", 25)).toBe(false);
    expect(inNetwork("::ffff:10.1.2.3", "10.0.0.0", 8)).toBe(true);
    expect(["127.0.0.1", "172.31.0.1", "fd00::1", "::1"].every(isPrivate)).toBe(true);
    expect(["172.32.0.1", "203.0.113.1", "2001:db8::1"].some(isPrivate)).toBe(false);
  });
});
