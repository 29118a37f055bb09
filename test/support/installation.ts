/** A whole installation inside the test: sensor, link, collector, store, with a clock that the test moves. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Collector, type ConsoleOptions } from "../../src/collector/collector.ts";
import type { CaseView } from "../../src/collector/contract.ts";
import { View } from "../../src/collector/view.ts";
import { DataFolder } from "../../src/cli/data-folder.ts";
import { modelNames, personaOf } from "../../src/cli/personas.ts";
import { loadRules } from "../../src/detect/load.ts";
import { openDoors } from "../../src/sensor/listen.ts";
import { Sensor } from "../../src/sensor/sensor.ts";
import { silent } from "../../src/util/log.ts";
import type { Networks } from "../../src/util/network.ts";
import { DATA_ROOT } from "../../src/util/package.ts";

const rules = loadRules(DATA_ROOT);

const CONSOLE: ConsoleOptions = {
  listen: "127.0.0.1",
  port: 0,
  anyPort: true,
  web: "/nowhere",
  demonstration: false,
  surroundings: {
    page: async (_sensor, _persona, path) => (path === "/" ? "<script>alert(1)</script>" : undefined),
  },
  settings: (url) => ({ file: null, config: {}, console: { url, tls: "none" } }),
};

export interface Installation {
  raw: number;
  web: number;
  data: DataFolder;
  sensor: Sensor;
  collector: Collector;
  view: View;
  clock: { now: number };
  /** What the collector and the sensor reported as failed; `settle` throws when there is any. */
  faults: unknown[];
  /** All cases, when everything that was recorded so far has been judged. */
  cases(): Promise<CaseView[]>;
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** An installation on loopback, on ports that are free; `rawPort` asks for one. */
export async function install(
  persona = "hp-laserjet-p1102w",
  address = "127.0.0.1",
  rawPort = 0,
  more: { console?: Partial<ConsoleOptions>; upstreams?: Networks; own?: Networks; desk?: false } = {},
): Promise<Installation> {
  const data = new DataFolder(await mkdtemp(join(tmpdir(), "inktrap-test-")));
  await data.prepare();
  const clock = { now: Date.UTC(2026, 10, 16, 8, 11, 18) };
  const faults: unknown[] = [];
  const collector = await Collector.start({
    storeFile: data.storeFile,
    memoryMb: 256,
    sensors: data.sensors,
    ...(more.own ? { own: more.own } : {}),
    linkSocket: data.linkSocket,
    apiSocket: data.apiSocket,
    rules,
    log: silent,
    ...(more.desk === false ? {} : { desk: { pages: data.pages, models: modelNames() } }),
    ...(more.console ? { console: { ...CONSOLE, ...more.console } } : {}),
    onNews: () => {},
    onFault: (error) => faults.push(error),
  });
  const doors = await openDoors([
    { service: "raw", address, port: rawPort },
    { service: "web", address, port: 0 },
  ]);
  const sensor = await Sensor.start({
    id: "local",
    folder: data.sensor("local"),
    persona: personaOf(persona),
    doors,
    link: data.linkSocket,
    ...(more.upstreams ? { upstreams: more.upstreams } : {}),
    clock: () => clock.now,
    version: "0.0.0",
    log: { ...silent, error: (fault: unknown) => faults.push(fault) } as never,
  });
  const view = new View(collector.store, data.sensors, more.own);
  const settle = async () => {
    await sensor.flush();
    const behind = async () => {
      const { sensors, events, judged } = await view.answer("overview", {});
      return sensors.length === 0 || sensors.some((one) => one.behind > 0) || judged < events;
    };
    const caughtUp = async () => {
      for (let i = 0; i < 500 && (await behind()); i++) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    await caughtUp();
    await collector.desk?.settled();
    await caughtUp();
    if (faults.length > 0) throw new AggregateError(faults, "the installation reported faults");
  };
  return {
    raw: doors.find((door) => door.service === "raw")!.port,
    web: doors.find((door) => door.service === "web")!.port,
    data,
    sensor,
    collector,
    view,
    clock,
    faults,
    settle,
    cases: async () => {
      await settle();
      return (await view.answer("cases", { limit: 1000 })).cases;
    },
    close: async () => {
      await sensor.stop("test over");
      await collector.stop();
      await rm(data.path, { recursive: true });
    },
  };
}
