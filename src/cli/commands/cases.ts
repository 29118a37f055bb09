/** `inktrap cases`: who came, and what they were up to. */
import { DataFolder } from "../data-folder.ts";
import { openQuestions, type Questions } from "../questions.ts";
import { bold, dim, plural, print, table, when, zone } from "../terminal.ts";
import { visible } from "../../event/bytes-text.ts";

import { doorsLine } from "./status.ts";

export interface CasesOptions {
  data: string;
  json?: boolean;
  intent?: string;
  source?: string;
  own?: boolean;
  limit: number;
}

export async function cases(options: CasesOptions): Promise<void> {
  const questions = await openQuestions(new DataFolder(options.data));
  try {
    const { limit, intent, source, own = false } = options;
    const { cases: found } = await questions.ask("cases", {
      limit,
      own,
      ...(intent === undefined ? {} : { intent }),
      ...(source === undefined ? {} : { source }),
    });
    if (options.json) {
      print(JSON.stringify(found, undefined, 2));
      return;
    }
    if (found.length > 0) {
      const rows = found.map((one) => [
        one.id,
        one.intent,
        one.confidence,
        one.own ? `${one.source} (own)` : one.source,
        when(one.first),
        when(one.last),
        String(one.sessionCount),
        String(one.jobCount),
        visible(one.headline),
      ]);
      const head = ["case", "intent", "how sure", "source", "first", "last", "visits", "jobs", "what"];
      const [first, ...rest] = table([head, ...rows], [6, 7]);
      print(dim(first!));
      for (const line of rest) print(line);
      print();
    }
    print(
      await closing(
        questions,
        found.map((one) => one.id),
        intent !== undefined || source !== undefined,
        own,
      ),
    );
  } finally {
    await questions.close();
  }
}

/** What the list amounts to, or why it is empty: quiet, or broken. */
async function closing(
  questions: Questions,
  ids: readonly string[],
  narrowed: boolean,
  ownShown: boolean,
): Promise<string> {
  const { cases: all, own, visits, jobs, first, sensors } = await questions.ask("overview", {});
  const ownPart = own === 0 ? "" : `, and ${plural(own, "case")} of your own networks${ownShown ? "" : " (--own)"}`;
  if (all === 0 && own === 0) {
    if (!questions.live) return "No visitor yet. Nothing runs on this data folder now: begin with inktrap start.";
    const behind = sensors.reduce((sum, sensor) => sum + sensor.behind, 0);
    if (behind > 0) return `No visitor judged yet; ${plural(behind, "byte")} of evidence wait to be read.`;
    return `No visitor yet. ${doorsLine(await questions.ask("status", {}))}`;
  }
  const total = `${plural(all, "case")}, ${plural(visits, "visit")}, ${plural(jobs, "job")}${ownPart}`;
  const since = first === null ? "" : ` since ${when(first)} ${zone(first)}`;
  if (ids.length === 0) return narrowed ? `None of ${total}${since} is like that.` : `${total}${since}.`;
  return `${total}${since}.   ${bold(`npx inktrap show ${ids[0]}`)}`;
}
