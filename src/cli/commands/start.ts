/** `inktrap start`: sensor and collector on this machine, as two processes with a link between them. */
import { networkInterfaces } from "node:os";
import { dirname } from "node:path";
import { folderBytes } from "../../evidence/retention.ts";
import { closeDoors, type OpenDoor, openDoors } from "../../sensor/listen.ts";
import { Sensor } from "../../sensor/sensor.ts";
import { isPrivate } from "../../util/address.ts";
import { makeLogger } from "../../util/log.ts";
import { Networks } from "../../util/network.ts";
import { VERSION } from "../../util/package.ts";
import { checkedConfig } from "../config-check.ts";
import { type Config, doorsOf, type Overrides, ownNetworks, reserveOf, retentionOf } from "../config.ts";
import { CollectorProcess, type ConsoleAddress } from "../collector-handle.ts";
import { consoleLines, consolePart } from "../console-config.ts";
import { DataFolder } from "../data-folder.ts";
import { personaOf } from "../personas.ts";
import { bold, dim, plural, print, size, table } from "../terminal.ts";
import { asUser, become, makeOver } from "../user.ts";

const SENSOR_ID = "local";

export interface StartOptions extends Overrides {
  data: string;
  config?: string;
  json?: boolean;
}

/** Runs until it is told to stop. Throws Problems when it cannot begin, with nothing left running. */
export async function start(options: StartOptions): Promise<void> {
  const { config, user } = await checkedConfig(options.config, options);
  const persona = personaOf(config.persona);
  const data = new DataFolder(options.data);
  const take = async () => {
    await data.prepare();
    return data.lock();
  };
  if (user) await makeOver(data.path, user);
  const lock = await (user ? asUser(user, take) : take());
  const doors = await openDoors(doorsOf(config, persona));
  if (user) become(user);
  const log = makeLogger("inktrap");
  let collector: CollectorProcess;
  try {
    collector = await CollectorProcess.start(
      {
        data: data.path,
        memoryMb: config.store.memoryMb,
        own: ownNetworks(config),
        alerts: config.alerts,
        console: consolePart(config, options.config),
        json: options.json ?? false,
      },
      log,
      (console) => {
        if (options.json || console?.firstLink === undefined) return;
        for (const line of consoleLines(console)) print(line);
      },
    );
  } catch (error) {
    await closeDoors(doors);
    lock.close();
    throw error;
  }
  const ending = told();
  const sensor = await Sensor.start({
    id: SENSOR_ID,
    folder: data.sensor(SENSOR_ID),
    persona,
    doors,
    link: data.linkSocket,
    pacing: config.pacing,
    limits: config.limits,
    retention: { ...retentionOf(config), otherBytes: () => folderBytes(dirname(data.storeFile)) },
    reserveBytes: reserveOf(config),
    upstreams: new Networks(config.proxy?.from ?? []),
    version: VERSION,
    log,
  });
  if (options.json && process.getuid?.() === 0) process.stderr.write(`${AS_ROOT}\n`);
  if (options.json) print(JSON.stringify({ ...startedJson(sensor, data), console: collector.console ?? null }));
  else for (const line of await firstScreen(sensor, data, config, collector.console)) print(line);
  collector.goLive();
  const reason = await ending;
  if (!options.json) print(dim(`\nStopping (${reason}): visitors are let go, evidence is written.`));
  await sensor.stop(reason);
  await collector.stop();
  lock.close();
}

const AS_ROOT = "Inktrap runs as root. Set user: in the configuration, see docs/operating.md#ports";

/** Resolves with the signal that ends the run. A second one ends it at once. */
export function told(): Promise<string> {
  return new Promise((resolve) => {
    let first = true;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (!first) process.exit(1);
        first = false;
        resolve(signal);
      });
    }
  });
}

function startedJson(sensor: Sensor, data: DataFolder) {
  return {
    type: "started",
    version: VERSION,
    data: data.path,
    persona: sensor.device.persona.id,
    serial: sensor.device.identity.serial,
    doors: sensor.doors.map(({ service, address, port, asked }) => ({ service, address, port, asked })),
  };
}

async function firstScreen(
  sensor: Sensor,
  data: DataFolder,
  { retention }: Config,
  console: ConsoleAddress,
): Promise<string[]> {
  const { persona, identity } = sensor.device;
  const rows = sensor.doors.map((door) => [String(door.port), door.service, whereabouts(door), askedFor(door)]);
  const raw = sensor.doors.find((door) => door.service === "raw");
  const probe = persona.pjl.info["PRODINFO"] ? "PRODINFO" : "ID";
  const free = size(await data.freeBytes());
  const where = process.cwd() === data.path ? "." : data.path.replace(`${process.cwd()}/`, "./");
  return [
    bold(`Inktrap ${VERSION}`),
    "",
    `  ${bold(persona.name)}   persona ${persona.id}, serial ${identity.serial}`,
    "",
    ...table(rows, [0]).map((line) => `  ${line}`),
    "",
    ...(process.getuid?.() === 0 ? [`  ${bold("Warning")}    ${AS_ROOT}`] : []),
    `  Evidence   ${where}        ${free} free for at most ${retention.gigabytes} GB or ${plural(retention.days, "day")}`,
    ...consoleLines(console),
    "  Stop       Ctrl-C, nothing is lost",
    "",
    ...(raw
      ? [
          `  Try it     printf '\\033%%-12345X@PJL INFO ${probe}\\r\\n\\033%%-12345X' | nc -q1 ${reach(raw)} ${raw.port}`,
        ]
      : []),
    `  Then       npx inktrap cases${dataOption(where)}`,
    "",
  ];
}

const dataOption = (where: string) => (where === "./inktrap-data" ? "" : ` --data ${where}`);

/** An address of this machine by which the door can be reached from here. */
function reach({ address }: OpenDoor): string {
  return address === "::" || address === "0.0.0.0" ? "127.0.0.1" : address;
}

function whereabouts({ address }: OpenDoor): string {
  if (address !== "::" && address !== "0.0.0.0") {
    return `listening on ${address}, ${isPrivate(address) ? "a private address" : "a public address"}`;
  }
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const open = own.some((entry) => !isPrivate(entry.address));
  return `listening on every address, ${open ? "also public ones" : "all of them private"}`;
}

function askedFor({ port, asked }: OpenDoor): string {
  if (port === asked) return dim(`(asked: ${asked})`);
  return dim(`(${asked} needs privileges, see docs/operating.md#ports)`);
}
