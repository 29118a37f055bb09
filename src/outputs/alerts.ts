/**
 * From judged cases to messages. A case that became as grave and as sure as was asked for is told once, and once more
 * for each graver intent. What is decided is written down before it is sent, so each channel gets it at least once, under
 * the same id when more often.
 */
import { randomBytes } from "node:crypto";
import { type Intent, INTENT_ORDER, LEVELS } from "../detect/intent.ts";
import type { Logger } from "../util/log.ts";
import type { Networks } from "../util/network.ts";
import { type Alert, alertOf, gravity, type NumberedCase } from "./alert.ts";
import type { Surroundings } from "./channel.ts";
import { openChannel } from "./channels.ts";
import { Ignored } from "./ignore.ts";
import { type Change, isNews, Journal, NEVER, remember, type Told } from "./journal.ts";
import { Outlet } from "./outlet.ts";
import { emptyQueue } from "./queue.ts";
import { quietUntil } from "./quiet.ts";
import type { AlertSettings } from "./settings.ts";
import { type AlertsStatus, alertsStatus } from "./status.ts";

export interface AlertOptions extends Surroundings {
  /** Where what was decided is written down. */
  folder: string;
  settings: AlertSettings;
  /** Networks of one's own: never alerted. */
  own: Networks;
  /** Signatures muted in the console. */
  muted?: () => ReadonlySet<string>;
  /** Every message says that it is a demonstration. */
  demo: boolean;
  log: Logger;
  clock?: () => number;
  chance?: () => number;
  /** Wait after the first failed attempt, milliseconds. */
  retryMs?: number;
}

/** Cases that were judged and not decided on: touched by events of these ordinals, this grave, active since. */
export interface Missed {
  after: number;
  upTo: number;
  gravity: number;
  since: number;
}

/** What was judged longer ago than this while no alerts were made is not told any more. */
const STALE_MS = 86_400_000;
/** How often the place in the judgements is written down when nothing is told. */
const PLACE_MS = 5000;

export class Alerts {
  readonly #options: AlertOptions;
  readonly #journal: Journal;
  readonly #ignored: Ignored;
  readonly #clock: () => number;
  readonly #outlets = new Map<string, Outlet>();
  #placed = 0;

  private constructor(options: AlertOptions, journal: Journal) {
    this.#options = options;
    this.#journal = journal;
    this.#ignored = new Ignored(options.settings.ignore, options.muted);
    this.#clock = options.clock ?? Date.now;
  }

  /** Throws Problems where a channel's files or what was remembered cannot be read. */
  static async open(options: AlertOptions): Promise<Alerts> {
    const { settings, folder, log } = options;
    const opened = await Promise.all(
      settings.channels.map(async (one) => ({ one, channel: await openChannel(one, options) })),
    );
    const onFault = (error: unknown) => log.error({ err: error }, "what was alerted cannot be written down");
    const journal = await Journal.open(folder, randomBytes(4).toString("hex"), onFault);
    const alerts = new Alerts(options, journal);
    const { queues, installation } = journal.state;
    for (const name of queues.keys()) {
      if (opened.some(({ one }) => one.name === name)) continue;
      log.warn({ channel: name }, "the channel is not configured any more; what waited for it is dropped");
      queues.delete(name);
    }
    const quiet = settings.quiet;
    for (const { one, channel } of opened) {
      const queue = queues.get(one.name) ?? emptyQueue();
      queues.set(one.name, queue);
      const outlet = new Outlet({
        name: one.name,
        idName: `${installation}.${one.name}`,
        channel,
        queue,
        pace: {
          perHour: one.perHour ?? settings.perHour,
          digestAfterMs: settings.digestAfter * 1000,
          retryMs: options.retryMs ?? 10_000,
        },
        frame: { demo: options.demo, ...(settings.console === undefined ? {} : { console: settings.console }) },
        quietUntil: (now) => (quiet && one.quiet ? quietUntil(quiet, now) : undefined),
        clock: alerts.#clock,
        chance: options.chance ?? Math.random,
        save: () => journal.append({ queues: { [one.name]: queue } }),
      });
      alerts.#outlets.set(one.name, outlet);
      outlet.go();
    }
    return alerts;
  }

  /**
   * Goes on from where the last run ended, when everything up to `judged` is judged: what was judged then and not decided
   * is found with `find`. In a new installation everything from now on is told.
   */
  async recover(judged: number, find: (missed: Missed) => Promise<readonly NumberedCase[]>): Promise<void> {
    const { state } = this.#journal;
    const after = state.judged ?? judged;
    const since = this.#clock() - STALE_MS;
    const missed = { after, upTo: judged, gravity: gravity(this.#options.settings.intent), since };
    this.#placed = 0;
    await this.decide(judged, after < judged ? await find(missed) : []);
  }

  /** Decides on changed cases, up to an ordinal. Resolves when that is written down; sending goes on meanwhile. */
  async decide(ordinal: number, cases: readonly NumberedCase[]): Promise<void> {
    const { state } = this.#journal;
    const now = this.#clock();
    const told: Told[] = [];
    const alerts: Alert[] = [];
    let held = 0;
    for (const one of cases) {
      const entry = this.#told(one, now);
      if (!entry) continue;
      const { before, told: next } = entry;
      told.push(next);
      remember(state, next);
      if (entry.ignored) held++;
      else alerts.push(alertOf(state.installation, one, before));
    }
    state.judged = ordinal;
    state.ignored += held;
    for (const alert of alerts) for (const outlet of this.#outlets.values()) outlet.take(alert);
    if (told.length > 0) {
      const change: Change = { judged: ordinal, told };
      if (held > 0) change.ignored = state.ignored;
      if (alerts.length > 0) change.queues = Object.fromEntries(state.queues);
      this.#placed = now;
      await this.#journal.append(change);
      for (const outlet of this.#outlets.values()) outlet.go();
    } else if (now - this.#placed >= PLACE_MS || now < this.#placed) {
      this.#placed = now;
      await this.#journal.append({ judged: ordinal });
    }
  }

  /** Drops what is not sent yet about these cases, which are being forgotten. */
  forget(cases: readonly number[]): Promise<void> {
    return this.#journal.forget(new Set(cases));
  }

  get settings(): AlertSettings {
    return this.#options.settings;
  }

  status(): AlertsStatus {
    return alertsStatus(this.#journal.state, this.#options.settings, this.#clock());
  }

  async close(): Promise<void> {
    await Promise.all([...this.#outlets.values()].map((outlet) => outlet.stop()));
    const { judged } = this.#journal.state;
    if (judged !== null) await this.#journal.append({ judged });
    await this.#journal.close();
  }

  /** What is to be remembered of a case that is news, and whether it is held back; undefined where there is nothing new. */
  #told({ number, record }: NumberedCase, now: number) {
    const { intent, level } = this.#options.settings;
    if (gravity(record.intent) > gravity(intent)) return undefined;
    if (LEVELS.indexOf(record.confidence) > LEVELS.indexOf(level)) return undefined;
    if (this.#options.own.has(record.source)) return undefined;
    const [, alerted, ignored] = this.#journal.state.told.get(number) ?? [number, NEVER, NEVER];
    if (!isNews(record.intent, alerted)) return undefined;
    if (this.#ignored.covers(record, level, now)) {
      if (!isNews(record.intent, ignored)) return undefined;
      return { ignored: true, told: [number, alerted, gravity(record.intent)] satisfies Told };
    }
    const before: Intent | undefined = INTENT_ORDER[alerted];
    return {
      ignored: false,
      told: [number, gravity(record.intent), ignored] satisfies Told,
      ...(before === undefined ? {} : { before }),
    };
  }
}
