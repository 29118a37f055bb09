import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { defang, indicatorsIn } from "./indicators.ts";
import { keccak256 } from "./leads/keccak.ts";
import { indicator, READING } from "./reading.ts";

const of = (text: string, own: string[] = []) => indicatorsIn([{ page: 1, text }], [], "", own);
const told = (text: string) => of(text).map(({ kind, value }) => `${kind} ${value}`);

const ONION = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion";
const MONERO = "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A";

it.each([
  ["Order at https://toner.example/p?x=1.", ["link https://toner.example/p?x=1", "domain toner.example"]],
  ["(see HTTPS://Toner.example/a_(b))", ["link https://toner.example/a_(b)", "domain toner.example"]],
  ["hxxps://toner[.]example/p", ["link https://toner.example/p", "domain toner.example"]],
  ["hXXp[:]//www(.)toner(dot)example", ["link http://www.toner.example/", "domain toner.example"]],
  ["h**ps://toner [.] example/p", ["link https://toner.example/p", "domain toner.example"]],
  ["www . toner . example now", ["link http://www.toner.example/", "domain toner.example"]],
  ["www.toner.example/buy, today", ["link http://www.toner.example/buy", "domain toner.example"]],
  ["toner.example/buy", ["link http://toner.example/buy", "domain toner.example"]],
  ["go to cheap-toner.com today", ["domain cheap-toner.com"]],
  ["CHEAPTONER.COM!", ["domain cheaptoner.com"]],
  ["http://192.0.2.7:8080/x", ["link http://192.0.2.7:8080/x", "address 192.0.2.7"]],
  ["http://printer/ is one too", ["link http://printer/"]],
  ["toner\u200b.exam\u00adple/x", ["link http://toner.example/x", "domain toner.example"]],
  ["юг.рф", ["domain юг.рф"]],
  ["stop evil.actor from this", []],
  ["It is done.It was read me.Today we", []],
  ["open readme.md, setup.py, run.sh or data.zip and report.docx", []],
  ["e.g. this, i.e. that, at 10 a.m. or p.m. in the U.S. and 3.5.2", []],
  ["mail sales@toner.example.", ["mail sales@toner.example"]],
  ["sales [at] toner [dot] example", ["mail sales@toner.example"]],
  ["sales at toner dot example", ["mail sales@toner.example"]],
  ["we look at the dot in it", []],
  ["call +1 555 010 0142 now", ["phone +15550100142"]],
  ["(212) 555-0142", ["phone +12125550142"]],
  ["Rufen Sie uns heute an und sparen Sie viel Geld, Telefon 030 2345678", ["phone +49302345678"]],
  ["Позвоните нам сегодня, мы ответим на все вопросы. Телефон: 8 (495) 123-45-67", ["phone +74951234567"]],
  ["order 4711 0815 1234 of 2023-11-20 12:30:15", []],
  ["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", ["bitcoin 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"]],
  ["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", []],
  ["3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", ["bitcoin 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"]],
  ["BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", ["bitcoin bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"]],
  ["bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", []],
  [
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
    ["bitcoin bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"],
  ],
  ["LaMT348PWRnrqeeWArpwQPbuanpXDZGEUz", ["litecoin LaMT348PWRnrqeeWArpwQPbuanpXDZGEUz"]],
  ["ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9", ["litecoin ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9"]],
  ["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", ["ethereum 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"]],
  ["0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", ["ethereum 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"]],
  ["0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed", []],
  [MONERO, [`monero ${MONERO}`]],
  [MONERO.replace("A$", "B").slice(0, -1) + "B", []],
  ["IBAN DE89 3704 0044 0532 0130 00 BIC X", ["iban DE89370400440532013000"]],
  ["GB82WEST12345698765432", ["iban GB82WEST12345698765432"]],
  ["DE88 3704 0044 0532 0130 00", []],
  [`http://${ONION}/x`, [`link http://${ONION}/x`, `onion ${ONION}`]],
  [`at ${ONION.toUpperCase()} today`, [`onion ${ONION}`]],
  [ONION.replace("pg6", "pg7"), []],
  ["from 192.0.2.7 and 192[.]0[.]2[.]8", ["address 192.0.2.7", "address 192.0.2.8"]],
  ["2001:DB8::1 and 12:30:45", ["address 2001:db8::1"]],
  ["version 1.2.3.4 on 127.0.0.1, 300.1.1.1", []],
  ["d41d8cd98f00b204e9800998ecf8427e", ["hash d41d8cd98f00b204e9800998ecf8427e"]],
  ["11111111111111111111111111111111", []],
  ["Telegram: @Seller_1", ["handle telegram:seller_1"]],
  ["Join us at t.me/Seller_1", ["link http://t.me/Seller_1", "domain t.me", "handle telegram:seller_1"]],
  ["Discord: kim#1234, Instagram @toner.shop", ["handle discord:kim#1234", "handle instagram:toner.shop"]],
  ["subscribe to @somebody, r/somewhere", ["handle @somebody", "handle reddit:r/somewhere"]],
  ["@PJL INFO ID and and/or w/o", []],
])("finds in %j", (text, found) => expect(told(text)).toEqual(found));

it("says where each stands, and how it was written", () => {
  const text = "Visit hxxps://toner[.]example/p or mail sales (at) toner [dot] example!";
  for (const { written, at } of of(text)) expect(text.slice(...at!)).toBe(written);
  expect(of(text).map(({ written }) => written)).toEqual([
    "hxxps://toner[.]example/p",
    "hxxps://toner[.]example/p",
    "sales (at) toner [dot] example",
  ]);
});

it("looks in codes and in the stream, and tells a thing of the page where it stands", () => {
  const found = indicatorsIn(
    [
      { page: 1, text: "toner.example/a" },
      { page: 2, text: "toner.example/a" },
    ],
    [{ page: 2, value: "bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa?amount=1" }],
    "toner.example/a other.example/b",
  );
  expect(found.map((one) => `${one.page} ${one.in} ${one.kind} ${one.value}`)).toEqual([
    "1 text link http://toner.example/a",
    "1 text domain toner.example",
    "2 text link http://toner.example/a",
    "2 text domain toner.example",
    "2 qr bitcoin 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "0 stream link http://other.example/b",
    "0 stream domain other.example",
  ]);
  expect(found[4]!.at).toBeUndefined();
});

it("leaves out what is our own", () => {
  const text = "http://npi1a2b3c.corp.example/hp and 192.0.2.9, Printer 4250.info and 192.0.2.99";
  expect(of(text, ["corp.example", "192.0.2.9", "Printer 4250"]).map(({ value }) => value)).toEqual(["192.0.2.99"]);
});

it("has the hash of Ethereum right", () => {
  const hex = (text: string) => keccak256(Buffer.from(text)).toString("hex");
  expect(hex("")).toBe("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  expect(hex("abc")).toBe("4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
  expect(createHash("sha3-256").update("abc").digest("hex")).not.toBe(hex("abc"));
});

it("defangs so that it can be put back", () => {
  expect(defang("https://toner.example/a.html")).toBe("hxxps://toner[.]example/a.html");
  expect(defang("sales@toner.example")).toBe("sales[@]toner[.]example");
  expect(defang("192.0.2.7")).toBe("192[.]0[.]2[.]7");
  for (const value of ["https://toner.example/a.html", "sales@toner.example", "192.0.2.7", `http://${ONION}/`]) {
    expect(of(defang(value)).map((one) => one.value)).toContain(value);
  }
});

const parts = fc.constantFrom(
  ..."https:// hxxp[:]// www. toner .example [.] (dot) ( ) @ @a t.me/ +49 030 1234567 DE89 3704 0x 1.2.3.4 :: a.b - _ \u202e İ \ud800 😀 Telegram: r/abc".split(
    " ",
  ),
  " ",
  "\n",
  MONERO,
);

it("never throws, places point at what they say, and limits hold", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(parts, fc.string({ unit: "binary", maxLength: 6 })), { maxLength: 60 }), (pieces) => {
      const text = pieces.join("");
      for (const one of of(text, ["toner", "İ"])) {
        indicator.parse(one);
        if (!/\p{Cs}/u.test(text.slice(...one.at!)) && one.written.length < READING.value)
          expect(Buffer.from(text.slice(...one.at!)).toString()).toBe(one.written);
      }
    }),
    { numRuns: 1500 },
  );
});

it.each([
  "a",
  "a.",
  "a-",
  "1",
  "1 ",
  "(1",
  "@",
  "a@",
  "@a",
  "www.",
  "http://",
  "http://a)",
  "[.]",
  " . ",
  "www . a",
  "a at b dot c ",
  "r/",
  "telegram ",
  "telegram id id : ",
  "DE89 ",
  "DE89A A",
  "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAee ",
  `${MONERO}x `,
  "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLz ",
  "+49 30 123456 ",
  "tel 030 1234567 ",
  "1.1.1.1",
  ":a",
  "((((",
  "toner.example ",
])("reads 20 pages full of %j in little time", (unit) => {
  const text = unit.repeat(Math.ceil(READING.pageText / unit.length)).slice(0, READING.pageText);
  const pages = Array.from({ length: 20 }, (_, i) => ({ page: i + 1, text }));
  const start = performance.now();
  expect(indicatorsIn(pages, [], "", ["toner"]).length).toBeLessThanOrEqual(READING.indicators);
  expect(performance.now() - start).toBeLessThan(6000);
});
