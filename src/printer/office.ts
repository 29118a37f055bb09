/**
 * The people around a device: when they are there, what they print, and when somebody looks after it. Everything follows from the
 * seed and the time, so it is the same after a restart and on every service. Times in milliseconds since 1970; hours are UTC.
 */
import type { Persona } from "./persona.ts";
import { randomOf } from "./random.ts";

export interface OfficeJob {
  /** When it was sent. */
  at: number;
  pages: number;
}

type Usage = NonNullable<Persona["pacing"]>["usage"];

const DAY = 86_400_000;
const MINUTE = 60_000;
/** Days whose jobs are kept at hand. */
const DAYS_KEPT = 32;
/** Somebody who is called comes after so many minutes. */
const COMES = [4, 35] as const;

export class Office {
  readonly #seed: string;
  readonly #usage: Usage;
  readonly #opens: number;
  readonly #closes: number;
  /** First day that counts, and the pages printed before each day from there on. */
  readonly #firstDay: number;
  readonly #before: number[] = [0];
  readonly #days = new Map<number, OfficeJob[]>();

  /** `since`: from when pages are counted. */
  constructor(seed: string, usage: Usage, since: number) {
    const random = randomOf(`${seed} office`);
    this.#seed = seed;
    this.#usage = usage;
    this.#opens = random.between(7 * 60, 8 * 60 + 30) * MINUTE;
    this.#closes = random.between(16 * 60 + 30, 18 * 60 + 30) * MINUTE;
    this.#firstDay = dayOf(since) + 1;
  }

  /** Pages printed by the office from its first day up to `now`. */
  pagesUntil(now: number): number {
    const day = dayOf(now);
    if (day < this.#firstDay) return 0;
    let pages = this.#beforeDay(day);
    for (const job of this.#jobs(day)) if (job.at <= now) pages += job.pages;
    return pages;
  }

  /** The last job up to `now`, looked for over the last week. */
  lastJob(now: number): OfficeJob | undefined {
    for (let day = dayOf(now); day > dayOf(now) - 8 && day >= this.#firstDay; day--) {
      const job = this.#jobs(day).findLast(({ at }) => at <= now);
      if (job) return job;
    }
    return undefined;
  }

  /** When somebody comes who is needed since `since`; different for each `label`. */
  comes(since: number, label: string): number {
    const later = randomOf(`${this.#seed} comes ${label}`).between(COMES[0] * 60, COMES[1] * 60) * 1000;
    const day = dayOf(since);
    if (workday(day) && since + later < day * DAY + this.#closes) {
      return Math.max(since, day * DAY + this.#opens) + later;
    }
    let next = day + 1;
    while (!workday(next)) next++;
    return next * DAY + this.#opens + later;
  }

  #beforeDay(day: number): number {
    const index = day - this.#firstDay;
    for (let known = this.#before.length - 1; known < index; known++) {
      const pages = this.#draw(this.#firstDay + known).reduce((sum, job) => sum + job.pages, 0);
      this.#before.push(this.#before[known]! + pages);
    }
    return this.#before[index]!;
  }

  #jobs(day: number): OfficeJob[] {
    let jobs = this.#days.get(day);
    if (jobs === undefined) {
      if (this.#days.size >= DAYS_KEPT) this.#days.clear();
      this.#days.set(day, (jobs = this.#draw(day)));
    }
    return jobs;
  }

  /** The jobs of a day in their order. */
  #draw(day: number): OfficeJob[] {
    if (!workday(day)) return [];
    const random = randomOf(`${this.#seed} day ${day}`);
    const count = random.between(...this.#usage.jobsPerDay);
    const jobs = Array.from({ length: count }, () => {
      const at = day * DAY + random.between(this.#opens, this.#closes);
      const [least, most] = this.#usage.pagesPerJob;
      // Short jobs are more common than long ones.
      return { at, pages: Math.min(random.between(least, most), random.between(least, most)) };
    });
    return jobs.sort((a, b) => a.at - b.at);
  }
}

const dayOf = (time: number) => Math.floor(time / DAY);
/** Day 0, 1 January 1970, was a Thursday. */
const workday = (day: number) => ((((day + 4) % 7) + 7) % 7) % 6 !== 0;
