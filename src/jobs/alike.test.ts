import fc from "fast-check";
import { expect, it } from "vitest";
import type { Marks } from "./alike-index.ts";
import { AlikeIndex } from "./alike-index.ts";
import { LOOKS, OTHER_TEXT, SAME_LOOK, SAME_TEXT, simhash } from "./alike.ts";
import { distance } from "./prints.ts";

const FLYER =
  "Cheap toner for every printer! Order today and save 40 % on all cartridges. Original quality, two years of warranty, free delivery " +
  "within three days. Call 555-0142 or visit toner.example. This offer ends on Friday, so do not wait until your printer is empty.";
/** The same layout, sentence by sentence, and other words. */
const OTHER =
  "Join our march for every neighbour! Come today and bring 40 of all friends. Peaceful protest, two hours of music, free soup " +
  "within three tents. Call 555-0177 or visit march.example. The crowd meets on Sunday, so do not stay until the street is empty.";

const bits = (a: string, b: string) => distance(simhash(a)!, simhash(b)!);

it("sees one text through what drivers do to it", () => {
  expect(simhash(FLYER)).toMatch(/^[0-9a-f]{16}$/);
  expect(bits(FLYER, FLYER.toUpperCase().replace(/ /g, "  \n"))).toBe(0);
  expect(bits(FLYER, FLYER.replace("40", "55").replace("555-0142", "555-0199"))).toBe(0);
  expect(bits(FLYER, FLYER.replace(/[,!]/g, " ~"))).toBe(0);
  expect(bits(FLYER, FLYER.replace("warranty", "guarantee"))).toBeLessThanOrEqual(SAME_TEXT);
});

it("takes two flyers of one layout with different words for two texts", () => {
  expect(bits(FLYER, OTHER)).toBeGreaterThan(OTHER_TEXT);
});

it("has none for too little text, and counts a repeated line once", () => {
  expect(simhash("Hello there")).toBeNull();
  expect(simhash(" \n!? ")).toBeNull();
  expect(simhash("YOU HAVE BEEN HACKED")).not.toBeNull();
  expect(bits(FLYER, `${FLYER} ${"order today and save ".repeat(50)}`)).toBeLessThanOrEqual(SAME_TEXT);
});

it("reads scripts without blanks", () => {
  const text = "打印机墨粉特价 今天订购可享受优惠 请拨打电话联系我们";
  expect(bits(text, text.replace(/ /g, ""))).toBe(0);
  expect(bits(text, "您的网络不安全 请立即关闭端口 否则将被攻击者利用")).toBeGreaterThan(OTHER_TEXT);
});

it("never throws on any text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void simhash(text)));
  expect(simhash("a".repeat(1_000_000))).toBeNull();
  expect(simhash("a ".repeat(100_000))).toMatch(/^[0-9a-f]{16}$/);
});

/** A fingerprint with some bits turned, from the first on. */
function turned(print: string, count: number): string {
  let rest = count;
  return print.replace(/[0-9a-f]/g, (digit) => {
    const turn = Math.min(4, rest);
    rest -= turn;
    return (Number.parseInt(digit, 16) ^ ((1 << turn) - 1)).toString(16);
  });
}
const LOOK = "0123456789abcdef".repeat(4);
const TEXT = "0f1e2d3c4b5a6978";
const marks = (sha256: string, text: string | null, ...looks: (string | null)[]): Marks => ({
  sha256,
  simhash: text,
  looks,
});

it("keeps the rule of a family", () => {
  const index = new AlikeIndex();
  index.add("letters", marks("a", TEXT, LOOK));
  const why = (...asked: Parameters<typeof marks>) =>
    index.near(marks(...asked)).near.map(({ why, distance }) => `${why} ${distance}`);
  expect(why("a", null)).toEqual(["bytes 0"]);
  expect(why("b", turned(TEXT, SAME_TEXT))).toEqual([`text ${SAME_TEXT}`]);
  expect(why("b", turned(TEXT, SAME_TEXT + 1))).toEqual([]);
  expect(why("b", null, null, turned(LOOK, SAME_LOOK))).toEqual([`look ${SAME_LOOK}`]);
  expect(why("b", null, turned(LOOK, SAME_LOOK + 1))).toEqual([]);
  expect(why("b", turned(TEXT, OTHER_TEXT), LOOK)).toEqual(["look 0"]);
  expect(why("b", turned(TEXT, OTHER_TEXT + 1), LOOK)).toEqual([]);
  expect(why("b", null, ...Array.from({ length: LOOKS }, (_, i) => turned("0".repeat(64), 4 * i)), LOOK)).toEqual([]);
});

it("names the nearest first, counts all, and forgets", () => {
  const index = new AlikeIndex();
  for (let i = 0; i < 50; i++) index.add(`far ${i}`, marks(`f${i}`, turned(TEXT, 5), LOOK));
  index.add("near", marks("n", turned(TEXT, 1)));
  index.add("same", marks("x", "ffffffffffffffff"));
  const { near, jobs } = index.near(marks("x", TEXT, LOOK), 3);
  expect(near.map(({ id }) => id)).toEqual(["same", "near", "far 0"]);
  expect(jobs).toBe(52);
  index.add("near", marks("n", null));
  index.remove("far 0");
  index.remove("unknown");
  expect(index.near(marks("y", TEXT), 2)).toMatchObject({ near: [{ id: "far 1" }, { id: "far 2" }], jobs: 49 });
  expect(index.size).toBe(51);
});

const print = (length: number) =>
  fc.array(fc.constantFrom(..."018f"), { minLength: length, maxLength: length }).map((digits) => digits.join(""));
const job = fc.record({
  id: fc.constantFrom(..."abcdefgh"),
  sha256: fc.constantFrom(..."xyz"),
  simhash: fc.option(print(16)),
  looks: fc.array(fc.option(print(64)), { maxLength: 5 }),
});

it("answers as a plain comparison of all jobs does, after any additions and removals", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), job), { maxLength: 40 }), job, (steps, asked) => {
      const index = new AlikeIndex();
      const jobs = new Map<string, Marks>();
      for (const [add, { id, ...rest }] of steps) {
        if (add) jobs.set(id, rest);
        else jobs.delete(id);
        if (add) index.add(id, rest);
        else index.remove(id);
      }
      const shown = (looks: Marks["looks"]) => [...new Set(looks.filter((look) => look !== null))].slice(0, LOOKS);
      const alike = [...jobs].filter(([, one]) => {
        const texts = one.simhash !== null && asked.simhash !== null ? distance(one.simhash, asked.simhash) : undefined;
        const look = shown(one.looks).some((a) => shown(asked.looks).some((b) => distance(a, b) <= SAME_LOOK));
        return (
          one.sha256 === asked.sha256 ||
          (texts !== undefined && texts <= SAME_TEXT) ||
          (look && (texts ?? 0) <= OTHER_TEXT)
        );
      });
      const { near, jobs: count } = index.near(asked);
      expect(near.map(({ id }) => id).sort()).toEqual(alike.map(([id]) => id).sort());
      expect([count, index.size]).toEqual([alike.length, jobs.size]);
    }),
    { numRuns: 500 },
  );
});
