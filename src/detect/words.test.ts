import { describe, expect, it } from "vitest";
import { toByteText } from "../event/bytes-text.ts";
import { compileWords } from "./words.ts";

const finder = compileWords({
  id: "test",
  about: "words for this test, nothing else",
  groups: [
    { name: "pitch", counts: 2, phrases: { any: ["50 % off"], en: ["act now", "act now or never"], zh: ["优惠"] } },
    { name: "contact", counts: 1, cap: 1, phrases: { any: ["www", "https"], de: ["rufen sie"] } },
  ],
});
const scan = (text: string) => finder.scan(toByteText(Buffer.from(text)));

describe("tables of words", () => {
  it("count different phrases once each, whole words in any case and spacing", () => {
    expect(scan("ACT  NOW, act now! Save 70% OFF")).toMatchObject({ score: 4 });
    expect(scan("react nowhere, 70 percent off").score).toBe(0);
  });

  it("find a phrase that is the beginning of another", () => {
    expect(scan("Act now or never").found.map(({ text }) => text)).toEqual(["Act now", "Act now or never"]);
  });

  it("cap a group", () => {
    expect(scan("www.example.com, https://example.com, rufen Sie an").score).toBe(1);
  });

  it("say where in the bytes, also behind characters of several bytes", () => {
    const text = toByteText(Buffer.from("Für 20 € heute: 70 % off"));
    const { found } = finder.scan(text);
    expect(found.map(({ text: words, at }) => [words, text.slice(...at)])).toEqual([["70 % off", "70 % off"]]);
    expect(found[0]!.at[0]).toBe(text.indexOf("70"));
  });

  it("read ISO 8859-1, UTF-8 cut in the middle of a character, and scripts without spaces", () => {
    expect(finder.scan("Gr\xfc\xdfe, act now").score).toBe(2);
    const cut = Buffer.from("act now 优惠大").subarray(0, -1);
    expect(finder.scan(toByteText(cut)).score).toBe(4);
  });

  it.each([
    ["UTF-16LE with a mark", Buffer.from("\ufeffHeute: act now, 优惠!", "utf16le")],
    ["UTF-16LE without one", Buffer.from("Tomorrow: act now, 优惠!", "utf16le")],
    ["UTF-16BE with a mark", Buffer.from("\ufeffHeute: act now, 优惠!", "utf16le").swap16()],
    ["UTF-16BE without one", Buffer.from("Tomorrow: act now, 优惠!", "utf16le").swap16()],
    ["UTF-16LE cut in a character", Buffer.from("Tomorrow: act now, 优惠!", "utf16le").subarray(0, -1)],
  ])("read %s", (_, bytes) => {
    const { score, found } = finder.scan(toByteText(bytes));
    expect(score).toBe(4);
    expect(found[0]!.text).toBe("act now");
    const little = bytes[0] === 0xfe || bytes[0] === 0 ? Buffer.from(bytes).swap16() : bytes;
    expect(little.subarray(...found[0]!.at).toString("utf16le")).toBe("act now");
  });

  it("do not take long over long texts", () => {
    const text = "act ".repeat(1024);
    const begin = performance.now();
    for (let i = 0; i < 20; i++) finder.scan(`${text}${i}`);
    expect(performance.now() - begin).toBeLessThan(2_000);
  });
});
