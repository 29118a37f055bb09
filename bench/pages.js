/**
 * Pages of the console over a large store: the time from asking what a page asks, as a browser does, to the last answer.
 * `node bench/pages.js [events] [rounds] [folder]`. In each round the program is started anew for every page and search;
 * without rounds, never, to see whether all of it runs. What is made in the folder is removed at the end.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { DataFolder } from "../dist/cli/data-folder.js";
import { Asker, forgetFiles, makeFolder, start } from "./big-site.js";
import { pause } from "./machinery.js";
import { findThings, MENU, pages, searches } from "./page-questions.js";

const events = Number(process.argv[2] ?? 10_000_000);
const rounds = Number(process.argv[3] ?? 5);
const folder = mkdtempSync(join(process.argv[4] ?? tmpdir(), "inktrap-pages-"));
const HOUR_MS = 3_600_000;
/** Times that everything is asked with all files in memory, for each time without. */
const WARM = 4;
const asker = new Asker();

async function askAll(stages) {
  for (const stage of stages) await Promise.all(stage.map(([question, asked]) => asker.ask(question, asked)));
}

/** Milliseconds that a page takes. Its menu is asked for at the same time. */
async function load(stages, menu = MENU) {
  const begun = performance.now();
  const rest = askAll(menu);
  await askAll(stages);
  const ms = performance.now() - begun;
  await rest;
  return ms;
}

/** The program that runs. */
let site;

async function begin() {
  site = await start(folder);
  asker.url = site.url;
}

async function end() {
  await site?.stop();
  site = undefined;
}

/** Starts the program when nothing of its files is in memory. Tells how that was done. */
async function beginCold() {
  await end();
  const how = forgetFiles(folder);
  await begin();
  return how;
}

const at = (times, part) => Math.round(times.toSorted((a, b) => a - b)[Math.ceil(times.length * part) - 1]);
const figures = (times) => ({ p50: at(times, 0.5), p95: at(times, 0.95), max: at(times, 1) });

/** Each of the pages on a program that has just been started, and then again and again. */
async function measure(named) {
  const table = {};
  for (const [name, stages] of Object.entries(named)) {
    const cold = [];
    const warm = [];
    for (let round = 0; round < Math.max(1, rounds); round++) {
      if (rounds > 0) await beginCold();
      cold.push(await load(stages));
      for (let n = 0; n < WARM; n++) warm.push(await load(stages));
    }
    const [first, then] = [figures(cold), figures(warm)];
    table[name] = {
      "cold p50": first.p50,
      "cold p95": first.p95,
      "cold max": first.max,
      "warm p50": then.p50,
      "warm p95": then.p95,
      "warm max": then.max,
    };
  }
  console.table(table);
}

/** How long a short question waits behind long ones, and how long when those are aborted before. */
async function cancelling() {
  // Every word is looked for in what all visitors said.
  const long = { q: Array.from({ length: 8 }, (_, n) => `-nowhere${n}`).join(" "), brief: true, limit: 50 };
  const short = () => asker.ask("decisions", { limit: 1 });
  const behind = async (abort) => {
    const stop = new AbortController();
    const searching = Array.from({ length: 4 }, () =>
      asker.ask("cases", long, stop.signal).then(
        () => "answered",
        (error) => (error.name === "AbortError" ? "aborted" : "refused"),
      ),
    );
    await pause(50);
    const begun = performance.now();
    if (abort) stop.abort();
    await short();
    const ms = Math.round(performance.now() - begun);
    return { ms, searches: (await Promise.all(searching)).join(", ") };
  };
  await short();
  console.table({ "searches go on": await behind(false), "searches aborted": await behind(true) });
}

try {
  const begun = performance.now();
  await makeFolder(folder, events, Math.floor(Date.now() / HOUR_MS) * HOUR_MS);
  const { storeFile } = new DataFolder(folder);
  const made = `${Math.round((performance.now() - begun) / 1000)} s, ${Math.round(statSync(storeFile).size / 1e6)} MB`;
  await begin();
  await asker.begin(site.firstLink);
  const { config } = await asker.ask("settings");
  const { cases, visits, jobs } = await asker.ask("overview");
  const things = await findThings(asker);
  const how = await beginCold();
  // What others do on the machine is in the figures too.
  const load = Number(loadavg()[0].toFixed(1));
  const facts = { events, cases, visits, jobs, store: made, memoryMb: config.store.memoryMb, rounds, cold: how, load };
  console.log(JSON.stringify(facts, undefined, 2));
  console.log("Milliseconds, pages:");
  await measure(pages(things));
  console.log("Milliseconds, searches over 24 hours:");
  await measure(searches(1));
  console.log("Milliseconds, searches over everything:");
  await measure(searches(0));
  await cancelling();
} finally {
  await end();
  rmSync(folder, { recursive: true, force: true });
}
