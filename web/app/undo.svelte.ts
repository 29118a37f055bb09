/** What was just done and can be undone. One line, for as long as nothing else was done. */
import { ask, Failure } from "./api.ts";

interface Done {
  said: string;
  /** The decision, where it can be undone. */
  decision?: number;
  failed?: boolean;
}

const SHOWN_MS = 20_000;

class Undo {
  done = $state.raw<Done>();
  /** Counts decisions made and undone, so that pages ask again. */
  times = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;

  tell(done: Done): void {
    clearTimeout(this.#timer);
    this.done = done;
    this.times++;
    this.#timer = setTimeout(() => (this.done = undefined), SHOWN_MS);
  }

  /** Does something a person decided, tells of it, and says whether it was taken. */
  async decide(said: string, decision: Promise<{ decision: { number: number } }>): Promise<boolean> {
    try {
      this.tell({ said, decision: (await decision).decision.number });
      return true;
    } catch (error) {
      this.tell({ said: error instanceof Failure ? `${error.message} ${error.detail}` : String(error), failed: true });
      return false;
    }
  }

  async undo(): Promise<void> {
    const number = this.done?.decision;
    if (number === undefined) return;
    this.done = undefined;
    try {
      await ask("undo", { number });
      this.tell({ said: "Undone." });
    } catch (error) {
      this.tell({ said: error instanceof Failure ? `${error.message} ${error.detail}` : String(error), failed: true });
    }
  }

  dismiss(): void {
    this.done = undefined;
  }
}

export const undo = new Undo();
