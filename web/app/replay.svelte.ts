/** A session in its own time: begin, pause, faster, and pauses skipped. */

export const SPEEDS = [
  { value: "1", word: "1×" },
  { value: "8", word: "8×" },
  { value: "skip", word: "skip pauses" },
] as const;
export type Speed = (typeof SPEEDS)[number]["value"];

/** With pauses skipped, nothing is waited for longer than this. */
const SKIPPED_TO_MS = 700;

export class Replay {
  /** Milliseconds of the session that have been played; undefined while all of it is shown. */
  at = $state<number>();
  playing = $state(false);
  speed = $state<Speed>("skip");
  readonly #moments: readonly number[];
  readonly #length: number;
  #frame = 0;
  #last = 0;

  /** `moments` are the times of the messages in milliseconds since the session began. */
  constructor(moments: readonly number[], length: number) {
    this.#moments = moments;
    this.#length = length;
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  play(): void {
    if (this.at === undefined || this.at >= this.#length) this.at = 0;
    this.playing = true;
    this.#last = performance.now();
    this.#frame = requestAnimationFrame((now) => this.#step(now));
  }

  pause(): void {
    this.playing = false;
    cancelAnimationFrame(this.#frame);
  }

  seek(at: number): void {
    this.at = Math.max(0, Math.min(this.#length, at));
  }

  /** Shows all of it again. */
  whole(): void {
    this.pause();
    this.at = undefined;
  }

  #step(now: number): void {
    if (!this.playing || this.at === undefined) return;
    const passed = now - this.#last;
    this.#last = now;
    if (this.speed === "skip") this.at = this.#skipping(this.at, passed);
    else this.at += passed * Number(this.speed);
    if (this.at >= this.#length) return this.whole();
    this.#frame = requestAnimationFrame((next) => this.#step(next));
  }

  /** Runs so fast through a pause that it takes no longer than SKIPPED_TO_MS. */
  #skipping(at: number, passed: number): number {
    const next = this.#moments.find((moment) => moment > at) ?? this.#length;
    const before = this.#moments.findLast((moment) => moment <= at) ?? 0;
    const rate = Math.max(1, (next - before) / SKIPPED_TO_MS);
    return Math.min(next + 0.001, at + passed * rate);
  }
}
