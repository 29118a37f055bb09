/** Jobs that wait for the jail: few run at once, few wait, and both can be seen. */
import type { Walls } from "./contract.ts";
import { walls } from "./walls.ts";

export interface QueueState {
  waiting: number;
  running: number;
  /** Since the start of the process. */
  done: number;
  dropped: number;
  /** What stands around the children; null until it is known. */
  walls: Walls | null;
}

/** What is done with a job once it is its turn. `signal` is aborted when the queue is closed. */
export type Task<T> = (signal: AbortSignal) => Promise<T>;

interface Waiting {
  begin(): void;
  drop(): void;
}

/**
 * A queue that does not grow. Where one more would be too many, the one that has waited longest gives way: it can be
 * asked for again, and what comes now is what people look at.
 */
export class JailQueue {
  readonly #atOnce: number;
  readonly #most: number;
  readonly #waiting: Waiting[] = [];
  readonly #closing = new AbortController();
  #running = 0;
  #done = 0;
  #dropped = 0;
  #walls: Walls | null = null;

  /** `atOnce`: children at the same time; `most`: tasks that may wait for one. */
  constructor({ atOnce = 1, most = 64 }: { atOnce?: number; most?: number } = {}) {
    this.#atOnce = atOnce;
    this.#most = most;
    void walls().then((standing) => (this.#walls = standing.walls));
  }

  get state(): QueueState {
    return {
      waiting: this.#waiting.length,
      running: this.#running,
      done: this.#done,
      dropped: this.#dropped,
      walls: this.#walls,
    };
  }

  /** Does the task when it is its turn. Resolves with null when it was dropped; rejects as the task does. */
  add<T>(task: Task<T>): Promise<T | null> {
    if (this.#closing.signal.aborted) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      const begin = async (): Promise<void> => {
        this.#running++;
        try {
          resolve(await task(this.#closing.signal));
        } catch (error) {
          reject(error);
        } finally {
          this.#running--;
          this.#done++;
          this.#next();
        }
      };
      this.#waiting.push({ begin: () => void begin(), drop: () => resolve(null) });
      this.#next();
      if (this.#waiting.length > this.#most) this.#drop();
    });
  }

  /** Drops what waits and tells what runs to stop. */
  close(): void {
    this.#closing.abort();
    while (this.#waiting.length > 0) this.#drop();
  }

  #drop(): void {
    this.#dropped++;
    this.#waiting.shift()!.drop();
  }

  #next(): void {
    if (this.#running < this.#atOnce) this.#waiting.shift()?.begin();
  }
}
