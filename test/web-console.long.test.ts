/** The console as people use it: the real program, real visits, a real browser, from the first start on. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { hasBrowser, openBrowser, openPage, type Watched } from "./support/browser.ts";
import { PASSWORD, type Site, startSite, useLink } from "./support/console.ts";
import { FLYER, PRODINFO, UEL, urllib27, visit } from "./support/visit.ts";

const FROM = "127.0.7.1";
const OTHER = "127.0.7.2";

let site: Site;
let browser: Browser;
let admin: Watched;
let page: Page;

const heading = (on: Page = page) => on.getByRole("heading", { level: 1 });
const go = (path: string) => page.goto(site.url + path);

describe.skipIf(!hasBrowser)("the console", () => {
  beforeAll(async () => {
    [site, browser] = await Promise.all([startSite(), openBrowser()]);
    admin = await openPage(browser, site.url);
    ({ page } = admin);
    page.setDefaultTimeout(15_000);
  });
  afterAll(async () => {
    await browser.close();
    await site.close();
  });
  afterEach(() => expect(admin.faults.splice(0)).toEqual([]));

  it("asks who comes, whatever was asked for", async () => {
    await go("/cases/C-1");
    await page.waitForURL(/\/login\?to=%2Fcases%2FC-1$/);
    expect(await heading().textContent()).toBe("Log in to see who called");
  });

  it("from the first start to the first case", async () => {
    await useLink(page, site.firstLink!, "ada");
    await page.waitForURL(`${site.url}/`);
    await heading().filter({ hasText: "Nobody has called yet" }).waitFor();
    expect(await page.locator("code", { hasText: String(site.program.raw) }).count()).toBeGreaterThan(0);
    await visit({ port: site.program.raw, from: FROM, send: [PRODINFO] });
    await visit({ port: site.program.web, from: FROM, send: [urllib27("192.0.2.44")] });
    await visit({ port: site.program.raw, from: FROM, send: [FLYER] });
    await heading().filter({ hasText: "needs a decision" }).waitFor();
    await page.getByRole("link", { name: /printed an advertisement/ }).click();
    await page.waitForURL(/\/cases\/C-1$/);
    await heading()
      .filter({ hasText: /printed an advertisement/ })
      .waitFor();
    await page.getByRole("heading", { name: "Why spam" }).waitFor();
    expect(await page.title()).toMatch(/printed an advertisement.* · Inktrap/);
  });

  it("leads from the finding to its bytes", async () => {
    await go("/cases/C-1");
    const place = page.getByRole("link", { name: /^S-\d+ at byte \d+$/ }).first();
    const [, session, byte] = /^(S-\d+) at byte (\d+)$/.exec((await place.textContent())!)!;
    await place.click();
    await page.waitForURL(`${site.url}/sessions/${session}?at=${byte}`);
    const mark = page.locator(".roll mark").first();
    await mark.waitFor();
    const marked = (await page.locator(".roll mark").allTextContents()).join("").replace(/^\d+/, "");
    expect(PRODINFO + FLYER + urllib27("192.0.2.44").replaceAll("\r\n", "")).toContain(marked.slice(0, 8));
    await page.getByRole("heading", { name: /^Selected: / }).waitFor();
    expect(await page.locator(".hex mark").count()).toBeGreaterThan(0);
  });

  it("plays a session again in its own time", async () => {
    await visit({
      port: site.program.raw,
      from: OTHER,
      pauseMs: 1500,
      send: [`${UEL}@PJL INFO ID\r\n`, `@PJL INFO STATUS\r\n${UEL}`],
    });
    await go(`/sessions?range=all&source=${OTHER}`);
    await page.locator("tbody tr").first().click();
    await page.waitForURL(/\/sessions\/S-\d+$/);
    await page.getByText(/\d\ss pause/).waitFor();
    const messages = page.locator("li.message");
    const all = await messages.count();
    await page.getByRole("button", { name: "Replay" }).click();
    await expect.poll(() => messages.count()).toBeLessThan(all);
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    const paused = await messages.count();
    await page.waitForTimeout(300);
    expect(await messages.count()).toBe(paused);
    await page.getByRole("button", { name: "8×" }).click();
    await page.getByRole("button", { name: "Replay" }).click();
    await expect.poll(() => messages.count()).toBe(all);
    await page.getByRole("button", { name: "Replay" }).waitFor();
  });

  it("goes from finding to finding, hides the bytes and changes the theme by keyboard", async () => {
    await go("/sessions/S-1");
    await page.locator(".roll mark").first().waitFor();
    await page.keyboard.press("n");
    await page.waitForURL(/\?at=\d+/);
    await page.keyboard.press("x");
    expect(await page.locator(".hex").count()).toBe(0);
    await page.keyboard.press("t");
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
    await page.keyboard.press("t");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    await page.keyboard.press("g");
    await page.keyboard.press("c");
    await page.waitForURL(`${site.url}/cases`);
  });

  it("finds by address, by text and by name", async () => {
    await go("/");
    await page.getByRole("searchbox").waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type(`source:${FROM}`);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/cases\?.*q=/);
    await heading()
      .filter({ hasText: /^1\s.*case/ })
      .waitFor();
    await page.getByRole("link", { name: "sessions", exact: true }).click();
    await heading()
      .filter({ hasText: /^3\ssessions from 1\ssource/ })
      .waitFor();
    await page.getByRole("searchbox").fill("c-1");
    await page.getByRole("searchbox").press("Enter");
    await page.waitForURL(`${site.url}/cases/C-1`);
  });

  it("corrects a verdict, which can be undone and survives a restart", async () => {
    await go("/cases/C-1");
    const correct = async (intent: string) => {
      await page.getByRole("button", { name: "Correct intent" }).click();
      await page.getByRole("radio", { name: intent }).check();
      await page.getByLabel("Why, for who reads this later").fill("a test of our own");
      await page.getByRole("button", { name: "Correct", exact: true }).click();
      await page.locator(".meta", { hasText: `corrected, judged spam` }).waitFor();
    };
    await correct("misconfigured");
    await page.keyboard.press("z");
    await page
      .locator(".meta", { hasText: "certain" })
      .or(page.locator(".meta", { hasText: "likely" }))
      .waitFor();
    await correct("misconfigured");
    await site.restart();
    await go("/cases/C-1");
    await page.locator(".meta", { hasText: "corrected, judged spam" }).waitFor();
    await page.getByText("a test of our own").first().waitFor();
    admin.faults.length = 0; // The stream of news broke off with the program.
  });

  it("closes a case, takes notes, and keeps the history", async () => {
    await go("/cases/C-1");
    await page.getByLabel("New note").fill("Asked the owner <b>politely</b>.");
    await page.getByRole("button", { name: "Write note" }).click();
    await page.getByText("Asked the owner <b>politely</b>.").first().waitFor();
    await page.getByRole("button", { name: "Close case" }).click();
    await page.getByRole("button", { name: "Open again" }).waitFor();
    await page.getByText("Case closed").waitFor();
  });

  it("mutes a signature with a reason until a day, and ends the mute", async () => {
    await go("/signatures");
    await page.getByRole("link", { name: "pjl-prodinfo", exact: true }).click();
    await page.getByRole("button", { name: "Mute" }).click();
    await page.getByLabel("Why, for who reads this later").fill("our own inventory");
    await page.getByRole("form", { name: "Mute this signature" }).getByRole("button", { name: "Mute" }).click();
    await page.getByText("Muted by ada.").waitFor();
    await page.getByText("our own inventory").waitFor();
    await go("/signatures?show=muted");
    await page.getByRole("link", { name: "pjl-prodinfo", exact: true }).click();
    await page.getByRole("button", { name: "End the mute" }).click();
    await page.getByRole("button", { name: "Mute" }).waitFor();
  });

  it("hands out what is listed", async () => {
    await go("/cases?range=all");
    await page.getByRole("button", { name: "Hand out" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "These cases, CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^inktrap-cases-\d{4}-\d\d-\d\d\.csv$/);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toContain(FROM);
  });

  it("shows a job as paper, as text and as bytes", async () => {
    await go("/jobs");
    await page.locator("a[data-row]").first().click();
    await page.waitForURL(/\/jobs\/J-\d+$/);
    const picture = page.locator("img[src*='/pages/1']").first();
    await picture.waitFor();
    await page.waitForFunction("document.querySelector(\"img[src*='/pages/1']\").naturalWidth > 1000");
    await page.getByText("TONER SALE").first().waitFor();
    await page.getByRole("link", { name: "Bytes" }).click();
    await page.locator(".hex", { hasText: "54 4f 4e 45 52" }).waitFor();
  });

  it("lets others in with fewer rights, and refuses them what is not theirs", async () => {
    await go("/settings/accounts");
    await page.getByLabel("Name").fill("bo");
    await page.getByRole("button", { name: "Make account" }).click();
    const link = await page.locator("code", { hasText: "/first" }).textContent();
    const viewer = await openPage(browser, site.url);
    await useLink(viewer.page, link!);
    const menu = viewer.page.getByRole("navigation", { name: "Main", exact: true });
    await menu.getByRole("link", { name: "Cases" }).waitFor();
    expect(await menu.getByRole("link", { name: "Jobs" }).count()).toBe(0);
    await viewer.page.goto(`${site.url}/jobs/J-1`);
    await heading(viewer.page).filter({ hasText: "Jobs are shown to analysts and admins" }).waitFor();
    await viewer.page.goto(`${site.url}/cases/C-1`);
    await heading(viewer.page)
      .filter({ hasText: /advertisement/ })
      .waitFor();
    expect(await viewer.page.getByRole("button", { name: /Correct|Close case|Open again/ }).count()).toBe(0);
    const told = await viewer.page.evaluate(async () => {
      const { csrf } = (await (await fetch("/api/access")).json()) as { csrf: string };
      const headers = { "content-type": "application/json", "x-inktrap-csrf": csrf };
      const body = JSON.stringify({ intent: "unknown" });
      return (await fetch("/api/cases/1/intent", { method: "POST", headers, body })).status;
    });
    expect(told).toBe(403);
    expect(viewer.faults).toEqual([]);
    await viewer.context.close();
  });

  it("shows where one is logged in, and ends it", async () => {
    const elsewhere = await openPage(browser, site.url);
    await elsewhere.page.goto(`${site.url}/login`);
    await elsewhere.page.getByLabel("Account").fill("ada");
    await elsewhere.page.getByLabel("Password").fill(PASSWORD);
    await elsewhere.page.getByRole("button", { name: "Log in" }).click();
    await elsewhere.page.waitForURL(`${site.url}/`);
    await go("/settings");
    const logins = page.getByRole("table", { name: "Logins" }).locator("tbody tr");
    await expect.poll(() => logins.count()).toBe(2);
    expect(await logins.filter({ hasText: "this one" }).count()).toBe(1);
    expect(await logins.filter({ hasText: "127.0.0.1" }).count()).toBe(2);
    await page.getByRole("button", { name: /^End the login of/ }).click();
    await expect.poll(() => logins.count()).toBe(1);
    await elsewhere.page.goto(site.url);
    await elsewhere.page.waitForURL(/\/login/);
    expect(elsewhere.faults).toEqual([]);
    await elsewhere.context.close();
    await go("/settings/accounts");
    await page.locator("tbody tr", { hasText: "bo" }).getByRole("button", { name: "End logins" }).click();
    await page
      .locator("tbody tr", { hasText: "bo" })
      .getByRole("button", { name: "End logins" })
      .waitFor({ state: "detached" });
    await go("/settings/audit?what=endLogins");
    await page.locator("tbody tr", { hasText: "bo" }).waitFor();
  });

  it("writes down who opened which job", async () => {
    await go("/settings/audit?what=job");
    await page.locator("tbody tr", { hasText: "J-1" }).first().waitFor();
  });

  it("logs out and in again", async () => {
    await go("/settings");
    await page.getByRole("button", { name: "Log out" }).click();
    await page.waitForURL(/\/login/);
    await page.getByLabel("Account").fill("ada");
    await page.getByLabel("Password").fill("not this one at all");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Log in" }).click();
    await heading()
      .filter({ hasText: /decision/ })
      .waitFor();
  });
});

describe.skipIf(!hasBrowser)("a console nobody has looked at", () => {
  let other: Site;
  let watched: Watched;
  beforeAll(async () => {
    const channel = `{ name: duty, type: webhook, url: "http://127.0.0.1:1/" }`;
    other = await startSite(`pacing: false\nalerts:\n  channels:\n    - ${channel}\n`);
    watched = await openPage(await openBrowser(), other.url);
    watched.page.setDefaultTimeout(15_000);
  });
  afterAll(async () => {
    await watched.context.browser()?.close();
    await other.close();
  });

  it("takes a link that says nothing of itself for neither kind", async () => {
    const { page: link } = watched;
    await link.goto(`${other.url}/first`);
    expect(await heading(link).textContent()).toBe("Use your one-time link");
    expect(await link.getByLabel(/^Account/).getAttribute("required")).toBeNull();
    await link.getByLabel("One-time link").fill(other.firstLink!);
    await link.getByLabel(/^Password/).fill(PASSWORD);
    await link.getByRole("button", { name: "Use link" }).click();
    await link.getByText("The first account needs a name.").waitFor();
    watched.faults.length = 0; // The refusal was asked for.
    await link.getByLabel(/^Account/).fill("ada");
    await link.getByRole("button", { name: "Use link" }).click();
    await heading(link).filter({ hasText: "Nobody has called yet" }).waitFor();
    await link.getByRole("heading", { name: "duty will hear about it" }).waitFor();
  });

  it("says that nobody hears of what happens, and why", async () => {
    const { page: told } = watched;
    await visit({ port: other.program.raw, from: FROM, send: [PRODINFO] });
    await visit({ port: other.program.raw, from: FROM, send: [FLYER] });
    await told.getByText(/1\sof\s1\schannel failing/).waitFor({ timeout: 45_000 });
    await told.getByRole("link", { name: "How they stand" }).click();
    await told.getByText("The last attempt failed").waitFor();
    await told.getByText("ECONNREFUSED").first().waitFor();
    await told.getByText("npx inktrap alerts test duty").waitFor();
    expect(watched.faults).toEqual([]);
  });
});
