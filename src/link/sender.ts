/** The sensor's end of the link: reads the log up to the safe position and ships what the far end has not committed. */
import { connect, type Socket } from "node:net";
import { LogReader } from "../evidence/reader.ts";
import { KIND } from "../evidence/record.ts";
import {
  FRAME,
  frame,
  FrameReader,
  type Frame,
  jsonFrame,
  type Position,
  readJson,
  type SensorStatus,
  writeBatch,
} from "./frames.ts";

export interface SenderOptions {
  /** Path of the collector's Unix socket. */
  path: string;
  sensor: string;
  evidence: string;
  /** Log position up to which records may be shipped. */
  safe: () => number;
  /** What the far end is told of the sensor when a connection begins and every few seconds. */
  status: () => SensorStatus;
}

/** Batches on their way without a receipt. */
const WINDOW = 3;
const STATUS_MS = 5000;
const RETRY_MS = [50, 100, 250, 500, 1000];

export class LinkSender {
  readonly #options: SenderOptions;
  readonly #reader: LogReader;
  readonly #telling: NodeJS.Timeout;
  #socket: Socket | undefined;
  #retry: NodeJS.Timeout | undefined;
  #failures = 0;
  /** Where the next batch begins; unknown until the far end has said it. */
  #next: number | undefined;
  #committed = 0;
  #sent = 0;
  #shipping = false;
  #stopped = false;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#reader = new LogReader(options.evidence);
    this.#telling = setInterval(() => this.#tell(), STATUS_MS);
    this.#connect();
  }

  /** Log position that the far end has committed. */
  get committed(): number {
    return this.#committed;
  }

  /** There may be more to ship. */
  wake(): void {
    void this.#ship();
  }

  /** Ships what is safe, waits for the receipt at most `timeoutMs`, and hangs up. Returns whether all was committed. */
  async stop(timeoutMs: number): Promise<boolean> {
    const until = Date.now() + timeoutMs;
    this.wake();
    while (this.#committed < this.#options.safe() && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    this.#stopped = true;
    clearInterval(this.#telling);
    clearTimeout(this.#retry);
    this.#socket?.destroy();
    await this.#reader.close();
    return this.#committed >= this.#options.safe();
  }

  #connect(): void {
    const socket = connect(this.#options.path);
    const frames = new FrameReader();
    this.#socket = socket;
    socket.on("connect", () => {
      socket.write(jsonFrame(FRAME.hello, { sensor: this.#options.sensor, evidence: this.#options.evidence }));
    });
    socket.on("data", (chunk) => {
      const found = frames.push(chunk);
      if (!found) socket.destroy();
      else for (const one of found) this.#heard(one);
    });
    socket.on("drain", () => this.wake());
    socket.on("error", () => {});
    socket.on("close", () => this.#lost());
  }

  #lost(): void {
    this.#socket = undefined;
    this.#next = undefined;
    this.#sent = 0;
    if (this.#stopped) return;
    const wait = RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)]!;
    this.#retry = setTimeout(() => this.#connect(), wait);
  }

  #heard({ kind, body }: Frame): void {
    const said = readJson<Position>(body);
    if (!said) return;
    this.#committed = Math.max(this.#committed, said.position);
    if (kind === FRAME.welcome) {
      this.#failures = 0;
      this.#next = said.position;
      this.#tell();
    } else this.#sent--;
    this.wake();
  }

  #tell(): void {
    if (this.#next === undefined || this.#socket!.writableNeedDrain) return;
    this.#socket!.write(jsonFrame(FRAME.status, this.#options.status()));
  }

  async #ship(): Promise<void> {
    if (this.#shipping) return;
    this.#shipping = true;
    try {
      while (this.#next !== undefined && this.#sent < WINDOW && !this.#socket!.writableNeedDrain) {
        const from = this.#next;
        const { records, next } = await this.#reader.read(from, this.#options.safe());
        if (next <= from || this.#next !== from || !this.#socket) break;
        // Bytes and job ranges stay in the evidence folder, which the far end reads itself.
        const events = records.filter((record) => record.kind === KIND.event);
        for (const part of frame(FRAME.batch, writeBatch({ from, to: next, records: events })))
          this.#socket.write(part);
        this.#sent++;
        this.#next = next;
      }
    } catch {
      this.#socket?.destroy();
    } finally {
      this.#shipping = false;
    }
  }
}
