/** The product in one page: events are committed, then judged, then told. */
import type { Judge } from "../detect/judge.ts";
import type { ReceivedBatch } from "../link/receiver.ts";
import { BatchRefused, type NumberedCase, type Store, type StoredEvent } from "../store/store.ts";

/** What became known, after it was committed. */
export interface News {
  events: readonly StoredEvent[];
  cases: readonly NumberedCase[];
}

/** Hears of every judgement once it is committed, also of those that are not told: up to which ordinal, and what changed. */
export type Judged = (ordinal: number, cases: readonly NumberedCase[]) => Promise<void>;

/** Events judged at once when there is a backlog. */
const CATCH_UP = 2000;
/** Committed events wait so long to be judged together: a busy source's case is then written once for all of them. */
const TOGETHER_MS = 200;
/** With so many waiting, sensors have to wait too. */
const FULL = 20_000;

export class Pipeline {
  readonly #store: Store;
  readonly #judge: Judge;
  readonly #tell: (news: News) => void;
  readonly #fault: (error: unknown) => void;
  readonly #judgedUpTo: Judged;
  /** Committed and not judged, in the order of commitment. */
  #waiting: StoredEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #judging: Promise<void> = Promise.resolve();
  /** A judgement could not be committed: the judge begins again where the store is. */
  #behind = false;

  constructor(
    store: Store,
    judge: Judge,
    tell: (news: News) => void,
    fault: (error: unknown) => void,
    judged: Judged = async () => {},
  ) {
    this.#store = store;
    this.#judge = judge;
    this.#tell = tell;
    this.#fault = fault;
    this.#judgedUpTo = judged;
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

  /** Commits a batch and resolves with the committed position; judging follows. */
  async batch(batch: ReceivedBatch): Promise<number> {
    try {
      await this.committed(() => this.#store.commit(batch));
    } catch (error) {
      if (error instanceof BatchRefused) return error.position;
      throw error;
    }
    return this.hello(batch.sensor);
  }

  /** Commits events by the task and resolves with them; judging follows. */
  async committed(commit: () => Promise<StoredEvent[]>): Promise<StoredEvent[]> {
    const events = await commit();
    for (const one of events) this.#waiting.push(one);
    if (this.#waiting.length >= FULL) await this.settled();
    else if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#judgeWaiting(), TOGETHER_MS);
    return events;
  }

  /** Resolves when all that was committed before the call is judged. */
  settled(): Promise<void> {
    this.#judgeWaiting();
    return this.#judging;
  }

  /** Runs a task while nothing is judged. What the judge remembers of cases may be wrong afterwards, and is read anew. */
  alone<T>(task: () => Promise<T>): Promise<T> {
    const done = this.settled()
      .then(task)
      .finally(() => {
        this.#judge.forget();
        this.#behind = true;
      });
    this.#judging = done.then(
      () => {},
      () => {},
    );
    return done;
  }

  #judgeWaiting(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#judging = this.#judging.then(() => this.#judgeAndTell(this.#waiting.splice(0)));
  }

  async #judgeAndTell(events: readonly StoredEvent[]): Promise<void> {
    if (events.length === 0) return;
    try {
      if (this.#behind) await this.catchUp();
      const cases = this.#behind ? [] : await this.#judged(events);
      this.#behind = false;
      this.#tell({ events, cases });
    } catch (error) {
      this.#behind = true;
      this.#judge.forget();
      this.#fault(error);
    }
  }

  async #judged(events: readonly StoredEvent[]): Promise<NumberedCase[]> {
    const judgement = await this.#judge.fold(events.map((one) => one.event));
    const { ordinal } = events.at(-1)!;
    const cases = await this.#store.commitJudgement(ordinal, judgement);
    await this.#judgedUpTo(ordinal, cases);
    return cases;
  }
}
