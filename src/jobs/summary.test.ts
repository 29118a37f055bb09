import fc from "fast-check";
import { expect, it } from "vitest";
import type { Claim, Words } from "./reading.ts";
import { summary } from "./reading.ts";
import { spokenIn } from "./spoken.ts";
import { summarize } from "./summary.ts";

const title = (value: string, strength: 1 | 2 = 2): Claim => ({
  what: "title",
  value,
  from: "test",
  strength,
  in: "body",
});
const words = (page: number, text: string): Words => ({ page, text, from: "stream" });
const of = (claims: Claim[], ...texts: string[]) =>
  summarize({ sections: [], claims, words: texts.map((text, i) => words(i + 1, text)) });

it("takes the title from a claim, a print system's first, else from the first line that says something", () => {
  expect(of([title("Letter", 1), title("Flyer")], "TONER").title).toEqual({ text: "Flyer", from: "claimed" });
  expect(of([title("(stdin)"), title("Letter", 1)], "TONER").title).toEqual({ text: "Letter", from: "claimed" });
  expect(of([title("Untitled")], " \n 1 2 3\n  TONER SALE \nmore").title).toEqual({ text: "TONER SALE", from: "read" });
  expect(of([], "12", "x").title).toBeNull();
  expect(of([title("a".repeat(500))]).title?.text).toHaveLength(200);
});

it("reads pages in their order, whatever order they came in", () => {
  const known = { sections: [], claims: [], words: [words(2, "second page"), words(1, "first page")] };
  expect(summarize(known).title?.text).toBe("first page");
});

it("counts words in scripts with and without blanks", () => {
  expect(of([], "One two-three 4.\nпять").words).toBe(5);
  expect(of([], "打印机").words).toBe(3);
  expect(of([], "").words).toBe(0);
});

it("has no fingerprint and no language for too little", () => {
  expect(of([], "Hi there")).toMatchObject({ spoken: null, simhash: null });
  expect(of([], "YOU HAVE BEEN HACKED").simhash).toMatch(/^[0-9a-f]{16}$/);
});

it.each([
  ["eng", "Your printer is open to the whole Internet, please close the port on your router."],
  ["deu", "Rufen Sie uns heute an und sparen Sie viel Geld bei Ihrem nächsten Einkauf."],
  ["fra", "Votre imprimante est ouverte à tout le monde, veuillez fermer ce port sur votre routeur."],
  ["spa", "Su impresora está abierta a todo el mundo, por favor cierre el puerto de su router."],
  ["rus", "Ваш принтер открыт для всего интернета, пожалуйста, закройте порт на маршрутизаторе."],
  ["cmn", "您的打印机对整个互联网开放,请关闭路由器上的端口。"],
  ["jpn", "あなたのプリンターはインターネットに公開されています。"],
])("hears %s", (language, text) => expect(spokenIn(text)[0]).toBe(language));

it("never throws on any text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (text, claimed) => {
      summary.parse(of([title(claimed)], text));
    }),
  );
  const start = performance.now();
  for (const text of ["a".repeat(1_000_000), "a ".repeat(500_000), "\n".repeat(1_000_000), "漢".repeat(1_000_000)])
    of([title(text)], text);
  expect(performance.now() - start).toBeLessThan(5000);
});
