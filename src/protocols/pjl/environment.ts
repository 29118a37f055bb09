/**
 * The environments of PJL as one visitor sees them: factory defaults (the persona), user defaults (DEFAULT; kept for the
 * source), and the current environment (SET; until the next reset condition). PJL Technical Reference Manual, chapter 6.
 */
import type { Asker, Device, SourceMemory } from "../../printer/device.ts";
import type { Variable } from "../../printer/persona.ts";
import type { Option } from "./parse.ts";

/** Variables that DEFAULT changes and SET does not; while PASSWORD is set, DEFAULT needs a job that knows it. */
const DEFAULT_ONLY: ReadonlySet<string> = new Set(["PASSWORD", "CPLOCK", "DISKLOCK"]);
const PASSWORD = "PASSWORD";

export class Environment {
  readonly #device: Device;
  readonly #asker: Asker;
  readonly #current = new Map<string, string>();
  /** User defaults as they were at the last reset condition, where a DEFAULT has changed them since. */
  readonly #loaded = new Map<string, string>();
  /** The job may change what PASSWORD protects, as it was when the job began; undefined until somebody asks. */
  #secure: boolean | undefined;
  /** The job gave the password that was set. */
  #gave = false;

  constructor(device: Device, asker: Asker) {
    this.#device = device;
    this.#asker = asker;
  }

  get #memory(): SourceMemory {
    return this.#device.memory(this.#asker.key);
  }

  /** What INQUIRE shows. */
  current(variable: Variable): string {
    const value = this.#current.get(variable.name) ?? this.#loaded.get(variable.name);
    return value === undefined ? this.userDefault(variable) : shown(variable, value);
  }

  /** What DINQUIRE shows. */
  userDefault(variable: Variable): string {
    return shown(variable, this.#memory.defaults.get(variable.name) ?? this.#factory(variable));
  }

  /** Changes the current value. Gives the status code of a refusal. `service`: in service mode. */
  set(variable: Variable, option: Option, service: boolean): number | undefined {
    if (DEFAULT_ONLY.has(variable.name)) return 27005;
    const value = accepted(variable, option, service);
    if (value === undefined) return refusal(variable, option, service);
    if (variable.sets) this.#setOfDevice(variable.sets, value);
    else this.#current.set(variable.name, value);
    return undefined;
  }

  /** Changes a user default where that is allowed; it is loaded at the next reset condition. Gives the code of a refusal. */
  setDefault(variable: Variable, option: Option, service: boolean): number | undefined {
    const value = accepted(variable, option, service);
    if (value === undefined) return refusal(variable, option, service);
    if (this.locked) return 27003;
    if (variable.sets) {
      this.#setOfDevice(variable.sets, value);
      return undefined;
    }
    if (!this.#loaded.has(variable.name)) this.#loaded.set(variable.name, this.userDefault(variable));
    if (shown(variable, value) === this.#factory(variable)) this.#memory.defaults.delete(variable.name);
    else this.#memory.defaults.set(variable.name, value);
    return undefined;
  }

  /** A reset condition: the user defaults become the current environment. */
  reset(): void {
    this.#current.clear();
    this.#loaded.clear();
  }

  /** INITIALIZE: factory defaults for everything. Gives the user defaults that it undid; `force`: whatever PASSWORD says. */
  initialize(force = false): [string, string][] | "locked" {
    if (this.locked && !force) return "locked";
    const undone = [...this.#memory.defaults];
    this.#memory.defaults.clear();
    this.reset();
    return undone;
  }

  /** A job begins, with JOB that gave this password, or by a UEL or EOJ. */
  jobBegins(password: string | undefined): void {
    this.#gave = password !== undefined && password === this.#memory.defaults.get(PASSWORD);
    this.#secure = this.#gave || undefined;
  }

  get #password(): string {
    return this.#memory.defaults.get(PASSWORD) ?? "0";
  }

  /** A job is open that gave the password that is set. */
  get secure(): boolean {
    return this.#gave;
  }

  /** A password was set when the job began, and the job did not know it. */
  get locked(): boolean {
    this.#secure ??= this.#password === "0";
    return !this.#secure;
  }

  #setOfDevice(what: NonNullable<Variable["sets"]>, value: string): void {
    if (what === "serial") this.#memory.serial = value;
    else this.#memory.pageShift += Number(value) - Number(this.#device.value("pageCount", this.#asker));
  }

  #factory({ value }: Variable): string {
    return value.includes("{") ? this.#device.fill(value, this.#asker) : value;
  }
}

/** The entry of a variable in a listing: `NAME=value [n KIND]` and its choices, each on a line of its own. */
export function listing(variable: Variable, value: string, fill: (text: string) => string, lineEnd: string): string {
  const { name, kind, values, readOnly } = variable;
  const head = `${name}=${value} [${values.length} ${kind.toUpperCase()}${readOnly ? " READONLY" : ""}]${lineEnd}`;
  return head + values.map((choice) => `\t${choice.includes("{") ? fill(choice) : choice}${lineEnd}`).join("");
}

/** The value to keep, or undefined where the variable does not take it: such a command is ignored. */
export function accepted(variable: Variable, option: Option, service = false): string | undefined {
  const { value, quoted } = option;
  if (value === undefined || variable.readOnly || (variable.service && !service)) return undefined;
  if (variable.kind === "string") return quoted ? value : undefined;
  if (variable.kind === "alphanumeric") return /^[A-Za-z0-9-]{1,32}$/.test(value) ? value : undefined;
  if (quoted) return undefined;
  if (variable.kind === "range") return inRange(variable, value);
  const wanted = value.toUpperCase();
  return variable.values.find((choice) => choice.toUpperCase() === wanted);
}

/** Why a value is not accepted: its code in Appendix D of the PJL Technical Reference Manual. */
export function refusal(variable: Variable, { value, quoted }: Option, service = false): number {
  if (variable.readOnly || (variable.service && !service)) return 27004;
  if (value === undefined) return 25007;
  if ((variable.kind === "string") !== (quoted === true)) return 25008;
  if (variable.kind === "range") return /^[+-]?\d/.test(value) ? 25014 : 25008;
  return 25016;
}

function inRange({ values, also }: Variable, text: string): string | undefined {
  if (!/^[+-]?\d{1,12}(?:\.\d{0,6})?$/.test(text)) return undefined;
  const number = Number(text);
  const [low = "0", high = "0"] = values;
  const inside = number >= Number(low) && number <= Number(high);
  if (!inside && !also.some((value) => Number(value) === number)) return undefined;
  return number.toFixed(low.split(".")[1]?.length ?? 0);
}

/** A password is never shown, only whether there is one. */
function shown({ also }: Variable, value: string): string {
  if (!also.includes("ENABLED") || !/^\d+$/.test(value)) return value;
  return Number(value) === 0 ? "DISABLED" : "ENABLED";
}
