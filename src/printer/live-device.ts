/** The device that the services of one persona share. Time comes from the clock it is given; it does no input or output. */
import type { Asker, Attention, Device, PanelStatus, Printing, SourceMemory } from "./device.ts";
import { type Counters, Engine } from "./engine.ts";
import type { Identity } from "./identity.ts";
import { Memories, MEMORY_LIMITS, type MemoryLimits } from "./memories.ts";
import type { OfficeJob } from "./office.ts";
import { panelStatus } from "./panel.ts";
import type { Persona } from "./persona.ts";
import { kitAt, type Toner, tonerAt } from "./supplies.ts";
import { fillTemplate, parseTemplate, type Template } from "./template.ts";
import { type Moment, VALUES } from "./values.ts";
import { Volumes } from "./volume.ts";

/** Templates kept ready to fill. A persona has fewer. */
const TEMPLATES_KEPT = 1000;
/** After so long somebody looks after a device of which nothing else is known. */
const SOMEBODY_COMES_MS = 15 * 60_000;

export interface LiveDeviceOptions {
  id: string;
  persona: Persona;
  identity: Identity;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Pages printed for visitors since the installation, before this start, and the last job of them. */
  printedBefore?: number;
  lastPrint?: OfficeJob | undefined;
  /** Takes the time that the persona says it takes; without it everything is done at once. */
  pacing?: boolean;
  memoryLimits?: MemoryLimits;
  /** The memory of a source has to be written down. */
  onChange?: (key: string) => void;
  /** A source has made the device restart: its conversations break off. */
  onRestart?: (key: string) => void;
}

export class LiveDevice implements Device {
  readonly id: string;
  readonly persona: Persona;
  readonly identity: Identity;
  readonly now: () => number;
  readonly memories: Memories;
  readonly #engine: Engine | undefined;
  readonly #onRestart: ((key: string) => void) | undefined;
  readonly #templates = new Map<string, Template>();
  #pagesPrinted: number;
  #lastPrint: OfficeJob | undefined;
  #toner: { at: number; toner: Toner } | undefined;

  constructor(options: LiveDeviceOptions) {
    this.id = options.id;
    this.persona = options.persona;
    this.identity = options.identity;
    this.now = options.now;
    this.memories = new Memories(options.memoryLimits ?? MEMORY_LIMITS, options.onChange);
    this.#onRestart = options.onRestart;
    this.#pagesPrinted = options.printedBefore ?? 0;
    this.#lastPrint = options.lastPrint;
    const { pacing } = options.persona;
    if (options.pacing && pacing) this.#engine = new Engine(pacing, options.identity);
  }

  /** Pages printed for visitors since the installation: what to keep for `printedBefore`. */
  get pagesPrinted(): number {
    return this.#pagesPrinted;
  }

  /** The last job of a visitor: what to keep for `lastPrint`. */
  get lastPrint(): OfficeJob | undefined {
    return this.#lastPrint;
  }

  memory(key: string): SourceMemory {
    return this.memories.get(key);
  }

  status(asker: Asker): PanelStatus {
    const memory = this.memories.peek(asker.key);
    const counters = this.#counters();
    return panelStatus(this.persona.panel, memory, counters.now, this.#engine?.state(memory, counters));
  }

  value(name: string, asker: Asker): string | undefined {
    return this.#value(name, this.#moment(asker));
  }

  fill(text: string, asker: Asker, escape?: (value: string) => string): string {
    let template = this.#templates.get(text);
    if (template === undefined) {
      if (this.#templates.size >= TEMPLATES_KEPT) this.#templates.clear();
      ({ template } = parseTemplate(text));
      this.#templates.set(text, template);
    }
    const moment = this.#moment(asker);
    return fillTemplate(template, (name) => {
      const value = this.#value(name, moment);
      return value === undefined || escape === undefined ? value : escape(value);
    });
  }

  printed(pages: number): void {
    if (!(pages > 0)) return;
    this.#pagesPrinted += Math.floor(pages);
    this.#lastPrint = { at: this.now(), pages: Math.floor(pages) };
  }

  print(key: string, pages: number): Printing {
    const memory = this.memory(key);
    const counters = this.#counters();
    const { now } = counters;
    const printed = memory.defaults.get("JOBMEDIA") === "OFF" ? 0 : pages;
    if (!this.#engine || !(printed > 0)) {
      this.printed(printed);
      return { pages: printed, first: now, each: 0, done: now };
    }
    const printing = this.#engine.print(memory, printed, counters);
    this.printed(printed);
    memory.busyUntil = printing.done;
    return printing;
  }

  takesJob(key: string): boolean {
    const memory = this.#engine && this.memories.peek(key);
    return !memory || (memory.jobsNow === 0 && memory.busyUntil <= this.now());
  }

  closesIn(key: string): number {
    const memory = this.memories.peek(key);
    const left = (memory?.busyUntil ?? 0) - this.now();
    return this.#engine && left > 0 ? Math.min(left, this.#engine.closesIn(this.#pagesPrinted)) : 0;
  }

  wake(key: string, toPrint: boolean): void {
    if (!this.#engine) return;
    const memory = this.memory(key);
    const counters = this.#counters();
    const warm = this.#engine.wakes(memory, counters);
    if (warm !== undefined) memory.awakeAt = toPrint ? warm : counters.now;
  }

  attend(key: string, code: number, text: string): Attention {
    const since = this.now();
    const until = this.#engine?.office.comes(since, `${code} ${since}`) ?? since + SOMEBODY_COMES_MS;
    const attention = { code, text, since, until };
    this.memory(key).attention = attention;
    return attention;
  }

  answers(key: string): boolean {
    const restart = this.memories.peek(key)?.restart;
    return restart === undefined || this.now() >= restart.until;
  }

  restart(key: string, factory: boolean): void {
    const memory = this.memory(key);
    const at = this.now();
    const { until, warm } = this.#engine?.restart(at) ?? { until: at, warm: 0 };
    memory.restart = { at, until };
    memory.readyMessage = undefined;
    memory.attention = undefined;
    memory.awakeAt = warm;
    memory.busyUntil = 0;
    Volumes.of(this, { key, localIp: "" })?.restart();
    if (factory) memory.defaults.clear();
    this.#onRestart?.(key);
  }

  #value(name: string, moment: Moment): string | undefined {
    const own = VALUES.get(name)?.(moment);
    if (own !== undefined) return String(own);
    for (const values of [this.identity.numbers, this.persona.facts.values]) {
      if (Object.hasOwn(values, name)) return values[name];
    }
    return undefined;
  }

  #moment(asker: Asker): Moment {
    const now = this.now();
    return {
      asker,
      identity: this.identity,
      now,
      memory: this.memories.peek(asker.key),
      pageCount: () => this.#pageCount(now),
      lastUse: () => this.#lastUse(),
      trayState: () => this.#trayState(),
      status: () => this.status(asker),
      toner: () => this.#tonerAt(this.#pageCount(now)),
      kit: () => kitAt(this.persona, this.#pageCount(now)),
    };
  }

  #counters(): Counters {
    const now = this.now();
    const pageCount = this.#pageCount(now);
    return { now, pageCount, lastPrint: this.#lastPrint, tonerLow: this.#tonerAt(pageCount).low };
  }

  #pageCount(now: number): number {
    return this.identity.pageCount + this.#pagesPrinted + (this.#engine?.office.pagesUntil(now) ?? 0);
  }

  #lastUse(): number {
    return (this.#engine?.lastJob(this.#counters()) ?? this.#lastPrint)?.at ?? this.identity.bootTime;
  }

  #trayState(): string {
    const tray = this.persona.pacing?.tray;
    return (this.#engine?.trayEmpty(this.#counters()) ? tray?.empty : tray?.full) ?? "";
  }

  /** The cartridge changes only with the page counter, and is drawn anew only then. */
  #tonerAt(pageCount: number): Toner {
    if (this.#toner?.at !== pageCount) {
      this.#toner = { at: pageCount, toner: tonerAt(this.persona, this.identity, pageCount) };
    }
    return this.#toner!.toner;
  }
}
