/** `inktrap status`: is it working? */
import type { StatusView } from "../../collector/contract.ts";
import { duration } from "../../util/duration.ts";
import { type Problem, Problems } from "../../util/problem.ts";
import { DataFolder } from "../data-folder.ts";
import { openQuestions } from "../questions.ts";
import { bold, plural, print, size, table, when, zone } from "../terminal.ts";

/** Throws Problems with everything that is not as it should be. */
export async function status(options: { data: string; json?: boolean }): Promise<void> {
  const data = new DataFolder(options.data);
  const questions = await openQuestions(data);
  try {
    if (!questions.live) {
      const problem: Problem = { where: data.path, what: "nothing runs on it", remedy: "Begin with inktrap start." };
      if (options.json) print(JSON.stringify({ ok: false, problems: [problem] }, undefined, 2));
      throw new Problems([problem]);
    }
    const found = await questions.ask("status", {});
    if (options.json) print(JSON.stringify(found, undefined, 2));
    else for (const line of statusLines(found)) print(line);
    if (!found.ok) throw new Problems(found.problems);
  } finally {
    await questions.close();
  }
}

function statusLines(found: StatusView): string[] {
  const { sensors, judge, lastVisit } = found;
  const doors = sensors.flatMap((sensor) => sensor.doors);
  const since = sensors.map((sensor) => sensor.since ?? found.since).sort()[0] ?? found.since;
  const visitors = sensors.reduce((sum, sensor) => sum + sensor.visitors, 0);
  const behind = sensors.reduce((sum, sensor) => sum + sensor.behind, 0);
  const last = lastVisit
    ? `the last one came ${ago(lastVisit.opened)} ago from ${lastVisit.source}, ${lastVisit.session}`
    : "none came yet";
  const rows = [
    ["since", `${when(since)} ${zone(since)}, ${ago(since)}`],
    [
      "ports",
      doors.map(({ port, service, listening }) => `${port} ${service}${listening ? "" : " (closed)"}`).join(", "),
    ],
    ["visitors", `${visitors} connected now, ${last}`],
    ["evidence", behind === 0 ? "all of it is committed" : `${plural(behind, "byte")} not committed yet`],
    [
      "verdicts",
      judge.behind === 0 ? "up to date" : `${plural(judge.behind, "event")} behind, ${duration(judge.lagMs)}`,
    ],
    ...(found.desk ? [["job desk", deskLine(found.desk)]] : []),
    ["disk", `${size(found.disk.freeBytes)} free`],
    ["version", found.version],
  ];
  const verdict = found.ok ? "Working" : found.receiving ? "Working, but not as it should" : "Not working";
  return [bold(`${verdict}: ${doorsLine(found)}`), "", ...table(rows).map((line) => `  ${line}`)];
}

function deskLine({ waiting, walls }: NonNullable<StatusView["desk"]>): string {
  const queue =
    waiting === null || waiting === 0 ? "every job is read" : `${plural(waiting, "job")} waiting to be read`;
  const none = "; install bubblewrap, so that no document can reach the network";
  return `${queue}${walls === "none" ? none : ""}`;
}

/** `2 of 2 ports listen; last checked 4 s ago.` */
export function doorsLine({ sensors }: StatusView): string {
  const doors = sensors.flatMap((sensor) => sensor.doors);
  const checks = sensors.map((sensor) => sensor.checked).filter((time) => time !== null);
  const open = doors.filter((door) => door.listening).length;
  if (checks.length === 0) return "no sensor has said yet how it is.";
  return `${open} of ${plural(doors.length, "port")} ${open === 1 ? "listens" : "listen"}; last checked ${ago(checks.sort()[0]!)} ago.`;
}

/** Whole seconds are enough. */
function ago(time: string): string {
  return duration(Math.max(1, Math.round((Date.now() - Date.parse(time)) / 1000)) * 1000);
}
