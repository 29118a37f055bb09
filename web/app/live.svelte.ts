/** What happens while the reader reads: server-sent events of the collector. */
import { urlOf } from "./api.ts";

interface Counts {
  cases: number;
  visits: number;
  jobs: number;
  events: number;
}

class Live {
  counts = $state.raw<Counts>();
  /** Cases that are new or changed since the reader last took them in. */
  fresh = $state.raw<ReadonlySet<string>>(new Set());
  /** Counts what was heard, for who wants to ask again. */
  heard = $state(0);
  /** When the stream broke off; undefined while it runs. */
  stopped = $state<number>();
  #stream: EventSource | undefined;

  begin(): void {
    if (this.#stream) return;
    const stream = new EventSource(urlOf("live"));
    this.#stream = stream;
    stream.addEventListener("open", () => (this.stopped = undefined));
    stream.addEventListener("error", () => (this.stopped ??= Date.now()));
    stream.addEventListener("counts", (event) => {
      this.counts = JSON.parse(event.data as string) as Counts;
      this.heard++;
    });
    stream.addEventListener("case", (event) => {
      const { id } = JSON.parse(event.data as string) as { id: string };
      this.fresh = new Set([...this.fresh, id]);
      this.heard++;
    });
  }

  end(): void {
    this.#stream?.close();
    this.#stream = undefined;
    this.stopped = undefined;
  }

  takeIn(): void {
    this.fresh = new Set();
  }
}

export const live = new Live();
