/**
 * All jobs by what makes them alike. Equal fingerprints are kept once; the different ones lie side by side in memory and are all gone through
 * for an answer. That takes the same time whatever a visitor sends: tables of bands
 * would be faster for jobs spread evenly, and as slow as this for those who fill one band.
 */
import { LOOKS, OTHER_TEXT, SAME_LOOK, SAME_TEXT } from "./alike.ts";
import { apart, Owners, Prints, wordsOfPrint } from "./prints.ts";

/** What a job is compared by. */
export interface Marks {
  sha256: string;
  simhash: string | null;
  /** In the order of its pages; null for empty ones. */
  looks: readonly (string | null)[];
}

export interface Near {
  id: string;
  why: "bytes" | "text" | "look";
  /** Bits that differ: none of bytes, of 64 for text, of 256 for a look. */
  distance: number;
}

export interface Answer {
  /** The nearest: same bytes first, then by text, then by look. */
  near: Near[];
  /** How many are near, also those left out of the answer. */
  jobs: number;
  /** Words of 32 bits compared: what the answer cost. */
  words: number;
}

interface Job {
  id: string;
  sha256: string;
  simhash: string | null;
  /** The same as words, for those that look alike: there may be as many as there are jobs. */
  text: Int32Array | null;
  looks: readonly string[];
  /** The last question it was an answer to. */
  asked: number;
}

export class AlikeIndex {
  readonly #jobs = new Map<string, Job>();
  readonly #bytes = new Owners<Job>();
  readonly #texts = new Prints<Job>(64);
  readonly #looks = new Prints<Job>(256);
  #asked = 0;

  get size(): number {
    return this.#jobs.size;
  }

  /** Adds a job; one with the same id is replaced. */
  add(id: string, { sha256, simhash, looks }: Marks): void {
    this.remove(id);
    const text = simhash === null ? null : wordsOfPrint(simhash);
    const job: Job = { id, sha256, simhash, text, looks: compared(looks), asked: 0 };
    this.#jobs.set(id, job);
    this.#bytes.add(sha256, job);
    if (simhash !== null) this.#texts.add(simhash, job);
    for (const look of job.looks) this.#looks.add(look, job);
  }

  remove(id: string): void {
    const job = this.#jobs.get(id);
    if (!job) return;
    this.#jobs.delete(id);
    this.#bytes.remove(job.sha256, job);
    if (job.simhash !== null) this.#texts.remove(job.simhash, job);
    for (const look of job.looks) this.#looks.remove(look, job);
  }

  /** Which jobs are alike by the rule of a family. `limit`: how many of them are named. */
  near({ sha256, simhash, looks }: Marks, limit = 100): Answer {
    const question = ++this.#asked;
    const answer: Answer = { near: [], jobs: 0, words: 0 };
    const found = (why: Near["why"], fits?: (job: Job) => boolean) => (jobs: Iterable<Job>, bits: number) => {
      for (const job of jobs) {
        if (job.asked === question || fits?.(job) === false) continue;
        job.asked = question;
        if (answer.jobs++ < limit) answer.near.push({ id: job.id, why, distance: bits });
      }
    };
    found("bytes")(this.#bytes.of(sha256), 0);
    if (simhash !== null) answer.words += this.#texts.near(simhash, SAME_TEXT, found("text"));
    const said = simhash === null ? null : wordsOfPrint(simhash);
    const mayBe = (job: Job) => said === null || job.text === null || apart(said, job.text) <= OTHER_TEXT;
    for (const look of compared(looks)) answer.words += this.#looks.near(look, SAME_LOOK, found("look", mayBe));
    return answer;
  }
}

/** The looks that count: different ones of the first pages with something on them. */
function compared(looks: Marks["looks"]): string[] {
  return [...new Set(looks.filter((look) => look !== null))].slice(0, LOOKS);
}
