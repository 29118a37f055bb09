/** How often somebody failed lately. Bounded: of too many, those that failed longest ago are forgotten. */

export interface AttemptLimits {
  /** Failures after which there is a wait. */
  most: number;
  /** How long a failure counts, in milliseconds. */
  windowMs: number;
  /** Keys remembered. */
  keys: number;
}

export class Attempts {
  readonly #limits: AttemptLimits;
  /** Times of failures by key, the key that failed longest ago first. */
  readonly #failed = new Map<string, number[]>();

  constructor(limits: AttemptLimits) {
    this.#limits = limits;
  }

  /** Milliseconds to wait before the next attempt, 0 for none. */
  wait(key: string, now: number): number {
    const times = this.#recent(key, now);
    return times.length < this.#limits.most ? 0 : Math.max(0, times[0]! + this.#limits.windowMs - now);
  }

  fail(key: string, now: number): void {
    const times = [...this.#recent(key, now), now].slice(-this.#limits.most);
    this.#failed.delete(key);
    this.#failed.set(key, times);
    if (this.#failed.size > this.#limits.keys) this.#failed.delete(this.#failed.keys().next().value!);
  }

  succeed(key: string): void {
    this.#failed.delete(key);
  }

  #recent(key: string, now: number): number[] {
    return (this.#failed.get(key) ?? []).filter((time) => time > now - this.#limits.windowMs);
  }
}
