/** PJL service time: from a question to its answer, on ten connections that stay open and ask about a hundred times a second each. */
import { connect } from "node:net";
import { once } from "node:events";
import { inktrap, memoryMb, pause } from "./machinery.js";

const QUESTIONS = ["INFO PRODINFO", "INFO STATUS", "INFO ID", "ECHO x", "INQUIRE COPIES"].map((q) =>
  Buffer.from(`@PJL ${q}\r\n`),
);
const CONNECTIONS = 10;
const ROUNDS = 1500;
const IDLE = 2000;

const site = await inktrap();
const idleMb = { sensor: memoryMb(site.pids.sensor), collector: memoryMb(site.pids.collector) };

async function ask(n) {
  const socket = connect({ port: site.port, host: "127.0.0.1", localAddress: `127.77.1.${n + 1}` });
  socket.setNoDelay(true);
  await once(socket, "connect");
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now();
    socket.write(QUESTIONS[round % QUESTIONS.length]);
    for (;;) {
      const [chunk] = await once(socket, "data");
      if (chunk[chunk.length - 1] === 0x0c) break;
    }
    times.push(performance.now() - begun);
    await pause(5 + Math.random() * 10);
  }
  socket.destroy();
  return times;
}

const times = (await Promise.all(Array.from({ length: CONNECTIONS }, (_, n) => ask(n)))).flat().sort((a, b) => a - b);
const at = (part) => Number(times[Math.floor((times.length - 1) * part)].toFixed(3));

const silent = Array.from({ length: IDLE }, (_, n) =>
  connect({ port: site.port, host: "127.0.0.1", localAddress: `127.77.2.${1 + (n % 250)}` }),
);
await Promise.all(silent.map((socket) => once(socket, "connect")));
await pause(2000);
const holdingMb = { sensor: memoryMb(site.pids.sensor), collector: memoryMb(site.pids.collector) };
for (const socket of silent) socket.destroy();
await site.stop();
console.log(
  JSON.stringify(
    { questions: times.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1), idleMb, with2000IdleMb: holdingMb },
    undefined,
    2,
  ),
);
