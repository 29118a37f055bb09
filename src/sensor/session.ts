/** One visitor's connection: the only code between a socket and a dialogue. */
import { once } from "node:events";
import type { Socket } from "node:net";
import { toByteText } from "../event/bytes-text.ts";
import { type CLOSE_REASONS, LIMITS } from "../event/catalogue.ts";
import type { Draft } from "../event/event.ts";
import { jobId } from "../evidence/recover.ts";
import type { JobBody } from "../evidence/job-body.ts";
import type { EvidenceWriter } from "../evidence/writer.ts";
import type { Dialogue, JobFacts, KeptBytes, Step } from "../protocols/contract.ts";
import type { SessionLog } from "./stamp.ts";

type CloseReason = (typeof CLOSE_REASONS)[number];

export interface SessionLimits {
  /** Bytes a visitor may send in one session. */
  sessionBytes: number;
  /** Bytes of one job; more are not kept. */
  jobBytes: number;
  /** How long a session may last, however busy it is. */
  sessionMs: number;
}

export interface SessionParts {
  socket: Socket;
  dialogue: Dialogue;
  id: string;
  log: SessionLog;
  writer: EvidenceWriter;
  limits: SessionLimits;
  clock: () => number;
  idleMs: number;
  /** A part of a body kept earlier. */
  kept: (bytes: KeptBytes) => AsyncIterable<Buffer>;
  /** A dialogue threw: a fault of ours that must not touch other visitors. */
  onFault: (error: unknown) => void;
  onClosed: () => void;
}

/** How long a visitor may take to hang up after the device has. */
const LINGER_MS = 5000;

interface OpenJob {
  body: JobBody;
  number: number;
  head: Buffer[];
  headBytes: number;
}

export class Session {
  readonly #parts: SessionParts;
  readonly #opened: number;
  readonly #deadline: NodeJS.Timeout;
  #jobs = 0;
  #job: OpenJob | undefined;
  /** Bytes from the visitor that are neither in the log nor in a job yet, and where in the stream they begin. */
  #unkept: Buffer = EMPTY;
  #unkeptAt = 0;
  #steps: Step[] = [];
  #waiting: NodeJS.Timeout | undefined;
  #sending = false;
  #alarm: NodeJS.Timeout | undefined;
  /** Nothing more is given to the dialogue. */
  #over: CloseReason | undefined;
  #linger: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#opened = parts.clock();
    const { socket } = parts;
    parts.log.event({ type: "session.open", data: {} });
    this.#deadline = setTimeout(() => this.#limit("session-time", parts.limits.sessionMs), parts.limits.sessionMs);
    socket.setNoDelay(true);
    socket.setTimeout(parts.idleMs);
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("end", () => this.#finish("visitor", undefined));
    socket.on("timeout", () => this.#finish("idle", "idle"));
    socket.on("error", () => this.#finish("reset", "reset"));
    socket.on("close", () => this.#close());
    socket.on("drain", () => this.#flow());
  }

  /** The sensor stops: what came so far is kept, and the visitor sees the connection end. */
  stop(): void {
    this.#finish("sensor-stopped", "sensor-stopped");
    this.#parts.socket.destroy();
    this.#close();
  }

  /** The device is gone all of a sudden: nothing more is said, and the connection breaks. */
  breakOff(): void {
    const last = this.#over === undefined ? this.#ask((dialogue) => dialogue.end("reset")) : [];
    this.#over ??= "printer";
    const { socket } = this.#parts;
    // A connection that is being closed cannot be reset any more.
    if (socket.writableEnded) socket.destroy();
    else socket.resetAndDestroy();
    this.#run(last);
  }

  #receive(chunk: Buffer): void {
    const { log, limits } = this.#parts;
    this.#unkept = this.#unkept.length > 0 ? Buffer.concat([this.#unkept, chunk]) : chunk;
    if (this.#over === undefined) this.#run(this.#ask((dialogue) => dialogue.receive(chunk)));
    if (!this.#job || this.#over !== undefined) this.#keep(this.#unkept.length);
    if (log.bytesIn > limits.sessionBytes) this.#limit("session-bytes", limits.sessionBytes);
    this.#flow();
  }

  /** No more questions: the dialogue's last words, then the end of the connection. */
  #finish(reason: CloseReason, cut: string | undefined): void {
    if (this.#over !== undefined) return;
    const last = this.#ask((dialogue) => dialogue.end(cut));
    this.#over = reason;
    this.#run([...last, { close: true }]);
  }

  #limit(limit: string, value: number): void {
    if (this.#over !== undefined) return;
    this.#parts.log.event({ type: "limit.reached", data: { limit, value, at: this.#parts.log.bytesIn } });
    this.#finish("limit", "limit");
  }

  #ask(question: (dialogue: Dialogue) => Step[]): Step[] {
    try {
      return question(this.#parts.dialogue);
    } catch (error) {
      this.#parts.onFault(error);
      return [{ close: true }];
    }
  }

  #run(steps: readonly Step[]): void {
    for (const step of steps) this.#steps.push(step);
    if (this.#waiting || this.#sending) return;
    let step: Step | undefined;
    while ((step = this.#steps.shift())) {
      for (const draft of step.drafts ?? []) this.#parts.log.event(draft);
      if (step.job) this.#jobStep(step.job);
      if (step.reply && step.reply.length > 0) {
        this.#keepQuestion();
        this.#reply(step.reply);
      }
      if (step.wakeMs !== undefined) this.#wakeIn(step.wakeMs);
      if (step.send) {
        const { send, ...rest } = step;
        this.#steps.unshift({
          ...(rest.waitMs ? { waitMs: rest.waitMs } : {}),
          ...(rest.close ? { close: true } : {}),
        });
        this.#send(send);
        return;
      }
      // When the connection is gone nobody waits: what is left of the steps is written down at once.
      if (step.waitMs && !this.#closed) {
        if (step.close) this.#steps.unshift({ close: true });
        this.#waiting = setTimeout(() => {
          this.#waiting = undefined;
          this.#run([]);
          this.#flow();
        }, step.waitMs);
        return;
      }
      if (step.close) this.#hangUp();
    }
  }

  #reply(bytes: Uint8Array): void {
    const { socket, log } = this.#parts;
    if (!socket.writable) return;
    log.outbound(bytes);
    socket.write(bytes);
  }

  #wakeIn(ms: number): void {
    clearTimeout(this.#alarm);
    this.#alarm = undefined;
    const { dialogue } = this.#parts;
    if (ms === 0 || !dialogue.wake || this.#closed) return;
    this.#alarm = setTimeout(() => {
      if (this.#over === undefined) this.#run(this.#ask(() => dialogue.wake!()));
      this.#flow();
    }, ms);
  }

  /** Reads back what was kept and sends it as fast as the visitor takes it. */
  #send(bytes: KeptBytes): void {
    const { socket, kept } = this.#parts;
    this.#sending = true;
    const pass = async () => {
      for await (const chunk of kept(bytes)) {
        if (this.#closed || !socket.writable) return;
        this.#reply(chunk);
        if (socket.writableNeedDrain) await Promise.race([once(socket, "drain"), once(socket, "close")]);
      }
    };
    pass()
      .catch((error: unknown) => this.#parts.onFault(error))
      .finally(() => {
        this.#sending = false;
        this.#run([]);
        this.#flow();
      });
  }

  #hangUp(): void {
    const { socket } = this.#parts;
    this.#over ??= "printer";
    this.#linger ??= setTimeout(() => socket.destroy(), LINGER_MS);
    socket.end();
  }

  #jobStep(step: NonNullable<Step["job"]>): void {
    if ("begin" in step) {
      const number = ++this.#jobs;
      this.#job = { body: this.#parts.writer.job(jobId(this.#parts.id, number)), number, head: [], headBytes: 0 };
    } else if ("bytes" in step) this.#jobBytes(step.bytes, step.at);
    else this.#jobEnd(step.end);
  }

  #jobBytes(bytes: Uint8Array, at: number): void {
    const job = this.#job;
    if (!job || bytes.length === 0) return;
    // Bytes that only later turned out to belong to the job are in the log already; the range leaves them out.
    const known = Math.max(0, this.#unkeptAt - at);
    this.#keep(at - this.#unkeptAt);
    this.#skip(bytes.length - known);
    if (job.headBytes < LIMITS.head) {
      const head = Buffer.from(bytes.subarray(0, LIMITS.head - job.headBytes));
      job.head.push(head);
      job.headBytes += head.length;
    }
    const { jobBytes } = this.#parts.limits;
    const offset = job.body.bytes;
    job.body.write(bytes.subarray(0, Math.max(0, jobBytes - offset)));
    const length = job.body.bytes - offset - known;
    if (length > 0) this.#parts.log.jobRange({ job: job.number, at: at + known, offset: offset + known, length });
    if (offset + bytes.length > jobBytes) this.#limit("job-bytes", jobBytes);
  }

  #jobEnd(facts: JobFacts): void {
    const job = this.#job;
    if (!job) return;
    this.#job = undefined;
    const sha256 = job.body.end();
    const whole = facts.complete && job.body.lost === 0;
    const why = job.body.lost > 0 ? "disk" : facts.why;
    const data = {
      ...facts,
      job: job.body.job,
      complete: whole,
      ...(why === undefined ? {} : { why }),
      bytes: job.body.bytes,
      sha256,
      head: toByteText(Buffer.concat(job.head)),
    };
    this.#parts.log.event({ type: "job.captured", data } satisfies Draft);
  }

  /** What came before a reply stands before it in the log: all that is not in a job and will not be by a step to come. */
  #keepQuestion(): void {
    if (this.#job || this.#unkept.length === 0) return;
    const next = this.#steps.find((step) => step.job && "bytes" in step.job)?.job;
    this.#keep(next && "bytes" in next ? next.at - this.#unkeptAt : this.#unkept.length);
  }

  /** Writes the next `length` bytes of the visitor to the log. */
  #keep(length: number): void {
    if (length <= 0) return;
    this.#parts.log.inbound(this.#unkept.subarray(0, length));
    this.#skip(length);
  }

  #skip(length: number): void {
    this.#unkept = this.#unkept.subarray(length);
    this.#unkeptAt += length;
  }

  /** Reading goes on only when replies leave, waits are over, and the disk keeps up. */
  #flow(): void {
    const { socket, writer } = this.#parts;
    if (this.#closed) return;
    if (writer.full) {
      socket.pause();
      void writer.room().then(() => this.#flow());
    } else if (this.#waiting || this.#sending || socket.writableNeedDrain) socket.pause();
    else if (socket.isPaused()) socket.resume();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#waiting);
    clearTimeout(this.#alarm);
    this.#waiting = undefined;
    this.#sending = false;
    this.#finish("reset", "reset");
    this.#run([]);
    this.#keep(this.#unkept.length);
    clearTimeout(this.#deadline);
    clearTimeout(this.#linger);
    this.#parts.log.close(this.#over ?? "reset", this.#opened);
    this.#parts.onClosed();
  }
}

const EMPTY = Buffer.alloc(0);
