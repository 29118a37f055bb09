/**
 * Every page of the console over the demonstration, in both themes, wide and narrow: accessible, without sideways
 * scrolling, quick and small. With `--update` (`npm run screens`) each is kept as a picture in docs/screens.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { PNG } from "pngjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasBrowser, openBrowser, openPage, type Watched } from "./support/browser.ts";
import { type Site, startSite, useLink } from "./support/console.ts";
import { withPalette } from "./support/png.ts";
import { PROGRAM } from "./support/program.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SCREENS = "docs/screens";
const LOOKS = (["light", "dark"] as const).flatMap((theme) => [1440, 390].map((width) => ({ theme, width })));
/** A page that is longer is cut, so that pictures stay small. */
const MOST_HIGH = 1600;

/** Pages of the demonstration. `{spam}` and the like are found by searching. */
const PAGES: Record<string, string> = {
  overview: "/",
  cases: "/cases",
  case: "/cases/{case}",
  sessions: "/sessions",
  session: "/sessions/{session}",
  jobs: "/jobs",
  job: "/jobs/{job}",
  sensors: "/sensors",
  signatures: "/signatures",
  signature: "/signatures/pjl-prodinfo",
  settings: "/settings",
  "settings-alerts": "/settings/alerts",
  "settings-accounts": "/settings/accounts",
  "settings-audit": "/settings/audit",
  parts: "/parts",
};

/** Further ways to look at jobs, of which no picture is kept. */
const LOOKED_AT = [
  "/jobs?view=each",
  "/jobs?view=table",
  "/jobs?kind=any&range=all",
  "/jobs/{job}?view=text",
  "/jobs/{job}?view=stream",
  "/jobs/{job}?view=bytes&from=0&mark=0-9",
];

/** The demonstration as a user starts it, played to its end. */
async function startDemo(data: string) {
  const child = spawn(process.execPath, [PROGRAM, "demo", "--json", "--data", data], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const read = async () => JSON.parse((await lines.next()).value as string) as Record<string, unknown>;
  const started = await read();
  let told = await read();
  while (told["type"] !== "played") told = await read();
  const { url, firstLink } = started["console"] as { url: string; firstLink: string };
  const stop = async () => {
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  return { url, firstLink, stop };
}

let folder: string;
let demo: Awaited<ReturnType<typeof startDemo>>;
let empty: Site;
let browser: Browser;
let names: Record<string, string>;

/** `settled`: nothing is being asked any more; the specimen sheet shows parts that stay busy. */
const shown = async (page: Page, settled = true) => {
  await page.locator("h1").first().waitFor();
  if (settled) await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
  await page.evaluate("document.fonts.ready");
  await page.evaluate("Promise.all([...document.images].map((one) => one.decode().catch(() => {})))");
  await page.waitForTimeout(150);
};

async function check(page: Page, name: string): Promise<void> {
  const found = await page.evaluate<{ wide: number; headings: number; small: string[] }>(`({
    wide: document.documentElement.scrollWidth - innerWidth,
    headings: document.querySelectorAll("h1").length,
    small: innerWidth > 400 ? [] : [...document.querySelectorAll("button, select, nav[aria-label='Main, small'] a")]
      .map((one) => [one, one.getBoundingClientRect()])
      .filter(([, box]) => box.width > 0 && box.height < 23.5)
      .map(([one, box]) => one.outerHTML.slice(0, 100) + " " + box.height),
  })`);
  expect.soft(found, name).toEqual({ wide: found.wide > 0 ? 0 : found.wide, headings: 1, small: [] });
  await page.evaluate(AXE);
  const faults = await page.evaluate<string[]>(`axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], iframes: false,
  }).then(({ violations }) => violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => id + ": " + node.html.slice(0, 160) + " " + node.failureSummary.slice(0, 300))))`);
  expect.soft(faults, name).toEqual([]);
}

/** The colour of the white margin near a corner of a page, as it is on the screen. */
async function paperAt(page: Page, box: { x: number; y: number }): Promise<string> {
  const shot = PNG.sync.read(await page.screenshot({ clip: { x: box.x + 3, y: box.y + 3, width: 1, height: 1 } }));
  return [...shot.data.subarray(0, 3)].join(",");
}

function updating(): boolean {
  const { snapshotState } = expect.getState() as unknown as { snapshotState?: { _updateSnapshot?: string } };
  return snapshotState?._updateSnapshot === "all";
}

async function picture(page: Page, name: string, width: number): Promise<void> {
  if (!updating()) return;
  mkdirSync(SCREENS, { recursive: true });
  const high = await page.evaluate<number>("document.documentElement.scrollHeight");
  await page.setViewportSize({ width, height: Math.min(MOST_HIGH, Math.max(844, high)) });
  await page.mouse.move(0, 0);
  await page.waitForTimeout(150);
  writeFileSync(join(SCREENS, `${name}.png`), withPalette(await page.screenshot()));
}

describe.skipIf(!hasBrowser)("every page", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "inktrap-pages-"));
    [demo, empty, browser] = await Promise.all([startDemo(join(folder, "demo")), startSite(), openBrowser()]);
  }, 180_000);
  afterAll(async () => {
    await browser.close();
    await Promise.all([demo.stop(), empty.close()]);
    rmSync(folder, { recursive: true });
  });

  const sharing: Partial<Record<"demo" | "empty", Awaited<ReturnType<Watched["context"]["storageState"]>>>> = {};
  const opened = async (where: "demo" | "empty", looks: (typeof LOOKS)[number]) => {
    const { url, firstLink } = where === "demo" ? demo : empty;
    const watched = await openPage(browser, url, { ...looks, height: looks.width === 390 ? 844 : 900 });
    const state = sharing[where];
    if (state) await watched.context.addCookies(state.cookies);
    else {
      await useLink(watched.page, firstLink!, "ada");
      sharing[where] = await watched.context.storageState();
    }
    return watched;
  };

  it.each(LOOKS)("before anybody called, $theme at $width", async (looks) => {
    const suffix = `${looks.theme}-${looks.width}`;
    const out = await openPage(browser, empty.url, looks);
    for (const [name, path] of [
      ["login", "/login"],
      ["first", "/first"],
    ] as const) {
      await out.page.goto(empty.url + path);
      await shown(out.page);
      await check(out.page, name);
      await picture(out.page, `${name}-${suffix}`, looks.width);
    }
    await out.context.close();
    const watched = await opened("empty", looks);
    await watched.page.goto(empty.url);
    await watched.page.getByText("Nobody has called yet").waitFor();
    await watched.page.getByRole("heading", { name: "Sensor connected" }).waitFor();
    await check(watched.page, "start");
    await picture(watched.page, `start-${suffix}`, looks.width);
    expect([...out.faults, ...watched.faults]).toEqual([]);
    await watched.context.close();
  });

  it.each(LOOKS)("of the demonstration, $theme at $width", async (looks) => {
    const { page, faults, context } = await opened("demo", looks);
    names ??= await page.evaluate(`(async () => {
      const ask = async (path) => (await fetch(path)).json();
      while ((await ask("/api/desk")).waiting !== 0) await new Promise((then) => setTimeout(then, 200));
      const { cases } = await ask("/api/cases?q=" + encodeURIComponent("intent:spam") + "&limit=50");
      const one = cases.find((one) => one.probeToJobMs !== undefined) ?? cases[0];
      const theft = (await ask("/api/cases?q=" + encodeURIComponent("intent:tampering") + "&limit=1")).cases[0];
      const session = theft.reasons[0].evidence[0];
      const { jobs } = await ask("/api/jobs?kind=job&limit=50");
      const drawn = jobs.filter((job) => job.paper.pages > 0);
      const job = drawn.find((job) => job.language === "postscript" && job.paper.is === "advertisement") ?? drawn[0];
      return { case: one.id, session: session.session + "?at=" + (session.at ?? [0])[0], job: job.id };
    })()`);
    const pathOf = (pattern: string) => pattern.replaceAll(/\{(\w+)\}/g, (_, key: string) => names[key]!);
    for (const pattern of LOOKED_AT) {
      await page.goto(demo.url + pathOf(pattern));
      await shown(page);
      await check(page, pattern);
    }
    for (const [name, pattern] of Object.entries(PAGES)) {
      const path = pathOf(pattern);
      await page.setViewportSize({ width: looks.width, height: looks.width === 390 ? 844 : 900 });
      await page.goto(demo.url + path);
      await shown(page, name !== "parts");
      await page.getByText("Demonstration:").waitFor();
      await check(page, name);
      await picture(page, `${name}-${looks.theme}-${looks.width}`, looks.width);
    }
    expect(faults).toEqual([]);
    await context.close();
  });

  it("shows jobs as the pictures that were drawn of them, in true proportions and the theme's white", async () => {
    for (const theme of ["light", "dark"] as const) {
      const { page, faults, context } = await opened("demo", { theme, width: 1440 });
      await page.goto(`${demo.url}/jobs/${names["job"]}`);
      const job = (await page.evaluate(
        `fetch("/api/jobs/${names["job"]!.slice(2)}").then((reply) => reply.json())`,
      )) as {
        reading: { pages: { width: number; height: number; widthMm: number; heightMm: number }[] };
      };
      const picture = page.locator("main img[alt^='Page 1 of']");
      await picture.waitFor();
      const [{ width, height, widthMm, heightMm }] = job.reading.pages as [(typeof job.reading.pages)[0]];
      const box = (await picture.boundingBox())!;
      expect(box.width / box.height).toBeCloseTo(widthMm / heightMm, 1);
      const found: unknown = await page.evaluate(`(() => {
        const one = document.querySelector("main img[alt^='Page 1 of']");
        const { filter, mixBlendMode: blend } = getComputedStyle(one);
        return one.decode().then(() => ({ width: one.naturalWidth, height: one.naturalHeight, filter, blend }));
      })()`);
      expect(found).toEqual({ width, height, filter: "none", blend: "multiply" });
      expect(await paperAt(page, box)).toBe(theme === "light" ? "255,255,255" : "233,233,230");
      await page.goto(`${demo.url}/jobs`);
      await shown(page);
      const small = await page.evaluate<string[]>(
        `Promise.all([...document.querySelectorAll("main img")].map((one) => one.decode().then(() => new URL(one.src).pathname)))`,
      );
      expect(small.length).toBeGreaterThan(3);
      for (const path of small) expect(path).toMatch(/^\/api\/jobs\/\d+\/pages\/1$/);
      expect(faults).toEqual([]);
      await context.close();
    }
  });

  it("turns the pages of a job by keyboard", async () => {
    const { page, faults, context } = await opened("demo", LOOKS[0]!);
    const number = names["job"]!.slice(2);
    await page.route(`**/api/jobs/${number}`, async (route) => {
      const reply = await route.fetch();
      const job = (await reply.json()) as { reading: { pages: { page: number }[]; outcome: object } };
      const [first] = job.reading.pages;
      job.reading.pages = [1, 2, 3].map((page) => ({ ...first!, page }));
      job.reading.outcome = { status: "partial", why: "time limit of 15 s reached on page 4" };
      await route.fulfill({ response: reply, json: job });
    });
    await page.route(new RegExp(`/api/jobs/${number}/pages/[23]$`), (route) =>
      route.continue({ url: `${demo.url}/api/jobs/${number}/pages/1` }),
    );
    await page.goto(`${demo.url}/jobs/${names["job"]}`);
    await page.getByText("Page 1 of 3 that were drawn").waitFor();
    await page.getByText("time limit of 15 s reached on page 4").waitFor();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.getByText("Page 3 of 3").waitFor();
    expect(new URL(page.url()).searchParams.get("page")).toBe("3");
    await page.getByRole("button", { name: "Previous page" }).click();
    await page.getByText("Page 2 of 3").waitFor();
    await check(page, "page 2 of 3");
    expect(faults).toEqual([]);
    await context.close();
  });

  it("is small, and painted within a second", async () => {
    const assets = "dist/web/assets";
    const scripts = readdirSync(assets).filter((name) => name.endsWith(".js"));
    const size = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name))).length, 0);
    console.log(`scripts: ${(size / 1000).toFixed(1)} kB gzip`);
    expect(size).toBeLessThanOrEqual(120_000);
    const { page, context } = await opened("demo", LOOKS[0]!);
    await page.goto(demo.url);
    await shown(page);
    const paint = await page.evaluate<number>(
      `performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Infinity`,
    );
    console.log(`first contentful paint: ${paint.toFixed(0)} ms`);
    expect(paint).toBeLessThanOrEqual(1000);
    await context.close();
  });
});
