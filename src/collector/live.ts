/** What becomes known, told to browsers as it comes: server-sent events. Who does not read is let go, and asks again. */
import type { ServerResponse } from "node:http";
import type { NumberedCase } from "../store/store.ts";
import type { Networks } from "../util/network.ts";
import type { News } from "./pipeline.ts";
import { iso } from "./room.ts";

/** Messages that are kept for who comes back, and those of one judgement. */
const KEPT = 500;
const AT_ONCE = 100;
/** Bytes that may wait for one reader. */
const WAITING = 256 * 1024;
const READERS = 64;
const COUNTS_MS = 1000;
const ALIVE_MS = 15_000;

interface Message {
  id: number;
  text: string;
}

export interface LiveOptions {
  /** Networks whose visits are not told. */
  own: Networks;
  counts: () => Promise<{ cases: number; visits: number; jobs: number; events: number }>;
  /** The last case number that was given out when this began. */
  lastCase: number;
  /** What a person said a case is. */
  intentOf: (number: number) => string | undefined;
}

export class Live {
  readonly #options: LiveOptions;
  readonly #readers = new Set<ServerResponse>();
  readonly #kept: Message[] = [];
  /** Ids go on after a restart: who comes back with one of an earlier run has missed something. */
  #lastId = Date.now() * 1000;
  #lastCase: number;
  #dirty = false;
  readonly #timers: NodeJS.Timeout[];

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#lastCase = options.lastCase;
    this.#timers = [
      setInterval(() => void this.#tellCounts(), COUNTS_MS),
      setInterval(() => this.#send(": still here\n\n"), ALIVE_MS),
    ];
    for (const timer of this.#timers) timer.unref();
  }

  /** Takes a response over. `lastId`: what the reader got last, when it has been here before. False: there is no room. */
  attend(response: ServerResponse, headers: Record<string, string | number>, lastId: string | undefined): boolean {
    if (this.#readers.size >= READERS) return false;
    response.writeHead(200, {
      ...headers,
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    response.write("retry: 3000\n\n");
    this.#readers.add(response);
    response.once("close", () => this.#readers.delete(response));
    if (lastId !== undefined) this.#catchUp(response, Number(lastId));
    this.#dirty = true;
    return true;
  }

  /** How many read. */
  get readers(): number {
    return this.#readers.size;
  }

  tell({ cases, events }: News): void {
    if (events.length > 0) this.#dirty = true;
    const told = cases.filter(({ record }) => !this.#options.own.has(record.source));
    for (const one of told.slice(0, AT_ONCE)) this.#publish("case", this.#caseMessage(one));
    if (told.length > AT_ONCE) this.#publish("missed", {});
    for (const { number } of cases) this.#lastCase = Math.max(this.#lastCase, number);
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const reader of this.#readers) reader.destroy();
  }

  #caseMessage({ number, record }: NumberedCase): Record<string, unknown> {
    return {
      id: `C-${number}`,
      intent: this.#options.intentOf(number) ?? record.intent,
      confidence: record.confidence,
      headline: record.headline,
      source: record.source,
      last: iso(record.lastTime),
      sessionCount: record.sessions,
      jobCount: record.jobs,
      new: number > this.#lastCase,
    };
  }

  #publish(type: string, data: Record<string, unknown>): void {
    const id = ++this.#lastId;
    const message = { id, text: `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n` };
    this.#kept.push(message);
    if (this.#kept.length > KEPT) this.#kept.shift();
    this.#send(message.text);
  }

  #catchUp(reader: ServerResponse, lastId: number): void {
    const oldest = this.#kept[0]?.id ?? this.#lastId + 1;
    if (!(lastId >= oldest - 1 && lastId <= this.#lastId)) {
      reader.write(`id: ${this.#lastId}\nevent: missed\ndata: {}\n\n`);
      return;
    }
    for (const { id, text } of this.#kept) if (id > lastId) reader.write(text);
  }

  #send(text: string): void {
    for (const reader of this.#readers) {
      if (reader.writableLength > WAITING) reader.destroy();
      else reader.write(text);
    }
  }

  async #tellCounts(): Promise<void> {
    if (!this.#dirty || this.#readers.size === 0) return;
    this.#dirty = false;
    try {
      this.#send(`event: counts\ndata: ${JSON.stringify(await this.#options.counts())}\n\n`);
    } catch {
      this.#dirty = true;
    }
  }
}
