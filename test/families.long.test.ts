/** Jobs that look or read alike lie on one pile, whoever sends them in whatever language; others do not. */
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Pile } from "../src/collector/contract.ts";
import { has } from "./support/has.ts";
import { install, type Installation } from "./support/installation.ts";
import { visit } from "./support/visit.ts";

const OFFER = [
  "TONER AND DRUM SALE",
  "Your printer asked for new supplies today.",
  "We ship compatible cartridges for this model within two days.",
  "Free delivery, two years warranty on every drum.",
  "Pay on invoice, offices and schools welcome.",
  "Order now: www.toner.example",
];
const CONCERT = [
  "SUMMER NIGHT CONCERT",
  "The university orchestra plays in the park this evening.",
  "Music by students and their teachers for everybody who listens.",
  "No tickets needed, bring your own chairs and blankets.",
  "Rain moves us into the main hall of building four.",
  "See you there: www.concert.example",
];

const flyer = (lines: readonly string[]) => `%!PS-Adobe-3.0
<< /PageSize [595 842] >> setpagedevice
/Helvetica-Bold findfont 34 scalefont setfont 60 740 moveto (${lines[0]!}) show
0.3 setgray 60 600 475 90 rectfill 0 setgray
/Times-Roman findfont 18 scalefont setfont
${lines
  .slice(1)
  .map((line, i) => `60 ${540 - i * 36} moveto (${line}) show`)
  .join("\n")}
showpage
`;

describe.skipIf(!has("gs"))("jobs that are alike", () => {
  let site: Installation;
  beforeAll(async () => {
    site = await install("hp-laserjet-4250");
  });
  afterAll(() => site.close());

  const through = (device: string, document: string) =>
    execFileSync(
      "gs",
      ["-q", "-dBATCH", "-dNOPAUSE", `-sDEVICE=${device}`, "-r300", "-sPAPERSIZE=a4", "-sOutputFile=-", "-"],
      {
        input: document,
        maxBuffer: 1 << 26,
      },
    );

  it("a flyer through three drivers by three sources is one family; another one of its layout is none of it", async () => {
    const document = flyer(OFFER);
    const jobs = [
      Buffer.from(document),
      through("ljet4", document),
      through("pdfwrite", document),
      Buffer.from(flyer(CONCERT)),
      through("deskjet", flyer(CONCERT)),
    ];
    for (const [i, job] of jobs.entries()) {
      await visit({ port: site.raw, from: `127.22.1.${i + 1}`, send: [job] });
    }
    await site.settle();
    const { piles } = await site.view.answer("piles", { limit: 50 });
    expect(piles.map(({ jobs, sources, bodies }) => [jobs, sources, bodies]).sort()).toEqual([
      [2, 2, 2],
      [3, 3, 3],
    ]);
    const [offer, concert] = piles.sort((a, b) => b.jobs - a.jobs) as [Pile, Pile];
    expect(offer.paper).toMatchObject({ is: "advertisement", status: "ok", pages: 1 });
    expect(concert.paper?.is).not.toBe("advertisement");
    const numbers = (await site.view.answer("jobs", { limit: 9, family: offer.family })).jobs;
    const first = numbers.find((job) => job.paper?.language === "postscript")!;
    const { reading } = await site.view.answer("job", { number: Number(first.id.slice(2)) });
    expect(reading!.brothers.map(({ how }) => how).sort()).toEqual(["same bytes", "same picture", "same words"]);
    expect(reading!.indicators.map(({ kind, value }) => [kind, value])).toContainEqual([
      "link",
      expect.stringContaining("www.toner.example"),
    ]);
  });
});
