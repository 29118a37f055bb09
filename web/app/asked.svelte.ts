/** A question as it stands: what was answered last, whether it is being asked again, and what went wrong. */
import { Failure } from "./api.ts";

export class Asked<T> {
  /** The last answer. It stays while a newer one is on its way or could not be had. */
  data = $state.raw<T>();
  failure = $state.raw<Failure>();
  busy = $state(false);
  /** When the last answer came. */
  at = $state(0);
  #times = $state(0);

  /** Counts how often it shall be asked; read by who asks. */
  get times(): number {
    return this.#times;
  }

  again(): void {
    this.#times++;
  }

  async take(answer: Promise<T>, signal: AbortSignal): Promise<void> {
    this.busy = true;
    try {
      const data = await answer;
      if (signal.aborted) return;
      this.data = data;
      this.failure = undefined;
      this.at = Date.now();
    } catch (error) {
      if (signal.aborted) return;
      this.failure =
        error instanceof Failure
          ? error
          : new Failure({ status: 0, title: "The answer could not be read.", detail: String(error) });
    }
    if (!signal.aborted) this.busy = false;
  }
}

/** Asks now, again when anything changes that `question` reads before its first await, and every `everyMs`. For use in a component. */
export function asking<T>(question: (signal: AbortSignal) => Promise<T>, everyMs?: number): Asked<T> {
  const asked = new Asked<T>();
  $effect(() => {
    void asked.times;
    const stop = new AbortController();
    void asked.take(question(stop.signal), stop.signal);
    return () => stop.abort();
  });
  if (everyMs !== undefined) {
    $effect(() => {
      const timer = setInterval(() => {
        if (document.visibilityState === "visible") asked.again();
      }, everyMs);
      return () => clearInterval(timer);
    });
  }
  return asked;
}
