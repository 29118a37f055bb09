/** The product in one page: events are committed, then judged, then told. */
import type { Judge } from "../detect/judge.ts";
import type { ReceivedBatch } from "../link/receiver.ts";
import { BatchRefused, type NumberedCase, type Store, type StoredEvent } from "../store/store.ts";

/** What became known, after it was committed. */
export interface News {
  events: readonly StoredEvent[];
  cases: readonly NumberedCase[];
}

/** Events judged at once when there is a backlog. */
const CATCH_UP = 2000;

export class Pipeline {
  readonly #store: Store;
  readonly #judge: Judge;
  readonly #tell: (news: News) => void;
  /** Judging happens in the order of commitment, whoever committed. */
  #judging: Promise<void> = Promise.resolve();

  constructor(store: Store, judge: Judge, tell: (news: News) => void) {
    this.#store = store;
    this.#judge = judge;
    this.#tell = tell;
  }

  /** Judges what an earlier run committed and did not judge. Nothing is told of it. */
  async catchUp(): Promise<void> {
    for (;;) {
      const events = await this.#store.eventsAfter(await this.#store.judgeCursor(), CATCH_UP);
      if (events.length === 0) return;
      await this.#judged(events);
    }
  }

  /** Where a sensor goes on: the log position that is committed. */
  async hello(sensor: string): Promise<number> {
    const known = (await this.#store.positions()).find((position) => position.sensor === sensor);
    return known?.position ?? 0;
  }

  /** Commits a batch and resolves with the committed position; judging follows and holds up the next batch but one. */
  async batch(batch: ReceivedBatch): Promise<number> {
    let committed: StoredEvent[];
    try {
      committed = await this.#store.commit(batch);
    } catch (error) {
      if (error instanceof BatchRefused) return error.position;
      throw error;
    }
    await this.#judging;
    if (committed.length > 0) {
      this.#judging = this.#judged(committed).then((cases) => this.#tell({ events: committed, cases }));
      this.#judging.catch(() => {});
    }
    return this.hello(batch.sensor);
  }

  /** Resolves when all that was committed is judged. */
  async settled(): Promise<void> {
    await this.#judging;
  }

  async #judged(events: readonly StoredEvent[]): Promise<NumberedCase[]> {
    const judgement = await this.#judge.fold(events.map((one) => one.event));
    return this.#store.commitJudgement(events.at(-1)!.ordinal, judgement);
  }
}
