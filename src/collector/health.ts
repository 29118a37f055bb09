/** Is it working? What the collector hears from its sensors and finds of itself, and what of it is wrong. */
import { statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readSafe } from "../evidence/folder.ts";
import type { SensorStatus } from "../link/frames.ts";
import { lastVisit, progress } from "../store/queries/overview.ts";
import type { Store } from "../store/store.ts";
import { duration } from "../util/duration.ts";
import type { Networks } from "../util/network.ts";
import { VERSION } from "../util/package.ts";
import type { Problem } from "../util/problem.ts";
import type { DeskView, StatusView } from "./contract.ts";

interface Heard extends SensorStatus {
  /** By the collector's clock, which is the one that ages are told by. */
  at: number;
}

type SensorView = StatusView["sensors"][number];

/** Sensors speak every five seconds; one that is not heard for so long hangs. */
const SILENT_MS = 20_000;
const LAG_MS = 60_000;
const FREE_BYTES = 100e6;

export interface HealthParts {
  store: Store;
  /** Folder with one folder per sensor. */
  sensors: string;
  own: Networks;
  /** How the job desk is, where there is one. */
  desk?: () => Promise<DeskView | null>;
  /** What is wrong elsewhere in the collector. */
  elsewhere?: () => readonly Problem[];
}

export class Health {
  readonly #parts: HealthParts;
  readonly #since = Date.now();
  readonly #connections = new Map<string, number>();
  readonly #heard = new Map<string, Heard>();
  #fault: string | undefined;

  constructor(parts: HealthParts) {
    this.#parts = parts;
  }

  connected(sensor: string): void {
    this.#connections.set(sensor, (this.#connections.get(sensor) ?? 0) + 1);
  }

  gone(sensor: string): void {
    this.#connections.set(sensor, Math.max(0, (this.#connections.get(sensor) ?? 0) - 1));
  }

  status(sensor: string, status: SensorStatus): void {
    this.#heard.set(sensor, { ...status, at: Date.now() });
  }

  /** Something could not be committed. */
  fault(error: unknown): void {
    this.#fault = error instanceof Error ? error.message : String(error);
  }

  committed(): void {
    this.#fault = undefined;
  }

  /** Never throws: what cannot be found out is a problem of its own. */
  async answer(): Promise<StatusView> {
    const problems: Problem[] = [];
    const stored = await this.#stored().catch((error: unknown) => {
      this.fault(error);
      return { positions: new Map<string, number>(), events: 0, judge: { behind: 0, lagMs: 0 }, lastVisit: null };
    });
    const names = new Set([...stored.positions.keys(), ...this.#heard.keys(), ...this.#connections.keys()]);
    const sensors = await Promise.all(
      [...names].sort().map((name) => this.#sensor(name, stored.positions.get(name) ?? 0)),
    );
    // Asked after the connections: a failed commit first sets the fault and then ends its connection.
    const fault = this.#fault;
    if (fault !== undefined) problems.push(storeFails(fault));
    if (sensors.length === 0) problems.push({ where: "link", what: "no sensor has connected", remedy: "Start one." });
    for (const sensor of sensors) problems.push(...faults(sensor));
    if (stored.judge.lagMs > LAG_MS) {
      const what = `is behind by ${stored.judge.behind} events and ${duration(stored.judge.lagMs)}`;
      problems.push({ where: "judge", what, remedy: "Wait, or give it a faster machine; nothing is lost." });
    }
    const freeBytes = await free(this.#parts.sensors);
    if (freeBytes < FREE_BYTES) {
      const what = `only ${Math.floor(freeBytes / 1e6)} MB are free`;
      problems.push({ where: "disk", what, remedy: "Make room: evidence that cannot be written is lost." });
    }
    problems.push(...(this.#parts.elsewhere?.() ?? []));
    return {
      version: VERSION,
      ok: problems.length === 0,
      problems: problems.map(({ where, what, remedy }) => ({ where, what, remedy })),
      since: iso(this.#since),
      receiving: sensors.some((sensor) => sensor.connected && faults(sensor).length === 0),
      sensors,
      store: { ok: fault === undefined, events: stored.events },
      judge: stored.judge,
      disk: { freeBytes },
      desk: (await this.#parts.desk?.()) ?? null,
      lastVisit: stored.lastVisit,
    };
  }

  async #stored() {
    const { store, own } = this.#parts;
    const positions = new Map((await store.positions()).map(({ sensor, position }) => [sensor, position]));
    const { events, judged } = await progress(store.db);
    const [oldest] = judged < events ? await store.eventsAfter(judged, 1) : [];
    const last = await lastVisit(store.db, own.ranges());
    return {
      positions,
      events,
      judge: { behind: events - judged, lagMs: oldest ? Math.max(0, Date.now() - oldest.event.time) : 0 },
      lastVisit: last ? { session: `S-${last.number}`, source: last.source, opened: iso(last.opened) } : null,
    };
  }

  async #sensor(sensor: string, position: number): Promise<SensorView> {
    const heard = this.#heard.get(sensor);
    const safe = await readSafe(join(this.#parts.sensors, sensor, "evidence"));
    return {
      sensor,
      connected: (this.#connections.get(sensor) ?? 0) > 0,
      since: heard ? iso(heard.started) : null,
      checked: heard ? iso(heard.at) : null,
      doors: (heard?.doors ?? []).map((door) => ({ ...door })),
      visitors: heard?.visitors ?? 0,
      evidenceWritten: heard?.evidenceWritten ?? true,
      position,
      behind: Math.max(0, (safe?.position ?? position) - position),
    };
  }
}

function storeFails(why: string): Problem {
  const remedy = "See the log on standard error; evidence is kept meanwhile and committed later.";
  return { where: "store", what: `cannot be written: ${why}`, remedy };
}

function faults({ sensor, connected, checked, doors, evidenceWritten }: SensorView): Problem[] {
  const where = `sensor ${sensor}`;
  if (!connected) {
    return [
      { where, what: "is not connected", remedy: "See whether it runs; its evidence is kept and shipped later." },
    ];
  }
  const silent = checked === null ? Infinity : Date.now() - Date.parse(checked);
  if (silent > SILENT_MS) {
    const what = checked === null ? "has not said how it is" : `has not said how it is for ${duration(silent)}`;
    return [{ where, what, remedy: "Restart it if that goes on." }];
  }
  const closed = doors.filter((door) => !door.listening);
  const problems: Problem[] = closed.map(({ service, port }) => ({
    where,
    what: `port ${port} (${service}) does not listen any more`,
    remedy: "Restart it.",
  }));
  if (!evidenceWritten) {
    const remedy = "Make room or put right what the log on standard error says; visitors are answered meanwhile.";
    problems.push({ where, what: "its evidence cannot be written", remedy });
  }
  return problems;
}

async function free(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder).catch(() => statfs(dirname(folder)));
  return bavail * bsize;
}

const iso = (time: number) => new Date(time).toISOString();
