/**
 * Reading print jobs: time and memory by language, from capture to picture, and the whole program with many jobs waiting.
 * Samples are made here; nothing but loopback is contacted.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { connect } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { jobFile } from "../dist/evidence/folder.js";
import { readJob } from "../dist/jobs/read.js";
import { encodePng } from "../dist/jobs/render/png.js";
import { inktrap, pause } from "./machinery.js";

const MIB = 1024 * 1024;
const LINE = "The quick brown fox jumps over the lazy dog, and http://toner.example/ sells toner for less";
const LINES = Array.from({ length: 45 }, (_, n) => `${n + 1} ${LINE}`);
const range = (count) => Array.from({ length: count }, (_, n) => n);

function postscript(pages, word = "") {
  const page = LINES.map((line, n) => `50 ${780 - n * 15} moveto (${word} ${line}) show`).join("\n");
  const picture = "gsave 100 20 translate 80 60 scale 64 48 8 [64 0 0 -48 0 48] { 64 string } image grestore";
  const one = `/Helvetica findfont 10 scalefont setfont\n${page}\n0.8 0 0 setrgbcolor 300 20 200 60 rectfill ${picture} showpage\n`;
  return Buffer.from(`%!PS-Adobe-3.0\n${one.repeat(pages)}%%EOF\n`);
}

function pdf(pages, word = "") {
  const text = LINES.map((line, n) => `BT /F 10 Tf 50 ${780 - n * 15} Td (${word} ${line}) Tj ET`).join("\n");
  const content = deflateSync(Buffer.from(`${text}\n0.8 0 0 rg 300 20 200 60 re f`));
  const kids = range(pages).map((n) => `${n + 5} 0 R`);
  const page =
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R /Resources << /Font << /F 4 0 R >> >> >>";
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${kids.join(" ")}] /Count ${pages} >>`,
    Buffer.concat([
      Buffer.from(`<< /Length ${content.length} /Filter /FlateDecode >>\nstream\n`),
      content,
      Buffer.from("\nendstream"),
    ]),
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ...range(pages).map(() => page),
  ];
  const parts = [Buffer.from("%PDF-1.7\n")];
  let at = parts[0].length;
  const places = [];
  for (const [n, object] of objects.entries()) {
    const bytes = Buffer.concat([Buffer.from(`${n + 1} 0 obj\n`), Buffer.from(object), Buffer.from("\nendobj\n")]);
    places.push(at);
    parts.push(bytes);
    at += bytes.length;
  }
  const rows = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  const size = objects.length + 1;
  parts.push(
    Buffer.from(
      `xref\n0 ${size}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

const pcl = (pages) =>
  Buffer.from(`\x1bE${`${LINES.join("\r\n")}\r\n\x1b*p300x3000Y\x1b*c900a200b0P\f`.repeat(pages)}\x1bE`);
const text = (pages) => Buffer.from(`${LINES.join("\r\n")}\r\n\f`.repeat(pages));

/** A page as a scanner or a host-based driver sends it. */
function picture() {
  const [width, height] = [1240, 1754];
  const data = new Uint8Array(width * height * 3).fill(255);
  for (let y = 200; y < 1500; y++)
    for (let x = 150; x < 1100; x++) data.fill((x * y) >> 9, (y * width + x) * 3, (y * width + x) * 3 + 3);
  return encodePng({ width, height, data });
}

const LANGUAGES = [
  ["PostScript", postscript],
  ["PDF", pdf],
  ["PCL 5", pcl],
  ["plain text", text],
  ["PNG", picture],
];

async function timed(job) {
  const begun = performance.now();
  let first = null;
  const reading = await readJob(job, { onPicture: () => (first ??= performance.now() - begun) });
  return { first, whole: performance.now() - begun, mib: reading.peakBytes / MIB, pages: reading.pages.length };
}

/** The middle one of three, by time. */
async function thrice(job) {
  const runs = [];
  for (let n = 0; n < 3; n++) runs.push(await timed(job));
  return runs.sort((a, b) => a.whole - b.whole)[1];
}

await timed(text(1)); // builds the walls once
const table = [];
for (const [language, make] of LANGUAGES) {
  const one = await thrice(make(1));
  const ten = make.length > 0 ? await thrice(make(10)) : null;
  table.push({
    language,
    "first page, ms": Math.round(one.first),
    "one page, ms": Math.round(one.whole),
    "ten pages, ms": ten ? Math.round(ten.whole) : "",
    "each further page, ms": ten ? Math.round((ten.whole - one.whole) / 9) : "",
    "peak MiB": Math.round(Math.max(one.mib, ten?.mib ?? 0)),
  });
}
console.table(table);

/** Sends a job to the printer as a client does; resolves when all of it is on the wire. */
async function print(site, job, source) {
  const socket = connect({ port: site.port, host: "127.0.0.1", localAddress: `127.77.3.${(source % 250) + 1}` });
  socket.on("error", () => {});
  socket.resume();
  await once(socket, "connect");
  socket.end(job);
  await once(socket, "finish");
}

const sha256Of = (job) => createHash("sha256").update(job).digest("hex");
const jobOf = (site, job) => {
  const [sensor] = readdirSync(join(site.data, "sensors"));
  return jobFile(join(site.data, "sensors", sensor, "evidence"), sha256Of(job));
};
const pictureOf = (site, job) => {
  const sha256 = sha256Of(job);
  return join(site.data, "store", "pages", sha256.slice(0, 2), sha256, "1.png");
};

/** Resident memory of a process and all below it, MiB. */
function treeMib(pid) {
  try {
    const rss = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    const below = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").trim().split(" ").filter(Boolean),
    );
    return Number(rss?.[1] ?? 0) / 1024 + below.reduce((sum, child) => sum + treeMib(child), 0);
  } catch {
    return 0;
  }
}

const site = await inktrap();
await pause(3000);
/** Milliseconds until a file is there. */
async function appears(file, begun) {
  while (!existsSync(file) && performance.now() - begun < 30_000) await pause(2);
  return Math.round(performance.now() - begun);
}

const delays = [];
for (const round of range(3)) {
  for (const [language, job] of [
    ["PostScript", postscript(1, `round ${round}`)],
    ["PDF", pdf(1, `round ${round}`)],
  ]) {
    await print(site, job, 1);
    const begun = performance.now();
    const captured = await appears(jobOf(site, job), begun);
    const drawn = await appears(pictureOf(site, job), begun);
    delays.push({ language, "last byte to captured, ms": captured, "captured to picture, ms": drawn - captured });
    await pause(1000);
  }
}
console.table(delays);

/** Jobs that wait while memory is looked at; the first word after the name of this file. */
const JOBS = Number(process.argv[2] ?? 200);
const idleMib = Math.round(treeMib(site.pids.sensor));
const sent = range(JOBS).map((n) => postscript(10, `flyer ${n}`));
await Promise.all(sent.map((job, n) => print(site, job, n)));
let mostMib = 0;
const begun = performance.now();
let read = 0;
while (read < JOBS && performance.now() - begun < 40_000) {
  mostMib = Math.max(mostMib, treeMib(site.pids.sensor));
  read = sent.filter((job) => existsSync(pictureOf(site, job))).length;
  await pause(50);
}
const seconds = Math.round((performance.now() - begun) / 1000);
await site.stop();
console.log(
  JSON.stringify(
    {
      idleMib,
      [`with ${JOBS} jobs waiting`]: { mostMib: Math.round(mostMib), read, seconds },
    },
    undefined,
    2,
  ),
);
process.exit(0);
