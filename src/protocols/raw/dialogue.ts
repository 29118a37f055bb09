/** A conversation on port 9100: PJL is obeyed and answered, everything else is a job, and kept. */
import type { Draft } from "../../event/event.ts";
import type { Device, SourceMemory } from "../../printer/device.ts";
import { Collector } from "../bytes.ts";
import type { Dialogue, Step, Visitor } from "../contract.ts";
import { PjlDecoder, type PjlMessage } from "../pjl/codec.ts";
import { PjlInterpreter } from "../pjl/interpreter.ts";
import type { Reply } from "../pjl/commands/command.ts";
import { capitals, optionValue } from "../pjl/parse.ts";
import { Carried } from "./carried.ts";
import { Claims } from "./claims.ts";
import { sniff, SNIFF_BYTES } from "./language.ts";
import { PageCounter } from "./pages.ts";
import { Tunnel } from "./tunnel.ts";

/** What the device answers to one packet at most; further replies are lost, as in a status buffer that is full (status 30010). */
export const MAX_REPLY = 256 * 1024;

/** How long a job waits at once for the one before it, and altogether at most. */
const [HOLD_MS, PATIENCE_MS] = [400, 60_000];

/** The job being received: no more of it than its description needs. */
interface JobInHand {
  head: Collector;
  pages: PageCounter;
  memory: SourceMemory;
}

export class RawDialogue implements Dialogue {
  readonly #device: Device;
  readonly #visitor: Visitor;
  readonly #decoder: PjlDecoder;
  readonly #interpreter: PjlInterpreter;
  readonly #claims = new Claims();
  /** The language that the last ENTER LANGUAGE named. */
  #declared: string | undefined;
  #job: JobInHand | undefined;
  /** The data behind the last line. */
  #carried: Carried | undefined;
  /** The web server, after ENTER LANGUAGE=HTTP. */
  #tunnel: Tunnel | undefined;
  /** A reply was lost; told once. */
  #overflowed = false;
  /** What this call gives back: steps in order, then the last drafts and all replies in one piece. */
  #steps: Step[] = [];
  #drafts: Draft[] = [];
  #reply = "";
  #room = MAX_REPLY;
  /** The connection ends with this call's last step, or has ended. */
  #closing = false;
  #closed = false;
  /** A job waits until the one before it is done, and what came behind it; since when, by the device's clock. */
  readonly #held: PjlMessage[] = [];
  #heldSince = 0;
  /** No more waiting: the visitor is going. */
  #leaving = false;
  /** Pages of this connection are on their way. */
  #printing = false;
  #alarm = false;

  constructor(device: Device, visitor: Visitor) {
    this.#device = device;
    this.#visitor = visitor;
    this.#interpreter = new PjlInterpreter(device, visitor);
    const { commands } = device.persona.pjl;
    this.#decoder = new PjlDecoder((command) => commands.includes(command));
  }

  receive(bytes: Uint8Array): Step[] {
    for (const message of this.#decoder.push(bytes)) this.#hear(message);
    return this.#take();
  }

  wake(): Step[] {
    const waited = this.#device.now() - this.#heldSince;
    if (this.#device.takesJob(this.#visitor.key) || waited > PATIENCE_MS) this.#release();
    this.#look();
    return this.#take();
  }

  end(cut?: string): Step[] {
    this.#leaving = true;
    this.#release(cut);
    for (const message of this.#decoder.end()) this.#hear(message, cut);
    const steps = this.#take();
    if (cut !== undefined || this.#closed) return steps;
    const waitMs = this.#printing ? this.#device.closesIn(this.#visitor.key) : 0;
    const rest = this.#interpreter.unsolicited.rest();
    return [
      ...steps,
      ...(waitMs > 0 ? [{ waitMs }] : []),
      { ...(rest === "" ? {} : { reply: Buffer.from(rest, "latin1") }), close: true },
    ];
  }

  #hear(message: PjlMessage, cut?: string): void {
    // The connection is over; what still came with it is in the log.
    if (this.#closing || this.#interpreter.over) return;
    if (this.#held.length > 0 || (message.kind === "data" && this.#mustWait)) return this.#hold(message);
    switch (message.kind) {
      case "uel":
        this.#declared = undefined;
        this.#tunnel = undefined;
        return this.#interpreter.uel();
      case "line":
        return this.#obey(message);
      case "data":
        return this.#receiveData(message.bytes, message.at[0]);
      case "data-end":
        return this.#endData(message.at, cut);
    }
  }

  /** A job begins, and the device is busy with another one of the same source. */
  get #mustWait(): boolean {
    if (this.#leaving || this.#job || this.#carried || this.#tunnel) return false;
    return !this.#device.takesJob(this.#visitor.key);
  }

  #hold(message: PjlMessage): void {
    if (this.#held.length === 0) this.#heldSince = this.#device.now();
    this.#held.push(message.kind === "data" ? { ...message, bytes: Buffer.from(message.bytes) } : message);
  }

  #release(cut?: string): void {
    const [first, ...others] = this.#held.splice(0);
    if (!first) return;
    const leaving = this.#leaving;
    this.#leaving = true;
    this.#hear(first, cut);
    this.#leaving = leaving;
    for (const message of others) this.#hear(message, cut);
  }

  #obey(message: Extract<PjlMessage, { kind: "line" }>): void {
    const { line, reply, textBytes, unsolicited, drafts, lost, asked } = this.#interpreter.obey(message, this.#room);
    this.#room = lost ? 0 : this.#room - textBytes;
    this.#drafts.push(...drafts);
    this.#say(reply);
    this.#reply += unsolicited;
    if (this.#interpreter.over) this.#closing = true;
    if (lost && !this.#overflowed) {
      this.#overflowed = true;
      this.#drafts.push({ type: "limit.reached", data: { limit: "reply", value: MAX_REPLY, at: message.at[0] } });
    }
    this.#carried = message.data === undefined ? undefined : new Carried(line, message);
    const ofFile = this.#carried?.firmware === false;
    if (!asked && line.command !== "" && !ofFile) this.#claims.line(line, message.text);
    if (line.command === "ENTER") {
      const language = optionValue(line.argument, "LANGUAGE");
      this.#declared = language === undefined ? undefined : capitals(language).slice(0, 64);
      if (this.#declared === "HTTP" && this.#device.persona.pjl.languages.includes("HTTP")) {
        this.#tunnel = new Tunnel(this.#device, this.#visitor);
      }
    } else if (line.command === "EOJ") this.#claims.clear();
  }

  #receiveData(bytes: Buffer, at: number): void {
    if (this.#tunnel) return this.#relay(this.#tunnel.push(bytes, at));
    if (this.#carried) {
      for (const job of this.#carried.push(bytes, at)) this.#step({ job });
      return;
    }
    if (!this.#job) {
      const memory = this.#device.memory(this.#visitor.key);
      this.#job = { head: new Collector(SNIFF_BYTES), pages: new PageCounter(), memory };
      memory.jobsNow++;
      this.#device.wake(this.#visitor.key, true);
      this.#step({ job: { begin: true } });
      this.#look();
    }
    this.#job.head.append(bytes);
    this.#job.pages.push(bytes);
    this.#step({ job: { bytes, at } });
  }

  #endData(at: [number, number], cut: string | undefined): void {
    if (this.#tunnel) this.#relay(this.#tunnel.end(cut));
    else if (this.#carried) this.#endCarried(this.#carried, at, cut);
    else this.#endJob(at, cut);
    this.#tunnel = undefined;
    this.#carried = undefined;
  }

  #endCarried(carried: Carried, at: [number, number], cut: string | undefined): void {
    const wrapper = carried.firmware ? this.#claims.takeWrapper() : [];
    const end = carried.end(at, cut, { wrapper, ...this.#claims.get() });
    if (end) this.#step({ job: { end } });
    if (carried.complete && cut === undefined) {
      this.#drafts.push(...this.#interpreter.received(carried.body(), at));
      this.#look();
    }
    if (carried.firmware && !this.#interpreter.inJob) this.#claims.clear();
  }

  #endJob(at: [number, number], cut: string | undefined): void {
    const job = this.#job!;
    this.#job = undefined;
    job.memory.jobsNow--;
    const { language, kind } = sniff(job.head.view());
    if (this.#interpreter.printed(job.pages.pages(language)) > this.#device.now()) this.#printing = true;
    this.#look();
    const wrapper = this.#claims.takeWrapper();
    this.#step({
      job: {
        end: {
          kind: wrapper.length > 0 || this.#declared !== undefined ? "job" : kind,
          language,
          ...(this.#declared === undefined ? {} : { declared: this.#declared }),
          complete: cut === undefined,
          ...(cut === undefined ? {} : { why: cut }),
          at,
          wrapper,
          ...this.#claims.get(),
        },
      },
    });
    if (!this.#interpreter.inJob) this.#claims.clear();
  }

  /** What the web server says goes where the printer's own replies go. */
  #relay(steps: readonly Step[]): void {
    for (const { drafts, reply, close } of steps) {
      this.#drafts.push(...(drafts ?? []));
      if (reply) this.#reply += Buffer.from(reply).toString("latin1");
      if (close) this.#closing = true;
    }
  }

  /** Something has happened that those who want to know are told of. */
  #look(): void {
    this.#interpreter.unsolicited.look();
    this.#reply += this.#interpreter.unsolicited.take();
  }

  /** When this dialogue is to be woken, and the wait of a job that is held. */
  #later(): Step[] {
    const next = this.#interpreter.unsolicited.nextMs;
    const held = this.#held.length > 0;
    const wakeMs = held ? Math.min(next || HOLD_MS, HOLD_MS / 2) : next;
    if (wakeMs === 0 && !this.#alarm) return [];
    this.#alarm = wakeMs > 0;
    return [{ wakeMs, ...(held && { waitMs: HOLD_MS }) }];
  }

  /** Text waits for more of it; what is sent from elsewhere goes behind the text before it. */
  #say(reply: Reply): void {
    for (const part of typeof reply === "string" ? [reply] : reply) {
      if (typeof part === "string") this.#reply += part;
      else {
        const text = this.#reply;
        this.#reply = "";
        this.#step({ ...(text === "" ? {} : { reply: Buffer.from(text, "latin1") }), send: part });
      }
    }
  }

  /** Adds a step behind the drafts that came before it. */
  #step(step: Step): void {
    if (this.#drafts.length > 0) {
      this.#steps.push({ drafts: this.#drafts });
      this.#drafts = [];
    }
    this.#steps.push(step);
  }

  #take(): Step[] {
    const steps = this.#steps;
    if (this.#drafts.length > 0 || this.#reply !== "") {
      const reply = this.#reply === "" ? {} : { reply: Buffer.from(this.#reply, "latin1") };
      steps.push({ ...(this.#drafts.length > 0 ? { drafts: this.#drafts } : {}), ...reply });
    }
    if (!this.#closing && !this.#leaving) steps.push(...this.#later());
    if (this.#closing) {
      steps.push({ close: true });
      this.#closed = true;
    }
    this.#steps = [];
    this.#drafts = [];
    this.#reply = "";
    this.#room = MAX_REPLY;
    this.#closing = false;
    return steps;
  }
}
