import { describe, expect, it } from "vitest";
import type { Span } from "./lines.ts";
import { textOf } from "./lines.ts";

const span = (text: string, x: number, y: number, more: Partial<Span> = {}): Span => ({
  text,
  x,
  y,
  width: text.length * 6,
  size: 10,
  turn: 0,
  ...more,
});

describe("lines of a page", () => {
  it("are read from top to bottom and from left to right, however they were set", () => {
    expect(textOf([span("world", 40, 20), span("second", 0, 40), span("hello", 0, 21)])).toBe("hello world\nsecond");
  });

  it("have a space where there is a gap, and none where there is not", () => {
    expect(textOf([span("to", 0, 0), span("ner", 12.5, 0), span("sale", 40, 0)])).toBe("toner sale");
  });

  it("say once what was set twice to be bold", () => {
    expect(textOf([span("bold", 0, 0), span("bold", 1, 0), span("bold", 100, 0)])).toBe("bold bold");
  });

  it("give turned text after the upright, as it is read when the page is turned", () => {
    const turned = [
      span("up", 50, 200, { turn: 1 }),
      span("and on", 50, 180, { turn: 1 }),
      span("next to it", 70, 200, { turn: 1 }),
    ];
    expect(textOf([...turned, span("level", 0, 500), span("over", 0, 5, { turn: 2 })])).toBe(
      "level\nup and on\nnext to it\nover",
    );
  });

  it("are none for an empty page", () => {
    expect(textOf([])).toBe("");
  });
});
