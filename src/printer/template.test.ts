import fc from "fast-check";
import { expect, it } from "vitest";
import { fillTemplate, parseTemplate } from "./template.ts";

const fill = (text: string) =>
  fillTemplate(parseTemplate(text).template, (name) => (name === "toner.percent" ? "{serial}" : undefined));

it("fills names, keeps unknown ones and undoubles braces", () => {
  expect(fill("a {toner.percent}{{b}} {none} { }")).toBe("a {serial}{b} {none} { }");
  expect(fill("{{toner.percent}}")).toBe("{toner.percent}");
});

it("tells names and loose braces with their offsets", () => {
  expect(parseTemplate("x {ip}\n{ {{}}}")).toMatchObject({ names: [{ name: "ip", offset: 2 }], loose: [7, 13] });
});

it("leaves text without braces as it is, and never throws", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const filled = fill(text);
      if (!/[{}]/.test(text)) expect(filled).toBe(text);
    }),
  );
});
