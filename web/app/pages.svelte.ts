/** Lists that are asked for piece by piece: the first piece with the question, more on demand. */
import { Asked, asking } from "./asked.svelte.ts";

export interface Piece<Row, Next> {
  rows: readonly Row[];
  next: Next | null;
}

export class Pages<Row, Next> {
  readonly first: Asked<Piece<Row, Next>>;
  #more = $state.raw<readonly Row[]>([]);
  #next = $state.raw<Next | null>(null);
  busy = $state(false);
  readonly #ask: (after: Next | undefined, signal?: AbortSignal) => Promise<Piece<Row, Next>>;

  constructor(ask: (after: Next | undefined, signal?: AbortSignal) => Promise<Piece<Row, Next>>) {
    this.#ask = ask;
    this.first = asking((signal) => {
      const answer = ask(undefined, signal);
      return answer.then((piece) => {
        if (!signal.aborted) {
          this.#more = [];
          this.#next = piece.next;
        }
        return piece;
      });
    });
  }

  get rows(): readonly Row[] {
    return [...(this.first.data?.rows ?? []), ...this.#more];
  }

  get hasMore(): boolean {
    return this.#next !== null;
  }

  async more(): Promise<void> {
    if (this.#next === null || this.busy) return;
    this.busy = true;
    const before = this.first.data;
    try {
      const piece = await this.#ask(this.#next);
      if (this.first.data === before) {
        this.#more = [...this.#more, ...piece.rows];
        this.#next = piece.next;
      }
    } catch {
      // What is listed stays; the button is there for another try.
    }
    this.busy = false;
  }
}
