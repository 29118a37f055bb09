/**
 * The job desk: every captured job is read once its capture is committed, in the jail, one body once for all jobs that
 * have it. The database is the queue: what was not read when the collector ended is read by its next run.
 */
import type { RuleSet } from "../detect/rules.ts";
import type { EventOf } from "../event/event.ts";
import { jobFile } from "../evidence/folder.ts";
import { walls } from "../jail/walls.ts";
import type { AlikeIndex, Marks } from "../jobs/alike-index.ts";
import { wrapperClaims } from "../jobs/dossier.ts";
import type { readJob } from "../jobs/read.ts";
import type { Reading } from "../jobs/reading.ts";
import { spotOf, toldOf } from "../jobs/told.ts";
import { countUnread, likenesses, readingOf, type UnreadJob, unreadJobs } from "../store/queries/readings.ts";
import type { JobRead, NewReading, Store, StoredEvent } from "../store/store.ts";
import type { DeskView } from "./contract.ts";
import { pictureFile, PictureFolder, sweepPictures } from "./pictures.ts";

/** Jobs looked up at once. */
const BATCH = 16;
/** Bodies loaded at once when the desk opens. */
const LOAD = 5000;
/** Jobs that this run cannot read: the event that told of them is gone, or their pictures cannot be written. */
const LOST = 10_000;

export interface DeskParts {
  store: Store;
  rules: RuleSet;
  /** The evidence folder of a sensor. */
  evidence: (sensor: string) => string;
  /** Folder of the pictures of pages. */
  pages: string;
  /** Names of our own printers. */
  models: readonly string[];
  /** Commits events of the desk in turn with those of sensors, and has them judged. */
  commit: (task: () => Promise<StoredEvent[]>) => Promise<StoredEvent[]>;
  read: typeof readJob;
  alike: AlikeIndex;
  onFault: (error: unknown) => void;
}

export class JobDesk {
  readonly #parts: DeskParts;
  readonly #families = new Map<string, string>();
  readonly #lost = new Set<number>();
  readonly #closing = new AbortController();
  #work: Promise<void> | undefined;
  #again = false;
  /** SHA-256 of the body that is being read. */
  #reading: string | undefined;
  #done = 0;

  private constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** Loads what bodies are compared by, and begins. */
  static async open(parts: DeskParts): Promise<JobDesk> {
    const desk = new JobDesk(parts);
    await desk.#load();
    await desk.sweep();
    desk.wake();
    return desk;
  }

  async #load(): Promise<void> {
    const { store, alike } = this.#parts;
    for (let after = ""; ;) {
      const rows = await likenesses(store.db, after, LOAD);
      for (const { sha256, simhash, looks, family } of rows) {
        alike.add(sha256, { sha256, simhash, looks });
        this.#families.set(sha256, family);
      }
      if (rows.length < LOAD) return;
      after = rows.at(-1)!.sha256;
    }
  }

  /** There may be jobs to read. */
  wake(): void {
    this.#again = true;
    this.#work ??= this.#run().finally(() => (this.#work = undefined));
  }

  /** Resolves when nothing waits to be read. */
  async settled(): Promise<void> {
    while (this.#work) await this.#work;
  }

  async state(): Promise<DeskView> {
    const [waiting, standing] = await Promise.all([countUnread(this.#parts.store.db).catch(() => null), walls()]);
    return {
      waiting: waiting === null ? null : Math.max(0, waiting - this.#lost.size),
      reading: this.#reading !== undefined,
      done: this.#done,
      walls: standing.walls,
    };
  }

  /** The file of a picture, which is there when the page was drawn. */
  page(sha256: string, page: number, small: boolean): string {
    return pictureFile(this.#parts.pages, sha256, page, small);
  }

  /** Ends what is being read; it is read again by the next run. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#work;
  }

  /** Removes what is left of jobs that were removed. */
  async sweep(): Promise<void> {
    const { pages, store, alike } = this.#parts;
    for (const sha256 of await sweepPictures(store, pages, this.#reading)) {
      alike.remove(sha256);
      this.#families.delete(sha256);
    }
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#closing.signal.aborted) {
      this.#again = false;
      try {
        await this.#readAll();
      } catch (error) {
        this.#parts.onFault(error);
      }
    }
  }

  async #readAll(): Promise<void> {
    while (this.#lost.size < LOST) {
      const { jobs, lost } = await unreadJobs(this.#parts.store.db, BATCH, [...this.#lost]);
      for (const number of lost) this.#lost.add(number);
      if (jobs.length === 0 && lost.length === 0) return;
      for (const [sha256, same] of byBody(jobs)) {
        if (this.#closing.signal.aborted) return;
        try {
          await this.#readBody(sha256, same);
        } catch (error) {
          this.#parts.onFault(error);
          for (const { number } of same) this.#lost.add(number);
        }
      }
    }
  }

  async #readBody(sha256: string, jobs: readonly UnreadJob[]): Promise<void> {
    // Until what was read is committed, its pictures belong to no known body.
    this.#reading = sha256;
    try {
      await this.#readAndCommit(sha256, jobs);
    } finally {
      this.#reading = undefined;
    }
  }

  async #readAndCommit(sha256: string, jobs: readonly UnreadJob[]): Promise<void> {
    const { store, commit, alike } = this.#parts;
    const known = await readingOf(store.db, sha256);
    const reading = known?.reading ?? (await this.#read(sha256, jobs[0]!));
    if (!reading) return;
    const fresh: NewReading[] = known ? [] : [{ reading, at: Date.now(), family: this.#familyOf(reading) }];
    const told = jobs.map((job) => this.#told(job, reading));
    const stored = await commit(() => store.commitReadings(told, fresh));
    if (known) return;
    if (stored.length === 0) {
      // Its jobs were forgotten meanwhile.
      this.#reading = undefined;
      await this.sweep();
      return;
    }
    this.#done++;
    alike.add(sha256, marksOf(reading));
    this.#families.set(sha256, fresh[0]!.family);
  }

  /** Undefined when the desk closes meanwhile. */
  async #read(sha256: string, { sensor, captured }: UnreadJob): Promise<Reading | undefined> {
    const { pages, models, read, evidence } = this.#parts;
    const pictures = await PictureFolder.begin(pages, sha256);
    try {
      const reading = await read(jobFile(evidence(sensor), sha256), {
        own: models,
        ...(captured.data.declared !== undefined && { declared: captured.data.declared }),
        signal: this.#closing.signal,
        onPicture: (name, png) => pictures.take(name, png),
      });
      if (this.#closing.signal.aborted) return undefined;
      await pictures.keep();
      return reading;
    } finally {
      await pictures.drop();
    }
  }

  #told({ number, position, captured }: UnreadJob, reading: Reading): JobRead {
    const claims = [...wrapperClaims(captured.data.wrapper), ...reading.claims];
    const data = toldOf(captured.data, reading, claims, this.#parts.models);
    const event: EventOf<"job.read"> = { ...captured, type: "job.read", data };
    const kind = this.#parts.rules.kindOf(event);
    const spot = spotOf(captured.data, kind.words);
    if (spot) data.spot = spot;
    return { number, position, event, kind };
  }

  /** The family of the nearest body that is like this one; else its own. */
  #familyOf(reading: Reading): string {
    const [nearest] = this.#parts.alike.near(marksOf(reading), 1).near;
    return (nearest && this.#families.get(nearest.id)) ?? reading.sha256;
  }
}

const marksOf = ({ sha256, summary, looks }: Reading): Marks => ({
  sha256,
  simhash: summary.simhash,
  looks: looks.map(({ look }) => look),
});

function byBody(jobs: readonly UnreadJob[]): Map<string, UnreadJob[]> {
  const groups = new Map<string, UnreadJob[]>();
  for (const job of jobs) {
    const group = groups.get(job.sha256);
    if (group) group.push(job);
    else groups.set(job.sha256, [job]);
  }
  return groups;
}
