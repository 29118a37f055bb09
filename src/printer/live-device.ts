/** The device that the services of one persona share. Time comes from the clock it is given; it does no input or output. */
import type { Asker, Device, PanelStatus, SourceMemory } from "./device.ts";
import type { Identity } from "./identity.ts";
import type { Persona } from "./persona.ts";
import { BoundedMemory } from "./source-memory.ts";
import { kitAt, type Toner, tonerAt } from "./supplies.ts";
import { fillTemplate, parseTemplate, type Template } from "./template.ts";
import { type Moment, VALUES } from "./values.ts";

/** Sources whose changes are remembered; the one not heard of for longest is forgotten first. */
export const SOURCES_REMEMBERED = 20_000;
/** Templates kept ready to fill. A persona has fewer. */
const TEMPLATES_KEPT = 1000;

export interface LiveDeviceOptions {
  id: string;
  persona: Persona;
  identity: Identity;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Pages printed since the installation, before this start. */
  printedBefore?: number;
}

export class LiveDevice implements Device {
  readonly id: string;
  readonly persona: Persona;
  readonly identity: Identity;
  readonly now: () => number;
  readonly #memories = new Map<string, SourceMemory>();
  readonly #templates = new Map<string, Template>();
  #pagesPrinted: number;
  #lastUse: number;
  #toner: { at: number; toner: Toner } | undefined;

  constructor(options: LiveDeviceOptions) {
    this.id = options.id;
    this.persona = options.persona;
    this.identity = options.identity;
    this.now = options.now;
    this.#pagesPrinted = options.printedBefore ?? 0;
    this.#lastUse = options.identity.bootTime;
  }

  /** Pages printed since the installation: what to keep for `printedBefore`. */
  get pagesPrinted(): number {
    return this.#pagesPrinted;
  }

  get #pageCount(): number {
    return this.identity.pageCount + this.#pagesPrinted;
  }

  memory(key: string): SourceMemory {
    const memory = this.#memories.get(key) ?? new BoundedMemory();
    this.#memories.delete(key);
    this.#memories.set(key, memory);
    if (this.#memories.size > SOURCES_REMEMBERED) this.#memories.delete(this.#memories.keys().next().value!);
    return memory;
  }

  status(asker: Asker): PanelStatus {
    const { ready, processing, displayWidth } = this.persona.panel;
    const memory = this.#memories.get(asker.key);
    if (memory !== undefined && memory.jobsNow > 0) return { ...processing, online: true };
    const display = memory?.readyMessage || ready.display;
    return { code: ready.code, display: display.slice(0, displayWidth), online: true };
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
    this.#lastUse = this.now();
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
    return {
      asker,
      identity: this.identity,
      now: this.now(),
      pageCount: this.#pageCount,
      lastUse: this.#lastUse,
      status: () => this.status(asker),
      toner: () => this.#tonerNow(),
      kit: () => kitAt(this.persona, this.#pageCount),
    };
  }

  /** The cartridge changes only with the page counter, and is drawn anew only then. */
  #tonerNow(): Toner {
    const at = this.#pageCount;
    if (this.#toner?.at !== at) this.#toner = { at, toner: tonerAt(this.persona, this.identity, at) };
    return this.#toner!.toner;
  }
}
