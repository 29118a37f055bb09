import { expect, it } from "vitest";
import type { Variable } from "../../printer/persona.ts";
import { accepted, listing } from "./environment.ts";

const variable = (fields: Partial<Variable>): Variable => ({
  name: "V",
  value: "1",
  kind: "range",
  values: ["1", "999"],
  also: [],
  readOnly: false,
  service: false,
  listed: true,
  ...fields,
});
const COPIES = variable({});
const PITCH = variable({ values: ["0.44", "99.99"] });
const TIMED = variable({ values: ["5", "300"], also: ["0"] });
const PASSWORD = variable({ values: ["0", "65535"], also: ["DISABLED", "ENABLED"] });
const DUPLEX = variable({ kind: "enumerated", values: ["OFF", "ON"] });
const NAME = variable({ kind: "string", values: [""] });

it.each<[Variable, string, string | undefined]>([
  [COPIES, "2", "2"],
  [COPIES, "+02", "2"],
  [COPIES, "0", undefined],
  [COPIES, "1000", undefined],
  [COPIES, "two", undefined],
  [COPIES, "1e3", undefined],
  [COPIES, "9".repeat(5000), undefined],
  [COPIES, "", undefined],
  [PITCH, "12.5", "12.50"],
  [TIMED, "0", "0"],
  [TIMED, "4", undefined],
  [PASSWORD, "4242", "4242"],
  [PASSWORD, "ENABLED", undefined],
  [DUPLEX, "on", "ON"],
  [DUPLEX, "MAYBE", undefined],
  [NAME, "ann", undefined],
  [variable({ readOnly: true }), "2", undefined],
  [variable({ service: true }), "2", undefined],
])("%o takes %s as %s", (variable, value, expected) => {
  expect(accepted(variable, { name: "V", value, quoted: false })).toBe(expected);
});

it("wants quotes around strings, and around nothing else", () => {
  expect(accepted(NAME, { name: "V", value: "ann", quoted: true })).toBe("ann");
  expect(accepted(COPIES, { name: "V", value: "2", quoted: true })).toBeUndefined();
  expect(accepted(COPIES, { name: "V" })).toBeUndefined();
});

it("lists choices, each on a line of its own", () => {
  expect(listing(DUPLEX, "ON", (text) => text, "\r\n")).toBe("V=ON [2 ENUMERATED]\r\n\tOFF\r\n\tON\r\n");
  expect(listing(variable({ readOnly: true }), "7", (text) => text, "\n")).toBe("V=7 [2 RANGE READONLY]\n\t1\n\t999\n");
});
