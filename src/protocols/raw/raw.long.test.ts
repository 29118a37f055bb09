import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { growth } from "../../../test/support/codec.ts";
import { checkRaw } from "../../../test/support/raw-laws.ts";
import { testDevice, TEST_VISITOR } from "../../../test/support/transcript-device.ts";
import { raw } from "./service.ts";

// Memory is measured after a collection; without one it shows what is yet to be collected.
setFlagsFromString("--expose-gc");
globalThis.gc = runInNewContext("gc") as NodeJS.GCFunction;

it("raw port: 10,000 random and mutated inputs", () => checkRaw(10_000));

it.each([
  ["one endless job", "\x1b%-1234 \f"],
  ["ten thousand jobs", `x\x1b%-12345X${" ".repeat(300)}`],
  ["lines of a wrapper", '@PJL SET JOBATTR="JobAcct1=ann"\n'],
  ["changes", '@PJL DEFAULT COPIES=1\n@PJL DEFAULT COPIES=2\n@PJL RDYMSG DISPLAY="x"\n@PJL RDYMSG DISPLAY="y"\n'],
])("raw port: %s leaves no memory behind", (_, text) => {
  const piece = Buffer.from(text.repeat(Math.ceil((64 * 1024) / text.length)), "latin1");
  const left = growth(() => {
    const dialogue = raw.open(testDevice("hp-laserjet-4250"), TEST_VISITOR);
    for (let i = 0; i < 100; i++) dialogue.receive(piece);
    return dialogue;
  });
  expect(left).toBeLessThan(32 * 1024 * 1024);
});

it("raw port: more than 20,000 probes a second are answered on one core", () => {
  const device = testDevice("hp-laserjet-p1102w");
  const probe = Buffer.from("\x1b%-12345X@PJL INFO PRODINFO\r\n\x1b%-12345X");
  const rate = () => {
    const started = performance.now();
    for (let i = 0; i < 20_000; i++) {
      const dialogue = raw.open(device, TEST_VISITOR);
      expect(dialogue.receive(probe).at(-1)?.reply === undefined).toBe(false);
      dialogue.end();
    }
    return 20_000 / ((performance.now() - started) / 1000);
  };
  expect(Math.max(rate(), rate(), rate())).toBeGreaterThan(20_000);
});
