/** How many connections of one source a service talks to at once; others wait their turn, and too many are refused. */

export type Admitted = "now" | "later" | "refused";

interface Line {
  inside: number;
  waiting: (() => void)[];
}

/** Connections of one source that may wait for their turn. */
const QUEUE = 32;

export class Admission {
  readonly #perSource: number;
  readonly #total: number;
  readonly #lines = new Map<string, Line>();
  #inside = 0;

  /** `perSource` connections of one source at once, `total` of all sources together. */
  constructor(perSource: number, total: number) {
    this.#perSource = perSource;
    this.#total = total;
  }

  /** Asks for a place. With `later`, `enter` is called when one is free, unless {@link leave} is called before. */
  ask(source: string, enter: () => void): Admitted {
    const line = this.#lines.get(source) ?? { inside: 0, waiting: [] };
    if (this.#inside >= this.#total) return "refused";
    if (line.inside < this.#perSource) {
      line.inside++;
      this.#inside++;
      this.#lines.set(source, line);
      return "now";
    }
    if (line.waiting.length >= QUEUE) return "refused";
    line.waiting.push(enter);
    return "later";
  }

  /** A connection that was admitted, or that waited with `enter`, has ended. */
  leave(source: string, enter: () => void): void {
    const line = this.#lines.get(source);
    if (!line) return;
    const waiting = line.waiting.indexOf(enter);
    if (waiting >= 0) {
      line.waiting.splice(waiting, 1);
      return;
    }
    const next = line.waiting.shift();
    if (next) {
      next();
      return;
    }
    this.#inside--;
    if (--line.inside === 0) this.#lines.delete(source);
  }
}
