/** The program of the collector's process. It lives as long as the process that started it, and no signal of a terminal ends it. */
import { existsSync, readdirSync } from "node:fs";
import { setPriority } from "node:os";
import { Collector } from "../collector/collector.ts";
import { loadRules } from "../detect/load.ts";
import type { AlertSettings } from "../outputs/settings.ts";
import { makeLogger } from "../util/log.ts";
import { Networks } from "../util/network.ts";
import { DATA_ROOT } from "../util/package.ts";
import { StoreBroken } from "../store/store.ts";
import { Problems } from "../util/problem.ts";
import { consoleOptions } from "./console-config.ts";
import { openAlerts } from "./alerting.ts";
import type { CollectorSettings, FromCollector, ToCollector } from "./collector-handle.ts";
import { DataFolder } from "./data-folder.ts";
import { modelNames } from "./personas.ts";
import { LiveLines } from "./live-lines.ts";

giveWay();

const log = makeLogger("inktrap-collector");
let collector: Collector | undefined;
let lines: LiveLines | undefined;

/** A collector whose starter was killed may still be closing the store. */
const TAKE_OVER_MS = 15_000;

async function begin(settings: CollectorSettings): Promise<void> {
  const data = new DataFolder(settings.data);
  const rules = loadRules(DATA_ROOT);
  const own = new Networks(settings.own);
  await data.keepOwn(settings.own);
  lines = new LiveLines(settings.json, own);
  const until = Date.now() + TAKE_OVER_MS;
  for (;;) {
    try {
      collector = await Collector.start({
        storeFile: data.storeFile,
        memoryMb: settings.memoryMb,
        sensors: data.sensors,
        own,
        linkSocket: data.linkSocket,
        apiSocket: data.apiSocket,
        rules,
        log,
        desk: { pages: data.pages, models: modelNames() },
        console: await consoleOptions(data, settings.console),
        ...(settings.alerts.channels.length > 0
          ? { openAlerts: (muted) => openAlerts(data, alertsOf(settings), own, log, muted) }
          : {}),
        onNews: (news) => lines?.tell(news),
        onFault: (error) => {
          log.error({ err: error }, "a batch could not be committed");
          // What has broken is mended by opening it again: this process ends, and the one that started it starts another.
          if (error instanceof StoreBroken) process.exit(1);
        },
      });
      return;
    } catch (error) {
      if (!(error instanceof Problems) || Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

/** Links lead to where browsers reach the console, where that is known. */
function alertsOf({ alerts, console }: CollectorSettings): AlertSettings {
  const { publicUrl } = console.console;
  return publicUrl === undefined ? alerts : { console: publicUrl.replace(/\/+$/, ""), ...alerts };
}

async function end(): Promise<void> {
  await collector?.stop();
  lines?.stop();
  process.exit(0);
}

process.on("message", (message: ToCollector) => {
  if ("live" in message) lines?.goLive();
  else if ("stop" in message) void end();
  else {
    begin(message.settings).then(
      () => say({ ready: true, console: collector?.console }),
      (error: unknown) => {
        const list =
          error instanceof Problems
            ? error.list
            : [{ where: "collector", what: String(error), remedy: "See the log." }];
        say({ problems: list });
        process.disconnect();
      },
    );
  }
});
process.on("disconnect", () => void end());
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

function say(message: FromCollector): void {
  process.send?.(message);
}

/**
 * Visitors are answered first: judgement takes what the sensor leaves. Linux has a priority for each thread, and threads
 * that begin later inherit it.
 */
function giveWay(): void {
  const threads = existsSync("/proc/self/task") ? readdirSync("/proc/self/task").map(Number) : [0];
  for (const thread of threads) setPriority(thread, 15);
}
