/** The sensors: what they are, whether they deliver, and what their printers answer. */
import { readdir, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { GivenUp, wanted } from "../../store/asking.ts";
import { type SensorRow, sensorRows } from "../../store/queries/sensors.ts";
import type { Reply, StatusView } from "../contract.ts";
import { NotFound } from "../refusals.ts";
import { type Answers, isoOrNull, type Room } from "../room.ts";

const DAYS = 8;
const DAY_MS = 86_400_000;
/** Files of the data folder whose sizes are added up again after this long, and how long an answer waits for that. */
const SIZE_MS = 60_000;
const PATIENCE_MS = 50;

type SensorView = Reply<"sensors">["sensors"][number];

export function sensorAnswers(room: Room): Answers<"sensors" | "device"> {
  const sizes = new FolderSize(dirname(room.sensors));
  const sensors = async () => {
    const [rows, status] = await Promise.all([
      sensorRows(room.store.db, room.clock(), DAYS),
      room.health?.answer() ?? Promise.resolve(undefined),
    ]);
    const heard = new Map(status?.sensors.map((one) => [one.sensor, one]));
    const names = [...new Set([...rows.map((row) => row.sensor), ...heard.keys()])].sort();
    const byName = new Map(rows.map((row) => [row.sensor, row]));
    const sensors = names.map((name) => sensorView(name, byName.get(name), heard.get(name)));
    return { sensors: sensors.sort(worstFirst), disk: await disk(room, sizes) };
  };
  /** The one that is being made, for all who ask meanwhile: a page asks for itself and for its menu. */
  let under: ReturnType<typeof sensors> | undefined;
  return {
    sensors: () => {
      under ??= sensors().finally(() => (under = undefined));
      return under.catch((error: unknown) => {
        if (error instanceof GivenUp && !wanted()?.aborted) return sensors();
        throw error;
      });
    },
    device: async ({ sensor }) => {
      const persona = await personaOf(room, sensor);
      const device = await room.surroundings?.device?.(sensor, persona);
      if (!device) throw new NotFound(`The printer of sensor ${sensor} is not known here`);
      return { sensor, persona, ...device };
    },
  };
}

/** The persona a sensor began with last. Throws NotFound. */
export async function personaOf(room: Room, sensor: string): Promise<string> {
  const row = (await sensorRows(room.store.db, room.clock(), 1)).find((one) => one.sensor === sensor);
  if (!row?.started) throw new NotFound(`There is no sensor ${sensor}`);
  return row.started.persona;
}

function sensorView(
  sensor: string,
  row: SensorRow | undefined,
  heard: StatusView["sensors"][number] | undefined,
): SensorView {
  const known = heard ?? {
    sensor,
    connected: false,
    since: null,
    checked: null,
    doors: (row?.started?.doors ?? []).map((door) => ({ ...door, listening: false })),
    visitors: 0,
    evidenceWritten: true,
    position: 0,
    behind: 0,
  };
  return {
    ...known,
    state: stateOf(heard),
    persona: row?.started?.persona ?? null,
    version: row?.started?.version ?? null,
    lastEvent: isoOrNull(row?.lastEvent ?? null),
    sources: row?.sources ?? 0,
    perDay: row?.perDay ?? Array.from({ length: DAYS }, () => 0),
  };
}

/** Bytes of log that are usual on their way. */
const BEHIND = 4 << 20;
const STATES = ["silent", "partly", "behind", "unknown", "ok"] as const;

function stateOf(heard: StatusView["sensors"][number] | undefined): SensorView["state"] {
  if (!heard) return "unknown";
  if (!heard.connected) return "silent";
  if (!heard.evidenceWritten || heard.doors.some((door) => !door.listening)) return "partly";
  return heard.behind > BEHIND ? "behind" : "ok";
}

const worstFirst = (a: SensorView, b: SensorView) =>
  STATES.indexOf(a.state) - STATES.indexOf(b.state) || (a.sensor < b.sensor ? -1 : 1);

async function disk(room: Room, sizes: FolderSize): Promise<Reply<"sensors">["disk"]> {
  const { bavail, blocks, bsize } = await statfs(room.sensors).catch(() => statfs(dirname(room.sensors)));
  const { bytes, since, whole } = await sizes.get(room.clock());
  const freeBytes = bavail * bsize;
  const days = (room.clock() - since) / DAY_MS;
  const daysLeft = whole && days >= 1 && bytes > 0 ? Math.floor(freeBytes / (bytes / days)) : null;
  return { freeBytes, totalBytes: blocks * bsize, usedBytes: bytes, daysLeft };
}

interface Size {
  bytes: number;
  since: number;
  /** Everything is counted; else only what was come to so far. */
  whole: boolean;
}

/** How large a folder is and since when it is there, looked at now and then. There may be very many files in it. */
class FolderSize {
  readonly #folder: string;
  #looked = 0;
  #last: Size | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** As it was when it was looked at last. */
  async get(now: number): Promise<Size> {
    if (now - this.#looked <= SIZE_MS) return this.#last!;
    this.#looked = now;
    const size = { bytes: 0, since: Date.now(), whole: false };
    const counted = count(this.#folder, size).then(() => {
      size.whole = true;
      this.#last = size;
    });
    this.#last ??= size;
    await Promise.race([counted, setTimeout(PATIENCE_MS, undefined, { ref: false })]);
    return this.#last;
  }
}

/** Adds what is in a folder to `size`. */
async function count(folder: string, size: Size): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await count(path, size);
    if (!entry.isFile()) continue;
    const found = await stat(path).catch(() => undefined);
    size.bytes += found?.size ?? 0;
    size.since = Math.min(size.since, found?.birthtimeMs || size.since);
  }
}
