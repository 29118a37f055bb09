/** Obeys PJL lines as the device does: what it answers, and what is worth telling. */
import { LIMITS } from "../../event/catalogue.ts";
import type { Draft } from "../../event/event.ts";
import type { Device } from "../../printer/device.ts";
import type { Visitor } from "../contract.ts";
import type { LineEnd, PjlMessage } from "./codec.ts";
import type { Body, Command, Reply } from "./commands/command.ts";
import { COMMANDS } from "./commands/table.ts";
import { type Line, parseLine } from "./parse.ts";
import { Talk } from "./talk.ts";
import type { Unsolicited } from "./unsolicited.ts";

/** What became of a line. */
export interface Obeyed {
  line: Line;
  /** Empty where the device says nothing. */
  reply: Reply;
  /** Bytes of the reply that are text. */
  textBytes: number;
  /** Status sent unasked, behind the reply. */
  unsolicited: string;
  /** There was a reply and no room for it. */
  lost: boolean;
  /** It only asked. */
  asked: boolean;
  drafts: Draft[];
}

const ODD: Record<LineEnd, string | undefined> = {
  "line end": undefined,
  uel: "line ended by UEL",
  end: "unfinished line",
  "too long": "line too long",
};

export class PjlInterpreter {
  readonly #talk: Talk;
  /** The last line, where it was obeyed. */
  #last: { command: Command; argument: string } | undefined;

  constructor(device: Device, visitor: Visitor) {
    this.#talk = new Talk(device, visitor);
  }

  /** A UEL was read: outside JOB and EOJ a reset condition. */
  uel(): void {
    if (this.#talk.job) return;
    this.#talk.environment.reset();
    this.#talk.environment.jobBegins(undefined);
  }

  /** Whether a JOB is open that waits for its EOJ. */
  get inJob(): boolean {
    return this.#talk.job !== undefined;
  }

  /** A job is complete and goes to the engine. Gives when its last page is out, milliseconds since 1970. */
  printed(pages: number): number {
    return this.#talk.printed(pages);
  }

  /** Whether the device restarts, and the connection is over. */
  get over(): boolean {
    return this.#talk.over;
  }

  /** Status sent unasked: what is to be sent now, and when to look again. */
  get unsolicited(): Unsolicited {
    return this.#talk.unsolicited;
  }

  /**
   * Obeys a line; a reply of more than `room` bytes is lost, and with no room at all no question is worked out. A line that did not end in order or has control characters
   * in it is ignored as a whole, as a parser error of the device (status 20005, 20006).
   */
  obey(message: Extract<PjlMessage, { kind: "line" }>, room: number): Obeyed {
    const line = parseLine(message.text);
    const odd = ODD[message.ended] ?? (/[\0-\x08\x0b-\x1f]/.test(message.text) ? "control character" : undefined);
    const known = line.command === "" ? line.argument === "" : this.#talk.knowledge.commands.has(line.command);
    const command = known && !odd ? COMMANDS.get(line.command) : undefined;
    this.#judge(message, line, known, odd !== undefined);
    const asked = command?.asks === true;
    const inVain = asked && room === 0;
    this.#last = command && { command, argument: line.argument };
    const full = (inVain ? undefined : command?.run(line.argument, this.#talk)) ?? "";
    const lost = inVain || sizes(full).text > room;
    const reply = lost ? "" : full;
    const { text, all } = sizes(reply);
    const answer = all > 0 ? "reply" : known ? "silent" : "unknown";
    this.#talk.unsolicited.look();
    const unsolicited = this.#talk.unsolicited.take();
    return {
      line,
      reply,
      textBytes: text,
      unsolicited,
      lost,
      asked,
      drafts: this.#drafts(message, line, odd, answer, all),
    };
  }

  /** All data behind the last line has come, at `at`. Gives what is worth telling. */
  received(body: Body, at: [number, number]): Draft[] {
    this.#last?.command.takes?.(this.#last.argument, body, this.#talk);
    return this.#changes(at);
  }

  /** Tells what is wrong with the line itself, to those who want to know. Appendix D of the manual. */
  #judge({ ended }: Extract<PjlMessage, { kind: "line" }>, { command }: Line, known: boolean, odd: boolean): void {
    if (ended === "too long") this.#talk.wrong(20005);
    else if (odd) this.#talk.wrong(20006);
    else if (!known) this.#talk.wrong(command === "" ? 20001 : 20002);
  }

  #drafts(
    { text, at }: Extract<PjlMessage, { kind: "line" }>,
    { command, argument }: Line,
    odd: string | undefined,
    answer: "reply" | "silent" | "unknown",
    replyBytes: number,
  ): Draft[] {
    const data = {
      command: command.slice(0, 64),
      argument: cut(argument.trim()),
      line: cut(text),
      at,
      answer,
      replyBytes,
    };
    const drafts: Draft[] = [{ type: "pjl.command", data }];
    if (odd) drafts.push({ type: "protocol.odd", data: { protocol: "pjl", what: odd, at, sample: cut(text) } });
    if (this.#talk.changes.length > 0) drafts.push(...this.#changes(at));
    return drafts;
  }

  #changes(at: [number, number]): Draft[] {
    return this.#talk.changes.splice(0).map(({ what, name, before, after }) => {
      const data = { what, name: name.slice(0, 128), before: cut(before), after: cut(after), at };
      return { type: "device.changed", data };
    });
  }
}

/** Bytes of a reply: those that are text here, and all. */
function sizes(reply: Reply): { text: number; all: number } {
  if (typeof reply === "string") return { text: reply.length, all: reply.length };
  let [text, kept] = [0, 0];
  for (const part of reply) {
    if (typeof part === "string") text += part.length;
    else kept += part.length;
  }
  return { text, all: text + kept };
}

function cut(text: string): string {
  return text.length > LIMITS.line ? text.slice(0, LIMITS.line) : text;
}
