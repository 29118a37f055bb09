/**
 * What alerts remember across restarts: a file of JSON lines, each one whole change. The first line is everything as it
 * was when the file was last written anew. A crash loses at most the line that was being written.
 */
import { type FileHandle, mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { gravity } from "./alert.ts";
import { forget, type QueueState } from "./queue.ts";
import { Problems } from "../util/problem.ts";

/** Alerted gravity and ignored gravity of a case by its number; 99: none. */
export type Told = [number: number, alerted: number, ignored: number];
export const NEVER = 99;

export interface Remembered {
  format: 1;
  /** Begins the ids of all messages, so that two installations do not use the same. */
  installation: string;
  /** The last ordinal whose judgement was decided on; null before the first. */
  judged: number | null;
  told: Map<number, Told>;
  queues: Map<string, QueueState>;
  /** Alerts that a rule or a mute held back. */
  ignored: number;
}

/** A part of what is remembered, in place of what was there. */
export interface Change {
  judged?: number;
  told?: Told[];
  queues?: Record<string, QueueState>;
  ignored?: number;
}

/** Cases remembered as told, the latest. One that was forgotten and becomes graver is told as new. */
const TOLD = 100_000;
/** The file is written anew when it has grown by this much. */
const GROWN = 8 * 2 ** 20;

const fileOf = (folder: string) => join(folder, "journal.jsonl");

/** What was remembered, undefined where nothing is. Throws Problems on a file that is none of ours, or newer. */
export async function readJournal(folder: string): Promise<Remembered | undefined> {
  const path = fileOf(folder);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  // What follows the last line end was being written when the process ended.
  const [first = "", ...rest] = text.slice(0, text.lastIndexOf("\n")).split("\n");
  try {
    const head = JSON.parse(first) as Change & { format: number; installation: string };
    if (head.format !== 1) throw new Error(`it has format ${head.format}`);
    const state = remembered(head.installation);
    for (const change of [head, ...rest.map((line) => JSON.parse(line) as Change)]) apply(state, change);
    return state;
  } catch (error) {
    const what = `cannot be read as the journal of alerts: ${(error as Error).message}`;
    throw new Problems([{ where: path, what, remedy: "Move it away; cases from then on are alerted." }]);
  }
}

export function remembered(installation: string): Remembered {
  return { format: 1, installation, judged: null, told: new Map(), queues: new Map(), ignored: 0 };
}

function apply(state: Remembered, { judged, told = [], queues = {}, ignored }: Change): void {
  if (judged !== undefined) state.judged = judged;
  if (ignored !== undefined) state.ignored = ignored;
  for (const one of told) remember(state, one);
  for (const [name, queue] of Object.entries(queues)) state.queues.set(name, queue);
}

/** Remembers a case as told, and forgets the one that was told longest ago where there are too many. */
export function remember({ told }: Remembered, one: Told): void {
  told.delete(one[0]);
  told.set(one[0], one);
  if (told.size > TOLD) told.delete(told.keys().next().value!);
}

/** Whether this intent of a case is graver than what was told (or ignored) of it. */
export const isNews = (intent: Parameters<typeof gravity>[0], than = NEVER) => gravity(intent) < than;

export class Journal {
  readonly state: Remembered;
  readonly #folder: string;
  readonly #onFault: (error: unknown) => void;
  #file: FileHandle | undefined;
  #grown = 0;
  #lines: string[] = [];
  #writing: Promise<void> | undefined;
  /** Something could not be written: the next time everything is written anew. */
  #torn = true;

  private constructor(folder: string, state: Remembered, onFault: (error: unknown) => void) {
    this.#folder = folder;
    this.state = state;
    this.#onFault = onFault;
  }

  /** Reads what was remembered and goes on from there. `installation` is the name of a new one. */
  static async open(folder: string, installation: string, onFault: (error: unknown) => void): Promise<Journal> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const journal = new Journal(folder, (await readJournal(folder)) ?? remembered(installation), onFault);
    await journal.#renew();
    return journal;
  }

  /**
   * Writes a change that was made to the state. Resolves when it is safe on disk, or could not be written: that is told,
   * and made good with the next change.
   */
  async append(change: Change): Promise<void> {
    this.#lines.push(`${JSON.stringify(change)}\n`);
    // One write is under way: the next one takes all that came meanwhile.
    while (this.#writing) await this.#writing;
    if (this.#lines.length === 0) return;
    this.#writing = this.#write().finally(() => (this.#writing = undefined));
    await this.#writing;
  }

  /** Drops what waits about cases, and every line that told of them. */
  async forget(cases: ReadonlySet<number>): Promise<void> {
    while (this.#writing) await this.#writing;
    for (const queue of this.state.queues.values()) forget(queue, cases);
    this.#torn = true;
    await this.append({});
  }

  async close(): Promise<void> {
    while (this.#writing) await this.#writing;
    await this.#file?.close();
    this.#file = undefined;
  }

  async #write(): Promise<void> {
    const text = this.#lines.splice(0).join("");
    try {
      if (this.#torn || this.#grown > GROWN) {
        await this.#renew();
        return;
      }
      await this.#file!.writeFile(text);
      await this.#file!.datasync();
      this.#grown += text.length;
    } catch (error) {
      this.#torn = true;
      this.#onFault(error);
    }
  }

  /** Replaces the file by one with everything in its first line: a crash leaves the old one or the new one. */
  async #renew(): Promise<void> {
    const { told, queues, ...rest } = this.state;
    const path = fileOf(this.#folder);
    const file = await open(`${path}.new`, "w", 0o600);
    try {
      await file.writeFile(
        `${JSON.stringify({ ...rest, told: [...told.values()], queues: Object.fromEntries(queues) })}\n`,
      );
      await file.datasync();
      await rename(`${path}.new`, path);
    } catch (error) {
      await file.close();
      throw error;
    }
    await this.#file?.close();
    this.#file = file;
    this.#grown = 0;
    this.#torn = false;
  }
}

/** Drops what waits about cases, where no alerts are open. */
export async function forgetInJournal(folder: string, cases: readonly number[]): Promise<void> {
  if (!(await readJournal(folder))) return;
  const journal = await Journal.open(folder, "", () => {});
  await journal.forget(new Set(cases));
  await journal.close();
}
