/**
 * Transcripts: conversations as text files, played against a service and compared byte for byte.
 *
 *     persona: hp-laserjet-4250
 *     service: raw
 *     # where the expected replies were learnt
 *
 *     > \e%-12345X@PJL INFO ID\r\n          what the visitor sends
 *     < @PJL INFO ID\r\n                    what the printer answers
 *     < "HP LaserJet 4250"\r\n\f
 *     ! pjl.command {"command":"INFO"}      an event: its type, and those of its fields that matter
 *     >|                                    the visitor has sent all (`>| reset`: the connection was cut, and why)
 *     <|                                    the printer closes
 *
 * Escapes: \r \n \t \f \e (27) \\ \xHH; a space at the end of a line is written \x20.
 * Neighbouring lines of one kind join. An exchange is what the visitor sends up to the printer's turn, and all replies and
 * events that follow; it passes when replies, events and close are the same, however the visitor's bytes are cut.
 */
import { createHash } from "node:crypto";
import type { Draft } from "../../src/event/event.ts";
import type { Dialogue, JobStep, KeptBytes, Step } from "../../src/protocols/contract.ts";

/** One turn of each side. `said`: bytes of the visitor; `end`: it sends no more. `place`: where it stands in the file. */
export interface Exchange {
  said: Buffer;
  end?: { cut?: string };
  reply: string;
  events: SeenEvent[];
  closes: boolean;
}
export interface SeenEvent {
  type: string;
  data: Record<string, unknown>;
}
export interface Transcript {
  persona: string;
  service: string;
  exchanges: Exchange[];
  /** All lines of the file with the exchange they belong to, -1 before the first. */
  lines: { text: string; exchange: number }[];
}

const ESCAPES: Record<string, string> = { r: "\r", n: "\n", t: "\t", f: "\f", e: "\x1b", "\\": "\\" };
const NAMES = new Map(Object.entries(ESCAPES).map(([letter, char]) => [char, `\\${letter}`]));

/** Text with escapes to byte text. */
export function unescape(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{2}|.|$)/g, (whole, code: string) => {
    if (code.length === 3) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    const char = ESCAPES[code];
    if (char === undefined) throw new Error(`unknown escape ${whole}`);
    return char;
  });
}

/** Byte text to text with escapes, on one line. */
export function escape(text: string): string {
  const hex = (char: string) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
  return text.replace(/[^ !-~]|\\/g, (char) => NAMES.get(char) ?? hex(char)).replace(/ $/, "\\x20");
}

export function parseTranscript(text: string): Transcript {
  const header: Record<string, string> = {};
  const exchanges: Exchange[] = [];
  const lines: Transcript["lines"] = [];
  let current: Exchange | undefined;
  let visitorsTurn = true;
  for (const [number, line] of text.replace(/\n$/, "").split("\n").entries()) {
    const fail = (what: string): never => {
      throw new Error(`line ${number + 1}: ${what}: ${line}`);
    };
    const [, mark = "", rest = ""] = /^(>\||<\||[><!])(?: (.*))?$/.exec(line) ?? [];
    if (mark.startsWith(">") && (!visitorsTurn || !current || current.end)) {
      current = { said: Buffer.alloc(0), reply: "", events: [], closes: false };
      exchanges.push(current);
    }
    if (mark !== "") visitorsTurn = mark.startsWith(">");
    if (mark === "") {
      const field = /^(\w+): (\S+)$/.exec(line);
      if (field && !current) header[field[1]!] = field[2]!;
      else if (line !== "" && !line.startsWith("#")) fail("not a line of a transcript");
    } else if (!current) fail("the visitor speaks first");
    else if (mark === ">") current.said = Buffer.concat([current.said, Buffer.from(unescape(rest), "latin1")]);
    else if (mark === ">|") current.end = rest === "" ? {} : { cut: rest };
    else if (mark === "<") current.reply += unescape(rest);
    else if (mark === "<|") current.closes = true;
    else {
      const [, type = "", data = "{}"] = /^([\w.]+)(?: (\{.*\}))?$/.exec(rest) ?? fail("not an event");
      current.events.push({ type, data: JSON.parse(data) as Record<string, unknown> });
    }
    lines.push({ text: line, exchange: exchanges.length - 1 });
  }
  const { persona, service } = header;
  if (!persona || !service) throw new Error("a transcript begins with `persona: <id>` and `service: <name>`");
  return { persona, service, exchanges, lines };
}

/** What a dialogue did in one exchange, jobs summed up as the session does it. */
export type Answer = Pick<Exchange, "reply" | "events" | "closes">;

/** Plays the visitor's side; `cut` says in which pieces each exchange is sent. Gives the printer's side of each exchange. */
export function play(
  exchanges: readonly Exchange[],
  dialogue: Dialogue,
  cut: (bytes: Buffer) => Uint8Array[],
): Answer[] {
  const desk = new JobDesk();
  return exchanges.map(({ said, end }) => {
    const answer: Answer = { reply: "", events: [], closes: false };
    for (const piece of cut(said)) if (piece.length > 0) desk.take(dialogue.receive(Buffer.from(piece)), answer);
    if (end) desk.take(dialogue.end(end.cut), answer);
    return answer;
  });
}

/** Stands in for the session: gathers steps, and makes `job.captured` from the steps of a job. */
class JobDesk {
  readonly #kept = new Map<string, Buffer>();
  #pieces: Buffer[] | undefined;
  #jobs = 0;

  take(steps: readonly Step[], answer: Answer): void {
    for (const { drafts, job, reply, send, close } of steps) {
      for (const draft of drafts ?? []) answer.events.push(draft satisfies Draft as SeenEvent);
      if (job) this.#job(job, answer);
      if (reply) answer.reply += Buffer.from(reply).toString("latin1");
      if (send) answer.reply += this.#part(send).toString("latin1");
      if (close) answer.closes = true;
    }
  }

  #part({ sha256, offset, length }: KeptBytes): Buffer {
    const part = this.#kept.get(sha256)?.subarray(offset, offset + length);
    if (part?.length !== length) throw new Error(`no ${length} bytes from ${offset} on were kept of ${sha256}`);
    return part;
  }

  #job(step: JobStep, answer: Answer): void {
    if ("begin" in step) {
      if (this.#pieces) throw new Error("a job begins within a job");
      this.#pieces = [];
      return;
    }
    if (!this.#pieces) throw new Error("a piece or an end of no job");
    if ("bytes" in step) {
      this.#pieces.push(Buffer.from(step.bytes));
      return;
    }
    const body = Buffer.concat(this.#pieces);
    this.#pieces = undefined;
    const sha256 = createHash("sha256").update(body).digest("hex");
    this.#kept.set(sha256, body);
    const head = body.subarray(0, 4096).toString("latin1");
    const data = { ...step.end, job: `job-${++this.#jobs}`, bytes: body.length, sha256, head };
    answer.events.push({ type: "job.captured", data });
  }
}

/** The events as far as `expected` asks about them: its fields of each, all fields where nothing is expected. */
export function asAsked(seen: readonly SeenEvent[], expected: readonly SeenEvent[]): SeenEvent[] {
  return seen.map(({ type, data }, i) => {
    const asked = expected[i]?.type === type ? expected[i].data : undefined;
    const keys = asked ? Object.keys(asked) : Object.keys(data);
    return { type, data: Object.fromEntries(keys.map((key) => [key, data[key]])) };
  });
}

/** Fields that a rewritten transcript leaves out of an event it has not had before: they only repeat the bytes above. */
const DULL = new Set(["at", "line", "job", "sha256", "head", "sample"]);

/** The file with the printer's side replaced by `answers`; comments, visitor's lines and asked fields stay. */
export function rewrite(transcript: Transcript, answers: readonly Answer[]): string {
  const out: string[] = [];
  for (let number = -1; number < answers.length; number++) {
    const lines = transcript.lines.filter((line) => line.exchange === number).map((line) => line.text);
    const spoken = lines.findLastIndex((line) => line.startsWith(">")) + 1;
    out.push(...lines.slice(0, spoken));
    const answer = answers[number];
    if (answer) out.push(...printersSide(answer, transcript.exchanges[number]!.events));
    out.push(...lines.slice(spoken).filter((line) => !/^[<!]/.test(line)));
  }
  return `${out.join("\n")}\n`;
}

function printersSide(answer: Answer, asked: readonly SeenEvent[]): string[] {
  const lines = answer.reply.match(/[^\n\f]*(?:\n\f?|\f)|[^\n\f]+$/g) ?? [];
  const events = asAsked(answer.events, asked).map(({ type, data }, i) => {
    const fields = Object.entries(data).filter(([key]) => asked[i]?.type === type || !DULL.has(key));
    return fields.length > 0 ? `! ${type} ${JSON.stringify(Object.fromEntries(fields))}` : `! ${type}`;
  });
  return [...lines.map((line) => `< ${escape(line)}`), ...events, ...(answer.closes ? ["<|"] : [])];
}
