import { describe, expect, it } from "vitest";
import { Heard } from "./heard.ts";
import { type Indicator, READING, type Section } from "./reading.ts";
import type { Pixels, Sheet } from "./render/contract.ts";
import { encodePng } from "./render/png.ts";
import { type Analysis, type Room, type Say, Telling, together } from "./telling.ts";

const SECTION: Section = { language: "postscript", at: [0, 9], because: "begins with %!", mark: [0, 2], more: "" };
const ROOM: Room = { pictures: 1e6, picture: 1e6, head: 256 * 1024 };
const SUMMARY = { title: null, words: 2, spoken: null, simhash: null, left: [] };
const lead = (value: string, page: number): Indicator => ({ kind: "domain", value, written: value, page, in: "text" });

const analysis: Analysis = {
  lookOf: () => "a".repeat(64),
  codesOn: () => ["code.example"],
  indicatorsIn: (pages, codes, stream) => [
    ...pages.map(({ page, text }) => lead(text, page)),
    ...codes.map(({ page, value }) => ({ ...lead(value, page), in: "qr" as const })),
    ...(stream === "" ? [] : [{ ...lead(stream, 0), in: "stream" as const }]),
  ],
  summarize: ({ words }) => ({ ...SUMMARY, words: words.length }),
};

const pixels = (width = 40, height = 30, noise = false): Pixels => {
  let state = 1;
  const random = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => (noise ? random() : 255)) };
};
const sheet = (more: Partial<Sheet> = {}): Sheet => ({
  pixels: pixels(),
  widthMm: 210,
  heightMm: 297,
  by: "test",
  ...more,
});

/** Both ends of the jail without the jail: what is told is heard. */
function both(
  steps: Partial<Analysis> = {},
  room: Partial<Room> = {},
): { telling: Telling; heard: Heard; kinds: string[]; pictures: string[] } {
  const kinds: string[] = [];
  const pictures: string[] = [];
  const heard = new Heard(
    (name) => pictures.push(name),
    (fault) => expect.fail(fault),
  );
  const say: Say = (kind, head, body = new Uint8Array(0)): void => {
    kinds.push(kind);
    expect(heard.take({ kind, head: JSON.parse(JSON.stringify(head)) as unknown, body })).toBeNull();
  };
  return {
    telling: new Telling(say, { ...analysis, ...steps }, { ...ROOM, ...room }, [SECTION]),
    heard,
    kinds,
    pictures,
  };
}

describe("what is told is heard", () => {
  it("page by page, each thing as soon as it is known", async () => {
    const { telling, heard, kinds, pictures } = both();
    const paper = telling.paper(0);
    paper.sheet(sheet({ words: { text: "one.example", from: "stream" } }));
    expect(kinds).toEqual(["sections", "page", "thumb", "look", "indicators", "words", "indicators", "summary"]);
    paper.sheet(sheet());
    paper.words(2, { text: "two.example", from: "stream" });
    telling.stream("three.example");
    await heard.settled();
    expect(pictures).toEqual(["1.png", "1.thumb.png", "2.png", "2.thumb.png"]);
    expect(heard.known.words.map(({ page, text }) => [page, text])).toEqual([
      [1, "one.example"],
      [2, "two.example"],
    ]);
    const found = heard.known.indicators.map(({ value, page, in: where }) => `${value} ${page} ${where}`);
    expect(found).toEqual([
      "code.example 1 qr",
      "one.example 1 text",
      "code.example 2 qr",
      "two.example 2 text",
      "three.example 0 stream",
    ]);
    expect(heard.known.summary.words).toBe(2);
  });

  it("without the step that breaks down", async () => {
    const breaks = (): never => {
      throw new Error("it broke");
    };
    const { telling, heard } = both({ lookOf: breaks, codesOn: breaks, indicatorsIn: breaks, summarize: breaks });
    telling.paper(0).sheet(sheet({ words: { text: "words", from: "stream" } }));
    telling.summary();
    await heard.settled();
    expect(heard.known.pages).toHaveLength(1);
    expect(heard.known.words).toHaveLength(1);
    expect(heard.known.summary.left).toEqual([
      "look: it broke",
      "codes: it broke",
      "indicators: it broke",
      "summary: it broke",
    ]);
  });

  it("not beyond twenty pages, and a page too many is said to be left out", async () => {
    const { telling, heard } = both();
    const paper = telling.paper(0);
    const taken = Array.from({ length: 21 }, () => paper.sheet(sheet()));
    expect(taken).toEqual([...Array<boolean>(20).fill(true), false]);
    telling.summary();
    await heard.settled();
    expect(heard.known.pages).toHaveLength(20);
    expect(heard.known.summary.left).toEqual(["pages after 20"]);
  });

  it("in smaller pictures where there is less room, so that there is always some", async () => {
    const { telling, heard } = both({}, { pictures: 60_000 });
    const paper = telling.paper(0);
    for (let page = 0; page < 10; page++) paper.sheet(sheet({ pixels: pixels(200, 150, true) }));
    telling.summary();
    await heard.settled();
    expect(heard.known.pages).toHaveLength(10);
    expect(heard.known.pages[0]!.width).toBeLessThan(200);
    expect(heard.known.summary.left).toContain("full size of page 1");
  });

  it("in frames none larger than agreed", async () => {
    const { telling, heard } = both({
      codesOn: () => [],
      indicatorsIn: () => Array.from({ length: 256 }, (_, n) => lead(`${n}${"x".repeat(1000)}`, 1)),
    });
    telling.paper(0).sheet(sheet({ words: { text: "\u0001".repeat(READING.pageText), from: "stream" } }));
    telling.claims(
      Array.from({ length: 200 }, () => ({
        what: "user",
        value: "\u0001".repeat(1024),
        from: "test",
        strength: 1,
        in: "document",
      })),
    );
    telling.summary();
    await heard.settled();
    const sizes = [heard.known.words, heard.known.indicators, heard.known.claims].map((part) =>
      Buffer.byteLength(JSON.stringify(part)),
    );
    expect(Math.max(...sizes)).toBeLessThanOrEqual(ROOM.head);
    expect(Math.min(...sizes)).toBeGreaterThan(ROOM.head / 2);
    expect(heard.known.summary.left).toHaveLength(4);
  });
});

describe("what is heard is not believed", () => {
  const page = { page: 1, section: 0, width: 40, height: 30, widthMm: 210, heightMm: 297, by: "test" };
  const png = encodePng(pixels());
  const none = new Uint8Array(0);
  const frame = (kind: string, head: unknown, body: Uint8Array = none) => ({ kind, head, body });
  const heardWith = (fault: (what: string) => void = () => {}): Heard => {
    const heard = new Heard(() => {}, fault);
    expect(heard.take(frame("sections", { sections: [SECTION] }))).toBeNull();
    return heard;
  };

  it.each([
    ["a kind that does not exist", frame("secrets", {})],
    ["a kind of every object", frame("constructor", {})],
    ["a page out of turn", frame("page", { ...page, page: 2 }, png)],
    ["a page of no section", frame("page", { ...page, section: 1 }, png)],
    ["a page that is too wide", frame("page", { ...page, width: 9000 }, png)],
    ["a page with something more", frame("page", { ...page, more: 1 }, png)],
    ["words of no page", frame("words", { page: 1, text: "", from: "none" })],
    ["a look of no page", frame("look", { page: 1, look: null })],
    ["a small picture of no page", frame("thumb", { page: 1 }, png)],
    [
      "a claim of the strongest kind",
      frame("claims", { claims: [{ what: "user", value: "x", from: "y", strength: 3, in: "body" }] }),
    ],
    [
      "an indicator of no kind",
      frame("indicators", { indicators: [{ kind: "x", value: "x", written: "x", page: 0, in: "text" }] }),
    ],
  ])("%s", (_, said) => {
    expect(heardWith().take(said)).toEqual(expect.any(String));
  });

  it("words said twice", () => {
    const heard = heardWith();
    heard.take(frame("page", page, png));
    const words = frame("words", { page: 1, text: "a", from: "stream" });
    expect(heard.take(words)).toBeNull();
    expect(heard.take(words)).toBe("words of page 1 twice");
  });

  it("a picture that is none, and no page after it", async () => {
    const faults: string[] = [];
    const heard = heardWith((what) => faults.push(what));
    expect(heard.take(frame("page", page, png))).toBeNull();
    expect(heard.take(frame("page", { ...page, page: 2 }, png.subarray(0, -1)))).toBeNull();
    expect(heard.take(frame("page", { ...page, page: 3 }, png))).toBeNull();
    await heard.settled();
    expect(heard.known.pages.map((one) => one.page)).toEqual([1]);
    expect(faults).toEqual([expect.stringContaining("a picture is not as agreed")]);
  });

  it("a small picture that is not small", async () => {
    const faults: string[] = [];
    const heard = heardWith((what) => faults.push(what));
    heard.take(frame("page", page, png));
    heard.take(frame("thumb", { page: 1 }, encodePng(pixels(READING.thumbPixels + 1, 2))));
    await heard.settled();
    expect(faults).toHaveLength(1);
  });
});

describe("how sections come out together", () => {
  const part = (
    language: "pjl" | "postscript" | "pclxl",
    status: "ok" | "partial" | "failed" | "unsupported",
    why = status === "ok" ? "" : "why",
  ) => ({
    language,
    name: language,
    outcome: { status, why },
  });
  it.each([
    ["nothing", [], 0, "unsupported"],
    ["only a wrapper", [part("pjl", "unsupported")], 0, "ok"],
    ["all drawn", [part("pjl", "unsupported"), part("postscript", "ok")], 1, "ok"],
    ["one that nobody draws", [part("pjl", "unsupported"), part("pclxl", "unsupported")], 0, "unsupported"],
    ["one drawn, one not", [part("postscript", "ok"), part("pclxl", "unsupported")], 1, "partial"],
    ["one broken after a page", [part("postscript", "partial")], 1, "partial"],
    ["one broken at once", [part("postscript", "failed")], 0, "failed"],
    ["one broken, one that nobody draws", [part("postscript", "failed"), part("pclxl", "unsupported")], 0, "failed"],
  ])("%s", (_, drawn, pages, status) => {
    expect(together(drawn, pages).status).toBe(status);
  });

  it("says which section a reason is of where there are several", () => {
    const drawn = [part("postscript", "ok"), part("pclxl", "unsupported", "it is not drawn")];
    expect(together(drawn, 1).why).toBe("pclxl: it is not drawn");
    expect(together([part("postscript", "failed", "an error")], 0).why).toBe("an error");
  });
});
