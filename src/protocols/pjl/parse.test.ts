import fc from "fast-check";
import { expect, it } from "vitest";
import { capitals, optionValue, parseLine, parseOptions } from "./parse.ts";

it("reads command and argument, the command in any case, with tabs and blanks", () => {
  expect(parseLine("@PJL INFO ID")).toEqual({ command: "INFO", argument: "ID" });
  expect(parseLine("@PJL\techo  a  b ")).toEqual({ command: "ECHO", argument: " a  b " });
  expect(parseLine("@PJL")).toEqual({ command: "", argument: "" });
  expect(parseLine("@PJLINFO ID")).toEqual({ command: "", argument: "INFO ID" });
  expect(parseLine(`@PJL COMMENT="a b"`)).toEqual({ command: "COMMENT", argument: `="a b"` });
});

it("reads modifiers and options", () => {
  expect(parseOptions('lparm : pcl Pitch = 10.0 "x" NAME="a = b" READ')).toEqual({
    modifier: "LPARM:PCL",
    options: [
      { name: "PITCH", value: "10.0", quoted: false },
      { name: "", value: "x", quoted: true },
      { name: "NAME", value: "a = b", quoted: true },
      { name: "READ" },
    ],
  });
  expect(optionValue('NAME="0:\\" COUNT=9 NAME="b"', "NAME")).toBe("0:\\");
  expect(optionValue('DISPLAY = "no end', "DISPLAY")).toBe("no end");
  expect(optionValue('DISPLAY=""', "DISPLAY")).toBe("");
  expect(parseOptions("== =a = =")).toEqual({ modifier: "", options: [{ name: "A" }] });
});

it("leaves bytes above 127 as they are", () => {
  expect(capitals("aÿßµz")).toBe("AÿßµZ");
});

it("takes any line in linear time", () => {
  const text = fc.string({ unit: fc.constantFrom("a", " ", "\t", ":", "=", '"', "\xff"), maxLength: 200 });
  fc.assert(
    fc.property(text, (text) => {
      expect(parseOptions(text).options.length).toBeLessThanOrEqual(64);
      expect(parseLine(`@PJL${text}`).argument.length).toBeLessThanOrEqual(text.length);
    }),
  );
  const started = performance.now();
  for (const unit of [" ", "a", "=", '"', "a:", "a =", "\t"]) parseOptions(unit.repeat(8192));
  expect(performance.now() - started).toBeLessThan(500);
});
