/** `inktrap alerts`: what was told to whom. `inktrap alerts test`: whether they can be told. */
import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { aborted } from "../../outputs/channel.ts";
import { openChannel } from "../../outputs/channels.ts";
import { readJournal } from "../../outputs/journal.ts";
import { testMessage } from "../../outputs/message.ts";
import { type AlertsStatus, alertsStatus, type ChannelStatus } from "../../outputs/status.ts";
import { plain } from "../../outputs/text.ts";
import type { AlertSettings } from "../../outputs/settings.ts";
import { VERSION } from "../../util/package.ts";
import { type Problem, Problems } from "../../util/problem.ts";
import { checkedConfig } from "../config-check.ts";
import { DataFolder } from "../data-folder.ts";
import { bold, dim, plural, print, table, when } from "../terminal.ts";

export interface AlertsOptions {
  data: string;
  config?: string;
  json?: boolean;
}

const TEST_MS = 60_000;

/** Throws Problems where a channel could not be reached. */
export async function alerts(options: AlertsOptions, action?: string, channel?: string): Promise<void> {
  const { config } = await checkedConfig(options.config);
  if (config.alerts.channels.length === 0) throw new Problems([nobody(options.config)]);
  if (action === "test") await test(config.alerts, options, channel);
  else await list(config.alerts, options);
}

function nobody(config: string | undefined): Problem {
  const remedy = "Name one under alerts.channels, see docs/configuration.md#alerts";
  if (config === undefined) return { where: "--config", what: "no configuration is given, so no channel", remedy };
  return { where: config, what: "no channel for alerts is configured", remedy };
}

async function test(settings: AlertSettings, options: AlertsOptions, only: string | undefined): Promise<void> {
  const chosen = settings.channels.filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0) {
    const remedy = `Use one of: ${settings.channels.map(({ name }) => name).join(", ")}.`;
    throw new Problems([{ where: only!, what: "there is no such channel", remedy }]);
  }
  const demo = await new DataFolder(options.data).isDemo();
  const run = randomBytes(4).toString("hex");
  const results = await Promise.all(
    chosen.map(async (one) => {
      const channel = await openChannel(one, { version: VERSION, hostname: hostname() });
      const frame = { demo, ...(settings.console === undefined ? {} : { console: settings.console }) };
      const message = testMessage(`test.${run}.${one.name}`, one.name, frame, Date.now());
      const signal = AbortSignal.timeout(TEST_MS);
      const { name, type } = one;
      return Promise.race([channel.send(message, signal), aborted(signal)]).then(
        (said) => ({ name, type, ok: true, said: plain(said) }),
        (error: unknown) => ({
          name,
          type,
          ok: false,
          said: plain(error instanceof Error ? reasonOf(error) : String(error)),
        }),
      );
    }),
  );
  if (options.json) print(JSON.stringify(results, undefined, 2));
  else
    for (const line of table(results.map(({ name, type, ok, said }) => [name, type, ok ? "taken" : "failed", said])))
      print(line);
  const failed = results.filter(({ ok }) => !ok);
  const remedy = "Correct the channel in the configuration, or the far end.";
  if (failed.length > 0) {
    throw new Problems(
      failed.map(({ name, said }) => ({ where: name, what: `the test message was not taken: ${said}`, remedy })),
    );
  }
}

/** An error of several attempts, such as over IPv4 and IPv6, has no text of its own. */
function reasonOf(error: Error): string {
  return error instanceof AggregateError ? error.errors.map((one: Error) => one.message).join("; ") : error.message;
}

async function list(settings: AlertSettings, options: AlertsOptions): Promise<void> {
  const data = new DataFolder(options.data);
  const found = alertsStatus(await readJournal(data.alerts), settings, Date.now());
  if (options.json) print(JSON.stringify(found, timesAsText, 2));
  else for (const line of lines(found)) print(line);
}

const TIMES = new Set(["nextAttempt", "digestDue", "quietUntil", "time"]);
const timesAsText = (key: string, value: unknown) =>
  TIMES.has(key) && typeof value === "number" ? new Date(value).toISOString() : value;

const at = (time: number) => when(new Date(time).toISOString());

function lines({ channels, told, ignored, rules, quietUntil }: AlertsStatus): string[] {
  const head = ["channel", "type", "sent", "waiting", "failed", "given up", "what came last"];
  const rows = channels.map((one) => [
    one.name,
    one.type,
    String(one.sent.messages),
    String(one.waiting.messages),
    String(one.failures),
    String(one.givenUp.messages),
    lastOf(one),
  ]);
  const [first, ...rest] = table([head, ...rows], [2, 3, 4, 5]);
  const next = channels.flatMap(({ name, gathered, digestDue, waiting, nextAttempt }) => [
    ...(gathered === 0
      ? []
      : [
          `${name}: ${plural(gathered, "alert")} for the next digest${digestDue === undefined ? ", after the one that waits" : `, ${at(digestDue)}`}`,
        ]),
    ...(nextAttempt === undefined
      ? []
      : [
          `${name}: ${plural(waiting.messages, "message")} with ${plural(waiting.alerts, "alert")}, next attempt ${at(nextAttempt)}`,
        ]),
  ]);
  return [
    dim(first!),
    ...rest,
    "",
    ...next,
    ...(quietUntil === undefined ? [] : [`Quiet hours until ${at(quietUntil)}.`]),
    ...rules.map(
      (rule) =>
        `Ignored${rule.expired ? " no more" : ""} ${conditions(rule)} until ${rule.until}: ${plain(rule.reason)}`,
    ),
    bold(`${plural(told, "case")} told of, ${plural(ignored, "alert")} held back.`),
  ];
}

function lastOf({ lastSent, lastFailure }: ChannelStatus): string {
  if (lastFailure && lastFailure.time >= (lastSent?.time ?? 0))
    return `${at(lastFailure.time)} failed: ${lastFailure.what}`;
  return lastSent ? `${at(lastSent.time)} taken: ${lastSent.said}` : "nothing yet";
}

function conditions({ source, network, service, signature }: AlertsStatus["rules"][number]): string {
  const named = { source, network, service, signature };
  return Object.entries(named)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`]))
    .join(", ");
}
