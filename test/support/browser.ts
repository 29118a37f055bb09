/** A browser for the console: Debian's Chromium, watched for everything that must not happen. */
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { has } from "./has.ts";

const CHROMIUM = "/usr/bin/chromium";
export const hasBrowser = has(CHROMIUM);

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A browser with a fresh profile. */
export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

/** Runs in the page, before anything of it. */
const REPORT = `document.addEventListener("securitypolicyviolation", (event) =>
  console.error("violation: " + event.violatedDirective + " " + event.blockedURI))`;
/** Told by Chromium about frames whose origin is nobody's. */
const HARMLESS = /origin-keyed agent cluster|status of (401|403)/;

export interface Watched {
  context: BrowserContext;
  page: Page;
  /** Errors of scripts, violations of the content security policy, dialogs, requests to anywhere else. */
  faults: string[];
}

export interface Looks {
  width?: number;
  height?: number;
  theme?: "light" | "dark";
}

/** A page of its own login, watched. Answers of 401 and 403 are no faults: they are asked for. */
export async function openPage(browser: Browser, origin: string, looks: Looks = {}): Promise<Watched> {
  const { width = 1440, height = 900, theme = "light" } = looks;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: "reduce",
    timezoneId: "Europe/Berlin",
    locale: "en-GB",
  });
  const faults: string[] = [];
  await context.addInitScript(REPORT);
  const page = await context.newPage();
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !HARMLESS.test(message.text()))
      faults.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol !== "blob:") faults.push(`foreign: ${request.url()}`);
  });
  return { context, page, faults };
}
