import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressBytes, addressText, sortableAddress } from "./address.ts";
import { Networks, readNetwork } from "./network.ts";

describe("networks", () => {
  it.each([
    ["192.0.2.0/24", ["192.0.2.0", "192.0.2.255", "::ffff:192.0.2.9"], ["192.0.3.0", "192.0.1.255", "2001:db8::1"]],
    ["198.51.100.7", ["198.51.100.7"], ["198.51.100.6", "198.51.100.8"]],
    ["203.0.113.128/25", ["203.0.113.128", "203.0.113.255"], ["203.0.113.127"]],
    ["2001:db8::/33", ["2001:db8::1", "2001:db8:7fff:ffff::1"], ["2001:db8:8000::", "2001:db7::", "192.0.2.1"]],
    ["::1", ["::1"], ["::2", "127.0.0.1"]],
  ])("%s", (text, inside, outside) => {
    const networks = new Networks([text]);
    const [[first, last] = ["", ""]] = networks.ranges();
    for (const ip of inside) {
      expect([ip, networks.has(ip)]).toEqual([ip, true]);
      expect(sortableAddress(ip) >= first && sortableAddress(ip) <= last).toBe(true);
    }
    for (const ip of outside) {
      expect([ip, networks.has(ip)]).toEqual([ip, false]);
      expect(sortableAddress(ip) >= first && sortableAddress(ip) <= last).toBe(false);
    }
  });

  it.each([
    ["192.0.2.1/24", "the network is 192.0.2.0/24"],
    ["2001:db8::1/64", "the network is 2001:db8::/64"],
    ["192.0.2.0/33", "from 1 to 32"],
    ["192.0.2.0/", "from 1 to 32"],
    ["192.0.2.0/24/8", "neither"],
    ["192.0.2", "neither"],
    ["printers.example", "neither"],
    ["fe80::1%eth0", "neither"],
    ["0.0.0.0/0", "every address"],
    ["::/0", "every address"],
  ])("%s is told to be wrong", (text, why) => {
    expect(readNetwork(text)).toEqual(expect.stringContaining(why));
    expect(() => new Networks([text])).toThrow(why);
  });

  it("nothing is in no network", () => {
    expect(new Networks([]).has("192.0.2.1")).toBe(false);
    expect(new Networks([]).empty).toBe(true);
  });
});

describe("the text of an address", () => {
  it("is read back as the same address", () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV6(), fc.ipV4()), (ip) => {
        const bytes = addressBytes(ip)!;
        expect(addressBytes(addressText(bytes))).toEqual(bytes);
      }),
    );
    expect(addressText(Uint8Array.of(192, 0, 2, 1))).toBe("192.0.2.1");
    expect(addressText(addressBytes("2001:DB8:0:0::1")!)).toBe("2001:db8::1");
  });
});
