/** A conversation on port 9100: PJL is obeyed and answered, everything else is a job, and kept. */
import type { Draft } from "../../event/event.ts";
import type { Device, SourceMemory } from "../../printer/device.ts";
import { Collector } from "../bytes.ts";
import type { Dialogue, Step, Visitor } from "../contract.ts";
import { PjlDecoder, type PjlMessage } from "../pjl/codec.ts";
import { PjlInterpreter } from "../pjl/interpreter.ts";
import { capitals, optionValue } from "../pjl/parse.ts";
import { Claims } from "./claims.ts";
import { sniff, SNIFF_BYTES } from "./language.ts";
import { PageCounter } from "./pages.ts";

/** What the device answers to one packet at most; further replies are lost, as in a status buffer that is full (status 30010). */
export const MAX_REPLY = 256 * 1024;

/** The job being received: no more of it than its description needs. */
interface JobInHand {
  head: Collector;
  pages: PageCounter;
  memory: SourceMemory;
}

export class RawDialogue implements Dialogue {
  readonly #device: Device;
  readonly #visitor: Visitor;
  readonly #decoder = new PjlDecoder();
  readonly #interpreter: PjlInterpreter;
  readonly #claims = new Claims();
  /** The language that the last ENTER LANGUAGE named. */
  #declared: string | undefined;
  #job: JobInHand | undefined;
  /** A reply was lost; told once. */
  #overflowed = false;
  /** What this call gives back: steps in order, then the last drafts and all replies in one piece. */
  #steps: Step[] = [];
  #drafts: Draft[] = [];
  #reply = "";
  #room = MAX_REPLY;

  constructor(device: Device, visitor: Visitor) {
    this.#device = device;
    this.#visitor = visitor;
    this.#interpreter = new PjlInterpreter(device, visitor);
  }

  receive(bytes: Uint8Array): Step[] {
    for (const message of this.#decoder.push(bytes)) this.#hear(message);
    return this.#take();
  }

  end(cut?: string): Step[] {
    for (const message of this.#decoder.end()) this.#hear(message, cut);
    const steps = this.#take();
    return cut === undefined ? [...steps, { close: true }] : steps;
  }

  #hear(message: PjlMessage, cut?: string): void {
    switch (message.kind) {
      case "uel":
        this.#declared = undefined;
        return this.#interpreter.uel();
      case "line":
        return this.#obey(message);
      case "data":
        return this.#receiveData(message.bytes, message.at[0]);
      case "data-end":
        return this.#endJob(message.at, cut);
    }
  }

  #obey(message: Extract<PjlMessage, { kind: "line" }>): void {
    const { line, reply, drafts, lost, asked } = this.#interpreter.obey(message, this.#room);
    this.#reply += reply;
    this.#room = lost ? 0 : this.#room - reply.length;
    this.#drafts.push(...drafts);
    if (lost && !this.#overflowed) {
      this.#overflowed = true;
      this.#drafts.push({ type: "limit.reached", data: { limit: "reply", value: MAX_REPLY, at: message.at[0] } });
    }
    if (!asked && line.command !== "") this.#claims.line(line, message.text);
    if (line.command === "ENTER") {
      const language = optionValue(line.argument, "LANGUAGE");
      this.#declared = language === undefined ? undefined : capitals(language).slice(0, 64);
    } else if (line.command === "EOJ") this.#claims.clear();
  }

  #receiveData(bytes: Buffer, at: number): void {
    if (!this.#job) {
      const memory = this.#device.memory(this.#visitor.key);
      this.#job = { head: new Collector(SNIFF_BYTES), pages: new PageCounter(), memory };
      memory.jobsNow++;
      this.#step({ job: { begin: true } });
    }
    this.#job.head.append(bytes);
    this.#job.pages.push(bytes);
    this.#step({ job: { bytes, at } });
  }

  #endJob(at: [number, number], cut: string | undefined): void {
    const job = this.#job;
    if (!job) return;
    this.#job = undefined;
    job.memory.jobsNow--;
    const { language, kind } = sniff(job.head.view());
    this.#interpreter.printed(job.pages.pages(language));
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
    this.#steps = [];
    this.#drafts = [];
    this.#reply = "";
    this.#room = MAX_REPLY;
    return steps;
  }
}
