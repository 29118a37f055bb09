import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inNetwork } from "../util/address.ts";
import { Surveys } from "./surveys.ts";

const told: string[] = [];
const survey = (name: string, ...networks: [string, ...string[]]) => ({
  value: {
    id: name,
    name,
    site: "https://survey.example/",
    entries: [{ networks, from: "a list", on: "2026-06-22" }] as never,
  },
  fault: (path: (string | number)[], what: string) => told.push(`${path.join(".")} ${what}`),
});

describe("known surveys", () => {
  const networks = { a: ["198.51.100.0/25", "2001:db8:a::/48"], b: ["198.51.100.128/32", "203.0.113.64/26"] };
  const surveys = Surveys.of([survey("a", ...(networks.a as [string])), survey("b", ...(networks.b as [string]))]);

  it.each([
    ["198.51.100.0", "a"],
    ["198.51.100.127", "a"],
    ["198.51.100.128", "b"],
    ["198.51.100.129", undefined],
    ["::ffff:198.51.100.1", "a"],
    ["198.51.99.255", undefined],
    ["2001:db8:a:ffff::1", "a"],
    ["2001:db8:b::1", undefined],
    ["0.0.0.0", undefined],
    ["255.255.255.255", undefined],
    ["nonsense", undefined],
  ])("%s is %s", (ip, name) => expect(surveys.nameOf(ip)).toBe(name));

  it("agrees with asking every network", () => {
    fc.assert(
      fc.property(fc.constantFrom("198.51.100.", "203.0.113."), fc.nat({ max: 255 }), (net, host) => {
        const ip = `${net}${host}`;
        const found = Object.entries(networks).find(([, list]) =>
          list.some((one) => inNetwork(ip, one.split("/")[0]!, Number(one.split("/")[1]))),
        );
        expect(surveys.nameOf(ip)).toBe(found?.[0]);
      }),
    );
  });

  it("knows nobody without lists", () => expect(Surveys.of([]).nameOf("198.51.100.1")).toBeUndefined());

  it("refuses networks that lie in others", () => {
    Surveys.of([survey("a", "198.51.100.0/24", "192.0.2.1"), survey("b", "198.51.100.64/26", "192.0.2.1")]);
    expect(told).toEqual([
      'entries.0.networks.1 "192.0.2.1" overlaps with another network of a',
      'entries.0.networks.0 "198.51.100.64/26" overlaps with another network of a',
    ]);
  });
});
