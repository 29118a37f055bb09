/** A collector: receives from sensors, keeps, judges, and answers questions. */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { Judge } from "../detect/judge.ts";
import type { RuleSet } from "../detect/rules.ts";
import { listenForSensors } from "../link/receiver.ts";
import type { Alerts } from "../outputs/alerts.ts";
import { openDuckdbStore } from "../store/duckdb/duckdb-store.ts";
import { touchedCases } from "../store/queries/touched.ts";
import type { Store } from "../store/store.ts";
import type { Logger } from "../util/log.ts";
import { Networks } from "../util/network.ts";
import { serveApi } from "./api.ts";
import { Forgetter, forgetJournal } from "./forget.ts";
import { Health } from "./health.ts";
import { type Judged, type News, Pipeline } from "./pipeline.ts";
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
  openAlerts?: () => Promise<Alerts>;
  onNews: (news: News) => void;
  /** Something could not be committed, and will be tried again. */
  onFault: (error: unknown) => void;
}

export class Collector {
  readonly store: Store;
  readonly pipeline: Pipeline;
  readonly #closers: (() => Promise<void>)[];

  private constructor(store: Store, pipeline: Pipeline, closers: (() => Promise<void>)[]) {
    this.store = store;
    this.pipeline = pipeline;
    this.#closers = closers;
  }

  /** Opens the store, judges what was left, and listens. Throws Problems when the store cannot be opened. */
  static async start(options: CollectorOptions): Promise<Collector> {
    await mkdir(dirname(options.linkSocket), { recursive: true });
    const store = await openDuckdbStore({ file: options.storeFile, memoryMb: options.memoryMb });
    const own = options.own ?? new Networks([]);
    const health = new Health({ store, sensors: options.sensors, own });
    const onFault = (error: unknown) => {
      health.fault(error);
      options.onFault(error);
    };
    const alerts = await options.openAlerts?.().catch(async (error: unknown) => {
      await store.close();
      throw error;
    });
    const decide: Judged = async (ordinal, cases) => alerts?.decide(ordinal, cases);
    const pipeline = new Pipeline(store, new Judge(options.rules, store), options.onNews, onFault, decide);
    await alerts?.recover(await store.judgeCursor(), (missed) => touchedCases(store.db, missed));
    const forgetter = new Forgetter({
      store,
      rules: options.rules,
      sensors: options.sensors,
      journal: forgetJournal(options.storeFile),
      alone: (task) => pipeline.alone(task),
      now: Date.now,
    });
    await forgetter.recover();
    await pipeline.catchUp();
    const link = await listenForSensors({
      path: options.linkSocket,
      hello: ({ sensor }) => {
        health.connected(sensor);
        return pipeline.hello(sensor);
      },
      batch: async (batch) => {
        const position = await pipeline.batch(batch);
        health.committed();
        for (const { event } of batch.events) {
          if (event.type !== "evidence.removed") continue;
          const { position, time } = event.data;
          pipeline.alone(() => store.expire({ sensor: batch.sensor, position, time })).catch(onFault);
        }
        return position;
      },
      status: (sensor, status) => health.status(sensor, status),
      gone: (sensor) => health.gone(sensor),
      onFault,
    });
    const api = await serveApi(
      options.apiSocket,
      new View(store, options.sensors, own, health, forgetter),
      options.log,
    );
    return new Collector(store, pipeline, [
      () => link.close(),
      () => pipeline.settled(),
      async () => alerts?.close(),
      () => api.close(),
      () => store.close(),
    ]);
  }

  async stop(): Promise<void> {
    for (const close of this.#closers) await close();
  }
}
