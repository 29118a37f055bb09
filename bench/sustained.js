/** Sustained: a steady stream of visitors for a minute, judged and stored while it lasts. Lag is evidence not yet committed and judged. */
import { inktrap, memoryMb, pause, visitors } from "./machinery.js";

const seconds = Number(process.argv[2] ?? 60);
const perSecond = Number(process.argv[3] ?? 2600);

const site = await inktrap();
const idle = { sensor: memoryMb(site.pids.sensor), collector: memoryMb(site.pids.collector) };
let worst = { bytes: 0, events: 0 };
let watching = true;
const watch = (async () => {
  while (watching) {
    const { sensors, events, judged } = await site.overview();
    worst = { bytes: Math.max(worst.bytes, sensors[0]?.behind ?? 0), events: Math.max(worst.events, events - judged) };
    await pause(2000);
  }
})();
const figures = await visitors({ port: site.port, atOnce: 200, total: perSecond * seconds, perSecond });
const ended = performance.now();
watching = false;
await watch;
for (;;) {
  const { sensors, events, judged } = await site.overview();
  if (sensors[0].behind === 0 && events === judged) break;
  await pause(100);
}
const lagSeconds = Number(((performance.now() - ended) / 1000).toFixed(1));
const { visits } = await site.overview();
const load = { sensor: memoryMb(site.pids.sensor), collector: memoryMb(site.pids.collector) };
await site.stop();
console.log(
  JSON.stringify(
    { ...figures, visits, lost: figures.sessions - visits, lagSeconds, worst, idleMb: idle, loadMb: load },
    undefined,
    2,
  ),
);
