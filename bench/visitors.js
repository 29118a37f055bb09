/**
 * Visitors for the benchmarks: each connects from one of 250 loopback addresses, asks once, reads the whole answer,
 * and is gone. Run as a process of its own: node bench/visitors.js '{"port":…,"atOnce":50,"total":10000}'.
 * Prints one JSON object.
 */
import { connect } from "node:net";

const QUESTION = Buffer.from("\x1b%-12345X@PJL INFO PRODINFO\r\n\x1b%-12345X", "latin1");
const ADDRESSES = 250;

const { port, atOnce, total, perSecond = 0, minimum = 100 } = JSON.parse(process.argv[2] ?? "{}");

let started = 0;
let ended = 0;
let failed = 0;
const times = new Float64Array(total);

/** One visit; resolves with whether the answer was whole. */
function visit(n) {
  return new Promise((resolve) => {
    const begun = performance.now();
    let bytes = 0;
    let last = 0;
    const socket = connect({ port, host: "127.0.0.1", localAddress: `127.77.0.${1 + (n % ADDRESSES)}` });
    socket.setTimeout(20_000, () => socket.destroy(new Error("time out")));
    socket.on("connect", () => socket.end(QUESTION));
    socket.on("data", (chunk) => {
      bytes += chunk.length;
      last = chunk[chunk.length - 1];
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      times[n] = performance.now() - begun;
      resolve(bytes >= minimum && last === 0x0c);
    });
  });
}

async function visitor(due) {
  while (started < total) {
    const n = started++;
    if (perSecond > 0) await due(n);
    if (!(await visit(n))) failed++;
    ended++;
  }
}

const begin = performance.now();
const due = (n) => {
  const wait = begin + (n * 1000) / perSecond - performance.now();
  return wait > 1 ? new Promise((resolve) => setTimeout(resolve, wait)) : undefined;
};
await Promise.all(Array.from({ length: atOnce }, () => visitor(due)));
const seconds = (performance.now() - begin) / 1000;
const sorted = times.subarray(0, ended).sort();
const at = (part) => Number(sorted[Math.min(ended - 1, Math.floor(ended * part))].toFixed(2));
console.log(
  JSON.stringify({ sessions: ended, failed, perSecond: Math.round(ended / seconds), p50Ms: at(0.5), p99Ms: at(0.99) }),
);
