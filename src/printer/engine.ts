/** The engine of a device at work: when pages come out, when it sleeps, when its tray is empty. Times in milliseconds since 1970. */
import type { Printing, SourceMemory } from "./device.ts";
import type { Identity } from "./identity.ts";
import { Office, type OfficeJob } from "./office.ts";
import type { EngineState } from "./panel.ts";
import type { Persona } from "./persona.ts";
import { randomOf } from "./random.ts";

/** What is known of the device when the engine is asked. */
export interface Counters {
  now: number;
  /** Pages ever printed. */
  pageCount: number;
  /** The last job of a visitor. */
  lastPrint: OfficeJob | undefined;
  tonerLow: boolean;
}

type Pacing = NonNullable<Persona["pacing"]>;

/** What a first page takes longer or shorter than it should, in percent. */
const VARIES = 15;

export class Engine {
  readonly office: Office;
  readonly #pacing: Pacing;
  readonly #identity: Identity;
  readonly #pageMs: number;
  readonly #trayOffset: number;

  constructor(pacing: Pacing, identity: Identity) {
    this.#pacing = pacing;
    this.#identity = identity;
    this.#pageMs = 60_000 / pacing.pagesPerMinute;
    this.#trayOffset = randomOf(`${identity.seed} tray`).below(pacing.tray.sheets);
    this.office = new Office(identity.seed, pacing.usage, identity.bootTime);
  }

  state(memory: SourceMemory | undefined, counters: Counters): EngineState {
    const { now, tonerLow } = counters;
    const office = this.office.lastJob(now);
    const printing = now < this.#outOf(office) || now < (memory?.busyUntil ?? 0);
    return {
      warming: now < (memory?.awakeAt ?? 0),
      printing,
      asleep: !printing && this.#asleep(memory, counters, office),
      trayEmpty: this.trayEmpty(counters),
      tonerLow,
    };
  }

  /** The last job of anybody, a visitor or the office. */
  lastJob({ now, lastPrint }: Counters): OfficeJob | undefined {
    const office = this.office.lastJob(now);
    return office && (!lastPrint || lastPrint.at < office.at) ? office : lastPrint;
  }

  /** The device gets up for a source: from when on it is warm, or undefined where it is. */
  wakes(memory: SourceMemory, counters: Counters): number | undefined {
    if (!this.#asleep(memory, counters, this.office.lastJob(counters.now))) return undefined;
    return counters.now + this.#pacing.wakeSeconds * 1000;
  }

  /** When the pages of a job come out that is complete now. One of several in a row does not wait for the engine to start. */
  print(memory: SourceMemory, pages: number, { now, pageCount }: Counters): Printing {
    const vary = randomOf(`${this.#identity.seed} page ${pageCount}`).between(-VARIES, VARIES) / 100;
    const queued = memory.busyUntil > now;
    const start = Math.max(now, memory.busyUntil, memory.awakeAt);
    const first = Math.round(start + (queued ? this.#pageMs : this.#pacing.firstPageSeconds * 1000 * (1 + vary)));
    return { pages, first, each: this.#pageMs, done: Math.round(first + (pages - 1) * this.#pageMs) };
  }

  /** How long a connection is kept after its job, at most; the count makes it another time for each job. */
  closesIn(jobs: number): number {
    const [least, most] = this.#pacing.closeSeconds;
    return randomOf(`${this.#identity.seed} close ${jobs}`).between(least * 1000, most * 1000);
  }

  restart(at: number): { until: number; warm: number } {
    const [least, most] = this.#pacing.restartSeconds;
    const dead = randomOf(`${this.#identity.seed} restart ${at}`).between(least * 1000, most * 1000);
    return { until: at + dead, warm: at + dead + this.#pacing.warmUpSeconds * 1000 };
  }

  /** The last job used up the tray, and nobody has filled it yet. */
  trayEmpty(counters: Counters): boolean {
    const job = this.lastJob(counters);
    if (!job) return false;
    const { sheets } = this.#pacing.tray;
    const fills = (pages: number) => Math.floor((pages + this.#trayOffset) / sheets);
    const cycle = fills(counters.pageCount);
    return cycle > fills(counters.pageCount - job.pages) && counters.now < this.office.comes(job.at, `tray ${cycle}`);
  }

  #asleep(memory: SourceMemory | undefined, { now, lastPrint }: Counters, office: OfficeJob | undefined): boolean {
    const { awakeAt = 0, busyUntil = 0 } = memory ?? {};
    const last = Math.max(this.#outOf(office), lastPrint?.at ?? 0, awakeAt, busyUntil, this.#identity.bootTime);
    return now - last > this.#pacing.sleepMinutes * 60_000;
  }

  /** When the last page of an office job is out. */
  #outOf(job: OfficeJob | undefined): number {
    return job ? job.at + this.#pacing.firstPageSeconds * 1000 + (job.pages - 1) * this.#pageMs : 0;
  }
}
