/** Hostile strings through the real doors into every field a visitor controls: on every page they are text and nothing else. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasBrowser, openBrowser, openPage, type Watched } from "./support/browser.ts";
import { type Site, startSite, useLink } from "./support/console.ts";
import { UEL, visit } from "./support/visit.ts";

const FROM = "127.0.8.1";
const HOSTILE = {
  script: "<script>window.hit=1;alert(1)</script>",
  image: '"><img src=x onerror="window.hit=2">',
  svg: "<svg onload=window.hit=3><animate onbegin=window.hit=4 attributeName=x>",
  style: "</style><style>*{display:none!important}</style>",
  link: "javascript:window.hit=5",
  template: "${window.hit=6}{{window.hit=7}}{@html '<b>x</b>'}",
  markdown: "[a](javascript:window.hit=8) ![b](http://203.0.113.5/pixel.png)",
  bidi: "invoice\u202efdp.exe\u2066\u200b\ufeff",
  ansi: "\x1b]0;owned\x07\x1b[2J\x1b[31m",
  formula: '=HYPERLINK("http://203.0.113.5/","ok")',
  nul: "a\0b\0c",
  long: "A".repeat(1_000_000),
};
const bytes = (text: string) => Buffer.from(text, "utf8");
const oneLine = (text: string) => text.replaceAll(/[\r\n"]/g, "'");

interface Look {
  hit?: number;
  scripts: number;
  /** Pictures of anything but a page that the jail drew. */
  pictures: number;
  /** What is said but not shown. */
  spoken: string;
  links: number;
  hidden: boolean;
  wide: number;
  title: string;
  text: string;
}
/** Runs in the page: what of the hostile text came to life, and what the page holds. */
const LOOK = String.raw`({
  hit: window.hit,
  scripts: document.querySelectorAll("main :is(script, style, animate, object, embed)").length,
  pictures: [...document.querySelectorAll("img, image, source, video, audio")]
    .map((one) => new URL(one.getAttribute("src") ?? one.getAttribute("href") ?? "", location.href))
    .filter((url) => url.origin !== location.origin || !/^\/api\/jobs\/\d+\/pages\/\d+$/.test(url.pathname)).length,
  spoken: [...document.querySelectorAll("[aria-label], [title], [alt]")]
    .map((one) => ["aria-label", "title", "alt"].map((name) => one.getAttribute(name) ?? "").join(" ")).join(" "),
  links: [...document.querySelectorAll("a[href]")].filter(
    (link) => new URL(link.getAttribute("href"), location.href).origin !== location.origin,
  ).length,
  hidden: getComputedStyle(document.querySelector("main h1")).display === "none",
  wide: document.documentElement.scrollWidth - innerWidth,
  title: document.title,
  text: document.body.textContent,
})`;

let site: Site;
let browser: Browser;
let admin: Watched;

describe.skipIf(!hasBrowser)("hostile text", () => {
  beforeAll(async () => {
    [site, browser] = await Promise.all([startSite(), openBrowser()]);
    const { raw, web } = site.program;
    for (const text of Object.values(HOSTILE)) {
      const line = oneLine(text);
      const job = `${UEL}@PJL JOB NAME="${line}"\r\n@PJL SET USERNAME="${line}"\r\n@PJL RDYMSG DISPLAY="${line}"\r\n@PJL ENTER LANGUAGE=POSTSCRIPT\r\n%!PS\n%%Title: ${line}\n%%For: ${line}\n(${text}) show\nshowpage\n${UEL}`;
      const page = `GET /${encodeURI(line.slice(0, 500))}?q=${line.slice(0, 500)} HTTP/1.1\r\nHost: ${line.slice(0, 500)}\r\nUser-Agent: ${line.slice(0, 2000)}\r\nReferer: ${line.slice(0, 500)}\r\n\r\n`;
      for (const [port, sent] of [
        [raw, `${UEL}@PJL INFO ${line}\r\n${UEL}`],
        [raw, job],
        [raw, text],
        [web, page],
      ] as const)
        await visit({ port, from: FROM, send: [bytes(sent)], timeoutMs: 3000 }).catch(() => "");
    }
    admin = await openPage(browser, site.url);
    await useLink(admin.page, site.firstLink!, "ada");
    await admin.page
      .getByRole("heading", { level: 1 })
      .filter({ hasText: /decision/ })
      .waitFor();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  it("is text on every page, and the content security policy reports none", async () => {
    const { page, faults } = admin;
    const numbers = await page.evaluate(async () => {
      const waiting = async () => ((await (await fetch("/api/desk")).json()) as { waiting: number | null }).waiting;
      while ((await waiting()) !== 0) await new Promise((then) => setTimeout(then, 500));
      const of = async (path: string, name: string) =>
        ((await (await fetch(path)).json()) as Record<string, { id: string }[]>)[name]!.map((one) => one.id);
      return {
        sessions: await of("/api/sessions?limit=1000", "sessions"),
        jobs: await of("/api/jobs?limit=1000", "jobs"),
      };
    });
    expect(numbers.sessions.length).toBeGreaterThanOrEqual(Object.keys(HOSTILE).length * 4);
    expect(numbers.jobs.length).toBeGreaterThanOrEqual(Object.keys(HOSTILE).length);
    const paths = [
      "/",
      "/cases",
      "/cases/C-1",
      "/sessions",
      "/jobs?kind=any",
      "/jobs?view=table&kind=any",
      "/sensors",
      "/signatures",
      ...numbers.sessions.map((id) => `/sessions/${id}`),
      "/jobs?view=each&kind=any",
      ...numbers.jobs.flatMap((id) =>
        ["", "?view=text", "?view=stream", "?view=bytes"].map((view) => `/jobs/${id}${view}`),
      ),
      ...Object.values(HOSTILE).map((text) => `/cases?q=${encodeURIComponent(text.slice(0, 300))}`),
    ];
    const said = new Map<string, string>();
    for (const path of paths) {
      await page.evaluate(
        `history.pushState(null, "", ${JSON.stringify(path)}), dispatchEvent(new PopStateEvent("popstate"))`,
      );
      await page.locator("main h1").first().waitFor();
      await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
      const found = await page.evaluate<Look>(LOOK);
      expect(found, path).toMatchObject({ scripts: 0, pictures: 0, links: 0, hidden: false });
      expect(found.hit, path).toBeUndefined();
      expect(found.wide, path).toBeLessThanOrEqual(0);
      expect(found.title.length, path).toBeLessThan(200);
      const steers = /[\u202a-\u202e\u2066-\u2069\u200b\ufeff\0\x1b\x07]/;
      expect(found.text, path).not.toMatch(steers);
      expect(found.spoken, path).not.toMatch(steers);
      said.set(path, found.text);
    }
    const of = (view: string) => numbers.jobs.map((id) => said.get(`/jobs/${id}${view}`)!).join("\n");
    for (const view of ["", "?view=text"]) {
      expect(of(view)).toContain("<script>window.hit=1;alert(1)</script>");
      expect(of(view)).toContain("invoiceRLOfdp.exe");
      expect(of(view)).toContain("hxxp://203[.]0[.]113[.]5");
    }
    expect(of("?view=stream")).toContain('NAME="<script>window.hit=1;alert(1)</script>"');
    expect(faults.filter((fault) => !fault.includes("status of 400"))).toEqual([]);
  }, 300_000);

  it("is there to be read", async () => {
    const { page } = admin;
    await page.goto(`${site.url}/jobs?view=table`);
    const titles = page.locator("tbody td:nth-child(2)");
    await titles.first().waitFor();
    const all = (await titles.allTextContents()).join("\n");
    expect(all).toContain("<script>window.hit=1;alert(1)</script>");
    expect(all).toContain("invoiceRLOfdp.exe");
    expect(all).toContain("ESC]0;ownedBEL");
    expect(all).toContain("aNULbNULc");
  });

  it("does no harm in the name of a download", async () => {
    const { page } = admin;
    await page.goto(`${site.url}/jobs`);
    await page.locator("a[data-row]").first().click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^[0-9a-f]{64}\.bin$/);
  });
});
