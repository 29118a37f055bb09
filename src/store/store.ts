/**
 * Where committed events and what was derived from them live. One interface, one conformance suite, an embedded
 * store (DuckDB) now and PostgreSQL where that is outgrown.
 *
 * Raw and derived data are kept apart: events, sessions and jobs are written once, from the sensor's log;
 * cases and findings carry a generation and can be dropped and made again.
 */
import type { Kysely } from "kysely";
import type { CaseRecord, CaseSource, Judgement } from "../detect/case.ts";
import type { KindOfJob } from "../detect/job-kind.ts";
import type { Event, EventOf } from "../event/event.ts";
import type { Reading } from "../jobs/reading.ts";
import type { Accounts } from "./accounts.ts";
import type { Audit } from "./audit.ts";
import type { Decisions } from "./decisions.ts";
import type { Expired, Forgotten } from "./removal.ts";
import type { Tables } from "./tables.ts";

/** How far a sensor's log has been committed. */
export interface SensorPosition {
  sensor: string;
  /** Log position up to which all records are committed. */
  position: number;
  epoch: number;
  seq: number;
}

/** An event as the store has it: with its place in the order of commitment. */
export interface StoredEvent {
  /** Counts up by one from 1, over all sensors. The judge's cursor is such a number. */
  ordinal: number;
  event: Event;
  /** Log position of the event's record, in its sensor's log. */
  position: number;
}

/** Events of one sensor in log order, and the position they bring it to. Committed whole or not at all. */
export interface Batch {
  sensor: string;
  /** Where the batch begins: it is refused when this is not where the sensor's committed position is. */
  from: number;
  to: number;
  events: readonly { event: Event; position: number }[];
}

/** A batch that does not begin where the sensor's committed position is. The sensor goes on from `position`. */
export class BatchRefused extends Error {
  readonly position: number;
  constructor(batch: Batch, position: number) {
    super(`batch ${batch.from} to ${batch.to} of sensor ${batch.sensor} does not begin at its position ${position}`);
    this.name = "BatchRefused";
    this.position = position;
  }
}

/**
 * The database refuses everything until it is opened again, as after a checkpoint on a full disk. What was committed
 * is there then.
 */
export class StoreBroken extends Error {}

/** A case as people name it: C-<number>. */
export interface NumberedCase {
  number: number;
  record: CaseRecord;
}

/** One generation of what was derived, as the judge reads and writes it. */
export interface JudgeStore extends CaseSource {
  /** The last ordinal the judge has committed; 0 at the beginning. */
  judgeCursor(): Promise<number>;
  /**
   * Commits changed cases, new findings and the cursor in one transaction. Returns the cases as numbered, one per key.
   * The cursor never goes back; a key that something was renamed to must be among the cases.
   */
  commitJudgement(cursor: number, judgement: Judgement): Promise<NumberedCase[]>;
}

/** What was read of one job: the event to be judged, and what kind of job it is. */
export interface JobRead {
  /** The job's number. */
  number: number;
  /** Log position of its `job.captured`. */
  position: number;
  event: EventOf<"job.read">;
  kind: KindOfJob;
}

/** A reading that is new, and the family its body is of. */
export interface NewReading {
  reading: Reading;
  /** Milliseconds since 1970. */
  at: number;
  family: string;
}

/** A store is itself the live generation. */
export interface Store extends JudgeStore {
  /** For reading, in `store/queries`. One statement at a time per call, never a transaction that stays open. */
  readonly db: Kysely<Tables>;
  /** What people decided, who may come in, and who did what: kept apart from all that is judged. */
  readonly decisions: Decisions;
  readonly accounts: Accounts;
  readonly audit: Audit;
  positions(): Promise<SensorPosition[]>;
  /**
   * Commits a batch in one transaction and returns its events with their ordinals. A batch committed before returns
   * none; one that does not begin at the committed position is a {@link BatchRefused}. The first batch of a sensor
   * may begin anywhere: its log begins there.
   */
  commit(batch: Batch): Promise<StoredEvent[]>;
  /**
   * Commits what was read of jobs, in one transaction, and returns the events with their ordinals. A job that is gone
   * or was read before is left out; so is a reading of a body that no job of these has or that is known.
   */
  commitReadings(jobs: readonly JobRead[], readings: readonly NewReading[]): Promise<StoredEvent[]>;
  /** The next events in order, at most `limit`. Only an empty answer means that there are no more. */
  eventsAfter(ordinal: number, limit: number): Promise<StoredEvent[]>;
  /** Begins an empty generation, in which everything is judged again. One that was begun before is dropped. */
  beginGeneration(): Promise<JudgeStore>;
  /** Makes the generation begun last the live one and drops the one before. Nothing may be judged meanwhile. */
  swapGeneration(): Promise<void>;
  /** Removes what is to be forgotten, in one transaction. Nothing of it may be judged meanwhile. Numbers are not given out again. */
  forget(what: Forgotten): Promise<void>;
  /** Removes what is older than is kept, in one transaction. */
  expire(what: Expired): Promise<void>;
  /**
   * Writes the database anew, so that nothing of what was removed is left in its files. Questions wait meanwhile; there
   * has to be room for a second copy.
   */
  compact(): Promise<void>;
  close(): Promise<void>;
}
