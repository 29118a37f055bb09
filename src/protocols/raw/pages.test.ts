import { expect, it } from "vitest";
import { PageCounter } from "./pages.ts";

function pages(language: string, ...pieces: string[]): number {
  const counter = new PageCounter();
  for (const piece of pieces) counter.push(Buffer.from(piece, "latin1"));
  return counter.pages(language);
}

it("counts form feeds, and the page that none ends", () => {
  expect(pages("text", "one\ftwo")).toBe(2);
  expect(pages("text", "one\ftw", "o\f\r\n")).toBe(2);
  expect(pages("text", "one")).toBe(1);
  expect(pages("text", " \r\n")).toBe(0);
});

it("sees no page in PCL commands alone", () => {
  expect(pages("pcl", "\x1bE")).toBe(0);
  expect(pages("pcl", "\x1bE\x1b&l0O\x1b(s0p10H", "text\f\x1bE")).toBe(1);
});

it("takes other languages for a page, and any job for a bounded number", () => {
  expect(pages("postscript", "\f\f\f")).toBe(1);
  expect(pages("text", "\f".repeat(100_000))).toBe(500);
});
