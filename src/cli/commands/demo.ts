/** `inktrap demo`: a week of invented visits in a data folder of its own, to look at. */
import { createServer } from "node:net";
import { join } from "node:path";
import { closeDoors, type OpenDoor, openDoors } from "../../sensor/listen.ts";
import { Sensor } from "../../sensor/sensor.ts";
import { SERVICES } from "../../protocols/registry.ts";
import { readJsonFile, writeJsonFile } from "../../util/json-file.ts";
import { makeLogger } from "../../util/log.ts";
import { VERSION } from "../../util/package.ts";
import { Problems } from "../../util/problem.ts";
import { CollectorProcess, type ConsoleAddress } from "../collector-handle.ts";
import { checkedConfig } from "../config-check.ts";
import { consoleLines, consolePart } from "../console-config.ts";
import { DataFolder } from "../data-folder.ts";
import { DemoClock, play } from "../demo/play.ts";
import { type DeviceName, DEVICES, planOf, readStories } from "../demo/story.ts";
import { personaOf } from "../personas.ts";
import { openQuestions } from "../questions.ts";
import { bold, dim, plural, print, table } from "../terminal.ts";
import { told } from "./start.ts";

export interface DemoOptions {
  data: string;
  config?: string;
  json?: boolean;
  /** End when everything is played and judged. */
  once?: boolean;
}

const WEEK_MS = 7 * 86_400_000;
/** Added to the real ports; one more for the second device. */
const OFFSET = 20_000;
const SETTLE_MS = 120_000;

/** How far the demonstration in a folder is. */
interface Progress {
  begun: string;
  played?: string;
}

/** Throws Problems when it cannot begin, with nothing left running. */
export async function demo(options: DemoOptions): Promise<void> {
  const stories = readStories();
  const { config } = await checkedConfig(options.config);
  const data = new DataFolder(options.data);
  await data.prepare("demonstration");
  const lock = await data.lock();
  const file = join(data.path, "demo.json");
  const progress = await readJsonFile<Progress>(file);
  if (progress && progress.played === undefined) {
    const remedy = `Remove it (rm -r ${data.path}) and begin again.`;
    throw new Problems([{ where: data.path, what: "holds a demonstration that was interrupted", remedy }]);
  }
  await checkAddresses();
  const visits = planOf(stories);
  const start = Date.now() - WEEK_MS;
  const clock = new DemoClock(start);
  const log = makeLogger("inktrap");
  const devices = Object.keys(DEVICES) as DeviceName[];
  const doors = await doorsOf(devices);
  const settings = {
    data: data.path,
    memoryMb: config.store.memoryMb,
    own: [],
    alerts: config.alerts,
    console: consolePart(config, options.config),
    json: false,
  };
  const collector = await CollectorProcess.start(settings, log).catch(async (error: unknown) => {
    await closeDoors([...doors.values()].flat());
    throw error;
  });
  if (progress) clock.release();
  const begun = new Date().toISOString();
  if (!progress) await writeJsonFile(file, { begun } satisfies Progress);
  const ending = told();
  const sensors = await Promise.all(
    devices.map((name) =>
      Sensor.start({
        id: `demo-${name}`,
        folder: data.sensor(`demo-${name}`),
        persona: personaOf(DEVICES[name]),
        doors: doors.get(name)!,
        link: data.linkSocket,
        clock: clock.now,
        version: VERSION,
        log,
      }),
    ),
  );
  const portOf = (to: DeviceName, service: string) => doors.get(to)!.find((door) => door.service === service)!.port;
  if (options.json)
    print(
      JSON.stringify({
        type: "started",
        demonstration: true,
        data: data.path,
        visits: visits.length,
        console: collector.console ?? null,
      }),
    );
  else for (const line of firstScreen(data, doors, collector.console)) print(line);
  const stop = new AbortController();
  void ending.then(() => stop.abort());
  if (!progress) {
    const onVisit = options.json ? () => {} : progressLine(visits.length);
    await play(visits, { clock, start, portOf, onVisit }, stop.signal);
    await Promise.all(sensors.map((sensor) => sensor.flush()));
    if (!stop.signal.aborted) {
      await settled(data, stop.signal);
      await writeJsonFile(file, { begun, played: new Date().toISOString() } satisfies Progress);
    }
    clock.release();
  }
  if (!stop.signal.aborted) for (const line of await lastLines(data, options)) print(line);
  if (!options.json) collector.goLive();
  const reason = options.once ? "demonstration over" : await ending;
  await Promise.all(sensors.map((sensor) => sensor.stop(reason)));
  await collector.stop();
  lock.close();
}

/** Visitors come from many addresses of this machine, as every Linux has them. */
async function checkAddresses(): Promise<void> {
  const server = createServer();
  const possible = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(0, "127.20.1.23", () => server.close(() => resolve(true)));
  });
  if (possible) return;
  const what = "addresses such as 127.20.1.23 cannot be used on this machine, and the visitors come from there";
  throw new Problems([{ where: "demo", what, remedy: "Run the demonstration on Linux." }]);
}

/** The doors of each device on loopback: at known ports where these are free. */
async function doorsOf(devices: readonly DeviceName[]): Promise<Map<DeviceName, OpenDoor[]>> {
  const doors = new Map<DeviceName, OpenDoor[]>();
  for (const [i, name] of devices.entries()) {
    const persona = personaOf(DEVICES[name]);
    const wanted = [...SERVICES.values()].map((service) => ({
      service: service.name,
      address: "127.0.0.1",
      port: service.manners(persona).port + OFFSET + i,
    }));
    const open = await openDoors(wanted).catch(() => openDoors(wanted.map((door) => ({ ...door, port: 0 }))));
    doors.set(name, open);
  }
  return doors;
}

function firstScreen(data: DataFolder, doors: ReadonlyMap<DeviceName, OpenDoor[]>, console: ConsoleAddress): string[] {
  const rows = [...doors].flatMap(([name, open]) =>
    open.map(({ port, service }) => [String(port), service, `demo-${name}`, DEVICES[name]]),
  );
  return [
    `${bold(`Inktrap ${VERSION}`)}   DEMONSTRATION: every visit is invented, every visitor is this machine`,
    "",
    ...table(rows, [0]).map((line) => `  ${line}`),
    "",
    `  Data       ${data.path}`,
    ...consoleLines(console),
    "  Stop       Ctrl-C",
    "",
  ];
}

/** Tells how far it is: over and over on a terminal, else now and then. */
function progressLine(all: number): (done: number, at: number) => void {
  const live = process.stdout.isTTY === true;
  const steps = Math.ceil(all / 4);
  return (done, at) => {
    const day = new Date(at).toISOString().slice(0, 16).replace("T", " ");
    const line = `Playing one week: ${done} of ${plural(all, "visit")}, ${day} UTC`;
    if (live) process.stdout.write(`\r${line}${done === all ? "\n" : ""}`);
    else if (done === all || done % steps === 0) print(line);
  };
}

/** Resolves when every job that was played is read and everything is judged. */
async function settled(data: DataFolder, signal: AbortSignal): Promise<void> {
  const questions = await openQuestions(data);
  try {
    for (const end = Date.now() + SETTLE_MS; Date.now() < end && !signal.aborted;) {
      const { waiting, reading } = await questions.ask("desk", {});
      const { sensors, judged, events } = await questions.ask("overview", {});
      const allRead = waiting === 0 && !reading;
      const caughtUp = sensors.length === Object.keys(DEVICES).length && sensors.every(({ behind }) => behind === 0);
      if (allRead && caughtUp && judged >= events) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    await questions.close();
  }
}

async function lastLines(data: DataFolder, { json }: DemoOptions): Promise<string[]> {
  const questions = await openQuestions(data);
  try {
    const { cases, visits, jobs } = await questions.ask("overview", {});
    if (json) return [JSON.stringify({ type: "played", demonstration: true, cases, visits, jobs })];
    const where = data.path.replace(`${process.cwd()}/`, "./");
    return [
      "",
      `${plural(cases, "case")}, ${plural(visits, "visit")}, ${plural(jobs, "job")}, all of them invented.`,
      "",
      `  Look       npx inktrap cases --data ${where}`,
      `             npx inktrap show C-1 --data ${where}`,
      dim("  Forget     remove the folder; it is never mixed with real data"),
      "",
    ];
  } finally {
    await questions.close();
  }
}
