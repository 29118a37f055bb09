/** A collector: receives from sensors, keeps, judges, and answers questions. */
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Judge } from "../detect/judge.ts";
import type { RuleSet } from "../detect/rules.ts";
import { AlikeIndex } from "../jobs/alike-index.ts";
import { readJob } from "../jobs/read.ts";
import { listenForSensors } from "../link/receiver.ts";
import type { Alerts } from "../outputs/alerts.ts";
import { alertProblems } from "../outputs/status.ts";
import { openDuckdbStore } from "../store/duckdb/duckdb-store.ts";
import { touchedCases } from "../store/queries/touched.ts";
import type { Store } from "../store/store.ts";
import type { Logger } from "../util/log.ts";
import { Networks } from "../util/network.ts";
import { serveApi } from "./api.ts";
import { firstLook } from "./first-look.ts";
import { Forgetter, forgetJournal } from "./forget.ts";
import { Health } from "./health.ts";
import { type Judged, type News, Pipeline } from "./pipeline.ts";
import { Access } from "./access.ts";
import { linkOf } from "./answers/settings.ts";
import { type ConsoleSettings, openConsole } from "./console.ts";
import type { Reply } from "./contract.ts";
import { JobDesk } from "./job-desk.ts";
import { Live } from "./live.ts";
import type { Surroundings } from "./room.ts";
import { overview } from "../store/queries/overview.ts";
import { View } from "./view.ts";

export interface CollectorOptions {
  storeFile: string;
  memoryMb: number;
  /** Folder with one folder per sensor, for reading evidence. */
  sensors: string;
  /** Networks whose visits are recorded and never alerted. */
  own?: Networks;
  linkSocket: string;
  apiSocket: string;
  rules: RuleSet;
  log: Logger;
  /** Opens the alerts, where there are any. */
  openAlerts?: (muted: () => ReadonlySet<string>) => Promise<Alerts>;
  /** Folder of the pictures of pages, and the names of our own printers; without it jobs are not read. */
  desk?: { pages: string; models: readonly string[] } | undefined;
  /** The console, where one is wanted. */
  console?: ConsoleOptions | undefined;
  onNews: (news: News) => void;
  /** Something could not be committed, and will be tried again. */
  onFault: (error: unknown) => void;
}

/** The console, and what the collector cannot know of itself. `settings` is told the console's address. */
export interface ConsoleOptions extends ConsoleSettings {
  surroundings: Pick<Surroundings, "device" | "page">;
  settings: (url: string) => Reply<"settings">;
}

export class Collector {
  readonly store: Store;
  readonly pipeline: Pipeline;
  readonly desk: JobDesk | undefined;
  /** The console's address, and the link of the very first start where nobody can log in yet. */
  readonly console: { url: string; port: number; firstLink?: string } | undefined;
  readonly #closers: readonly Closer[];

  private constructor(parts: Parts, closers: readonly Closer[]) {
    this.store = parts.store;
    this.pipeline = parts.pipeline;
    this.desk = parts.desk;
    this.console = parts.console;
    this.#closers = closers;
  }

  /** Opens the store, judges what was left, and listens. Throws Problems when something cannot be opened. */
  static async start(options: CollectorOptions): Promise<Collector> {
    const closers: Closer[] = [];
    try {
      return await begin(options, closers, (parts) => new Collector(parts, closers));
    } catch (error) {
      await closeAll(closers);
      throw error;
    }
  }

  stop(): Promise<void> {
    return closeAll(this.#closers);
  }
}

type Parts = Pick<Collector, "store" | "pipeline" | "desk" | "console">;
type Closer = () => Promise<unknown>;

/** What was opened last is closed first. */
async function closeAll(closers: readonly Closer[]): Promise<void> {
  for (const close of closers.toReversed()) await close();
}

async function begin(
  options: CollectorOptions,
  closers: Closer[],
  made: (parts: Parts) => Collector,
): Promise<Collector> {
  await mkdir(dirname(options.linkSocket), { recursive: true });
  const store = await openDuckdbStore({ file: options.storeFile, memoryMb: options.memoryMb });
  closers.push(() => store.close());
  const own = options.own ?? new Networks([]);
  let alerts: Alerts | undefined;
  let desk: JobDesk | undefined;
  const health = new Health({
    store,
    sensors: options.sensors,
    own,
    desk: async () => (await desk?.state()) ?? null,
    elsewhere: () => (alerts ? alertProblems(alerts.status()) : []),
  });
  const onFault = (error: unknown) => {
    health.fault(error);
    options.onFault(error);
  };
  alerts = await options.openAlerts?.(() => new Set(store.decisions.mutes(Date.now()).keys()));
  closers.push(async () => alerts?.close());
  const decide: Judged = async (ordinal, cases) => alerts?.decide(ordinal, cases);
  let live: Live | undefined;
  const tell = (news: News) => {
    options.onNews(news);
    live?.tell(news);
  };
  const pipeline = new Pipeline(store, new Judge(options.rules, store), tell, onFault, decide);
  await alerts?.recover(await store.judgeCursor(), (missed) => touchedCases(store.db, missed));
  const forgetter = new Forgetter({
    store,
    rules: options.rules,
    sensors: options.sensors,
    journal: forgetJournal(options.storeFile),
    alone: (task) => pipeline.alone(task),
    forgetAlerts: async (cases) => alerts?.forget(cases),
    forgetPages: async () => desk?.sweep(),
    now: Date.now,
  });
  await forgetter.recover();
  await pipeline.catchUp();
  closers.push(() => pipeline.settled());
  desk = await openDesk(store, pipeline, options);
  closers.push(async () => desk?.close());
  const link = await listenForSensors({
    path: options.linkSocket,
    hello: ({ sensor }) => {
      health.connected(sensor);
      return pipeline.hello(sensor);
    },
    batch: async (batch) => {
      const position = await pipeline.batch(batch);
      health.committed();
      // Jobs are read while their visit is judged.
      if (batch.events.some(({ event }) => event.type === "job.captured")) desk?.wake();
      for (const { event } of batch.events) {
        if (event.type !== "evidence.removed") continue;
        const { position, time } = event.data;
        const expired = pipeline.alone(() => store.expire({ sensor: batch.sensor, position, time }));
        expired.then(() => desk?.sweep()).catch(onFault);
      }
      return position;
    },
    status: (sensor, status) => health.status(sensor, status),
    gone: (sensor) => health.gone(sensor),
    onFault,
  });
  closers.push(() => link.close());
  const { console: wanted, rules, log } = options;
  const access = new Access(store.accounts);
  const address = { url: "" };
  const view = new View(store, options.sensors, own, {
    health,
    forgetter,
    rules,
    access,
    desk,
    alerts: () => alerts,
    surroundings: wanted && { ...wanted.surroundings, settings: () => wanted.settings(address.url) },
  });
  if (wanted) await firstLook(view);
  const api = await serveApi(options.apiSocket, view, log);
  closers.push(() => api.close());
  if (!wanted) return made({ store, pipeline, desk, console: undefined });
  live = await openLive(store, own);
  closers.push(async () => live?.close());
  const opened = await openConsole(wanted, { view, access, live, log });
  closers.push(() => opened.close());
  address.url = opened.url;
  const secret = await access.firstLink();
  const firstLink = secret === undefined ? {} : { firstLink: linkOf(view.room, secret) };
  return made({ store, pipeline, desk, console: { url: opened.url, port: opened.port, ...firstLink } });
}

async function openDesk(store: Store, pipeline: Pipeline, options: CollectorOptions): Promise<JobDesk | undefined> {
  if (!options.desk) return undefined;
  return JobDesk.open({
    store,
    ...options.desk,
    rules: options.rules,
    evidence: (sensor) => join(options.sensors, sensor, "evidence"),
    commit: (task) => pipeline.committed(task),
    read: readJob,
    alike: new AlikeIndex(),
    onFault: (error) => options.log.warn({ error }, "a job could not be read"),
  });
}

async function openLive(store: Store, own: Networks): Promise<Live> {
  const counter = await store.db.selectFrom("counter").select("case_number").executeTakeFirstOrThrow();
  return new Live({
    own,
    lastCase: counter.case_number,
    intentOf: (number) => store.decisions.intentOf(number),
    counts: async () => {
      const { cases, visits, jobs, events } = await overview(store.db, own.ranges());
      return { cases, visits, jobs, events };
    },
  });
}
