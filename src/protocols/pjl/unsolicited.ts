/**
 * Status that is sent unasked: of the device when it changes, of pages and jobs as they come out, every so many seconds, and what
 * PJL itself finds wrong. PJL Technical Reference Manual, chapter 7, USTATUS.
 */
import type { Device, PanelStatus, Printing } from "../../printer/device.ts";
import type { Visitor } from "../contract.ts";
import type { Knowledge } from "./knowledge.ts";

/** The conversation whose visitor is told. */
interface Talk {
  readonly device: Device;
  readonly visitor: Visitor;
  readonly knowledge: Knowledge;
  /** What was asked for, by kind, where it differs from the persona's. */
  readonly ustatus: ReadonlyMap<string, string>;
  frame(head: string, body: string): string;
}

/** Messages that wait for their time; the device has no room for more (status 30010). */
const WAITING = 1000;
/** How often the device looks whether its status has changed. */
const LOOK_MS = 1000;

interface Waiting {
  at: number;
  text: string;
  /** It waits for paper, and need not be waited for when the visitor wants to go. */
  paper: boolean;
}

export class Unsolicited {
  readonly #talk: Talk;
  #now = "";
  #told: PanelStatus | undefined;
  #waiting: Waiting[] = [];
  #timed: { every: number; next: number } | undefined;

  constructor(talk: Talk) {
    this.#talk = talk;
  }

  /** A kind of status was asked for, or not to be sent any more. */
  asked(): void {
    const { ustatus, device, visitor } = this.#talk;
    this.#told = this.#device === "OFF" ? undefined : (this.#told ?? device.status(visitor));
    const every = Number(ustatus.get("TIMED") ?? 0) * 1000;
    if (every === 0) this.#timed = undefined;
    else if (this.#timed?.every !== every) this.#timed = { every, next: device.now() + every };
  }

  /** PJL found something wrong: a code of 20xxx, 25xxx or 27xxx. */
  wrong(code: number): void {
    if (this.#device === "VERBOSE") this.#tell("DEVICE", [`CODE=${code}`]);
  }

  /** Tells the device's status when it is another than at the last look. */
  look(): void {
    if (this.#told === undefined) return;
    const { device, visitor, knowledge } = this.#talk;
    const status = device.status(visitor);
    if (status.code === this.#told.code && status.online === this.#told.online) return;
    this.#told = status;
    this.#now += this.#talk.frame("USTATUS DEVICE", statusLines(status, knowledge.lineEnd));
  }

  jobStarts(lines: readonly string[]): void {
    if (this.#wants("JOB")) this.#tell("JOB", lines);
  }

  /** `at`: when its last page is out, milliseconds since 1970. */
  jobEnds(lines: readonly string[], at: number): void {
    if (this.#wants("JOB")) this.#later(at, this.#frame("JOB", lines));
  }

  /** Pages are on their way; `before` of the same job came earlier. */
  pages({ pages, first, each }: Printing, before: number): void {
    if (!this.#wants("PAGE")) return;
    for (let n = 0; n < pages; n++) this.#later(first + n * each, this.#frame("PAGE", [String(before + n + 1)]));
  }

  /** Sends `text` at its time if the connection is still there. */
  at(time: number, text: string): void {
    if (this.#waiting.length < WAITING) this.#waiting.push({ at: time, text, paper: false });
  }

  /** What is to be sent now, as byte text. */
  take(): string {
    const { device, visitor, knowledge } = this.#talk;
    if (this.#waiting.length > 0 || this.#timed) {
      const now = device.now();
      this.#take((one) => one.at <= now);
      if (this.#timed && this.#timed.next <= now) {
        this.#timed.next = now + this.#timed.every;
        this.#now += this.#talk.frame("USTATUS TIMED", statusLines(device.status(visitor), knowledge.lineEnd));
      }
    }
    const text = this.#now;
    this.#now = "";
    return text;
  }

  /** Whether something waits for paper. */
  get printing(): boolean {
    return this.#waiting.some(({ paper }) => paper);
  }

  /** What would still have been sent of pages and jobs, as byte text. */
  rest(): string {
    this.#take(({ paper }) => paper);
    const text = this.#now;
    this.#now = "";
    return text;
  }

  /** In how many milliseconds there may be something to send; 0: never. */
  get nextMs(): number {
    if (this.#told === undefined && this.#waiting.length === 0 && !this.#timed) return 0;
    const now = this.#talk.device.now();
    const times = this.#waiting.map(({ at }) => at - now);
    if (this.#timed) times.push(this.#timed.next - now);
    if (this.#told !== undefined) times.push(LOOK_MS);
    return Math.max(1, Math.min(...times));
  }

  get #device(): string {
    return this.#talk.ustatus.get("DEVICE") ?? "OFF";
  }

  #wants(kind: string): boolean {
    return this.#talk.ustatus.get(kind) === "ON";
  }

  #tell(kind: string, lines: readonly string[]): void {
    this.#now += this.#frame(kind, lines);
  }

  #later(at: number, text: string): void {
    if (at <= this.#talk.device.now()) this.#now += text;
    else if (this.#waiting.length < WAITING) this.#waiting.push({ at, text, paper: true });
  }

  #take(due: (one: Waiting) => boolean): void {
    this.#now += this.#waiting
      .filter(due)
      .sort((a, b) => a.at - b.at)
      .map(({ text }) => text)
      .join("");
    this.#waiting = this.#waiting.filter((one) => !due(one));
  }

  #frame(kind: string, lines: readonly string[]): string {
    return this.#talk.frame(`USTATUS ${kind}`, lines.map((line) => line + this.#talk.knowledge.lineEnd).join(""));
  }
}

/** The lines of INFO STATUS: code and text of every condition, the gravest first, and whether the device is online. */
export function statusLines({ code, display, online, also = [] }: PanelStatus, lineEnd: string): string {
  const conditions = [{ code, display }, ...also].map((one, i) => {
    const number = i === 0 ? "" : String(i + 1);
    return `CODE${number}=${one.code}${lineEnd}DISPLAY${number}="${one.display}"${lineEnd}`;
  });
  return `${conditions.join("")}ONLINE=${online ? "TRUE" : "FALSE"}${lineEnd}`;
}
