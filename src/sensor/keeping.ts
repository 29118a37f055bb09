/** Keeps a sensor's evidence within its time and space while it runs, and tells in an event what was removed. */
import { LogReader } from "../evidence/reader.ts";
import { retain, type RetentionLimits } from "../evidence/retention.ts";
import type { Logger } from "../util/log.ts";
import type { Stamp } from "./stamp.ts";

export interface KeepingParts {
  evidence: string;
  limits: RetentionLimits;
  /** Bytes that count as well and lie elsewhere. */
  otherBytes: () => Promise<number>;
  stamp: Stamp;
  log: Logger;
}

/** How often the limits are looked at; the first time shortly after the start. */
const EVERY_MS = 3600_000;
const FIRST_MS = 1000;

export class Keeping {
  readonly #parts: KeepingParts;
  #timer: NodeJS.Timeout;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: KeepingParts) {
    this.#parts = parts;
    this.#timer = setTimeout(() => this.#tick(), FIRST_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
    clearTimeout(this.#timer);
  }

  #tick(): void {
    const { log } = this.#parts;
    this.#running = this.#keep()
      .catch((error: unknown) => log.error({ err: error }, "old evidence could not be removed"))
      .then(() => {
        this.#timer = setTimeout(() => this.#tick(), EVERY_MS);
        this.#timer.unref();
      });
  }

  async #keep(): Promise<void> {
    const { evidence, limits, otherBytes, stamp } = this.#parts;
    const reader = new LogReader(evidence);
    try {
      const removed = await retain(evidence, reader, limits, stamp.clock(), await otherBytes());
      if (removed) stamp.sensorEvent({ type: "evidence.removed", data: removed });
    } finally {
      await reader.close();
    }
  }
}
