/** Burst: the same visitors, at 1, 50 and 500 at once, against Inktrap with its evidence on disk and a bare server, in turn. */
import { bare, inktrap, memoryMb, visitors } from "./machinery.js";

const ROUNDS = 3;
const rows = [];
for (const [atOnce, total] of [
  [1, 2000],
  [50, 10_000],
  [500, 10_000],
]) {
  const rates = { inktrap: [], bare: [] };
  let worst = { failed: 0, p99Ms: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, start] of [
      ["bare", bare],
      ["inktrap", inktrap],
    ]) {
      const server = await start();
      await visitors({ port: server.port, atOnce: 50, total: 1000 });
      const figures = await visitors({ port: server.port, atOnce, total });
      rates[name].push(figures.perSecond);
      if (name === "inktrap")
        worst = { failed: worst.failed + figures.failed, p99Ms: Math.max(worst.p99Ms, figures.p99Ms) };
      if (server.pids) worst.memory = `${memoryMb(server.pids.sensor)} + ${memoryMb(server.pids.collector)}`;
      await server.stop();
    }
  }
  const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
  const ratios = rates.inktrap.map((rate, i) => rate / rates.bare[i]);
  rows.push({
    "at once": atOnce,
    "inktrap/s": median(rates.inktrap),
    "bare/s": median(rates.bare),
    ratio: Number(median(ratios).toFixed(2)),
    failed: worst.failed,
    "p99 ms": worst.p99Ms,
    "MiB sensor + collector": worst.memory,
  });
}
console.table(rows);
