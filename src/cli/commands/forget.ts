/** `inktrap forget`: everything of a source, case, session or job is removed for good. */
import { isIP } from "node:net";
import { createInterface } from "node:readline/promises";
import { Forgetter, type ForgetAsked, forgetJournal, type Forgot, NothingThere } from "../../collector/forget.ts";
import { sweepPictures } from "../../collector/pictures.ts";
import { Pipeline } from "../../collector/pipeline.ts";
import { LOCAL } from "../../collector/who.ts";
import { Judge } from "../../detect/judge.ts";
import { loadRules } from "../../detect/load.ts";
import { forgetInJournal } from "../../outputs/journal.ts";
import { openDuckdbStore } from "../../store/duckdb/duckdb-store.ts";
import { DATA_ROOT } from "../../util/package.ts";
import { Problems } from "../../util/problem.ts";
import { DataFolder } from "../data-folder.ts";
import { openQuestions } from "../questions.ts";
import { plural, print } from "../terminal.ts";
import { readName } from "../visits.ts";

export interface ForgetOptions {
  data: string;
  json?: boolean;
  /** Without asking. */
  yes?: boolean;
}

const KINDS = { C: "case", S: "session", J: "job" } as const;

export async function forget(what: string, options: ForgetOptions): Promise<void> {
  const asked = askedFor(what);
  if (!options.yes) await confirm(what);
  const data = new DataFolder(options.data);
  const done = await forgetWhereItRuns(data, asked).catch((error: unknown) => {
    if (!(error instanceof NothingThere)) throw error;
    throw new Problems([
      { where: what, what: "there is nothing of the kind", remedy: "inktrap cases lists what there is." },
    ]);
  });
  if (options.json) print(JSON.stringify(done));
  else for (const line of sentences(what, done)) print(line);
}

function askedFor(what: string): ForgetAsked {
  const name = readName(what);
  if (name) return { [KINDS[name.letter]]: name.number } as unknown as ForgetAsked;
  if (isIP(what) !== 0 || /^[0-9a-f:]+::\/64$/i.test(what)) return { source: what.toLowerCase() };
  const remedy = "Give an address, C-1 for a case, S-4 for a session or J-2 for a job.";
  throw new Problems([{ where: what, what: "is not the name of anything that can be forgotten", remedy }]);
}

/** The one who asks types the name once more; where nobody can be asked, it has to be said with --yes. */
async function confirm(what: string): Promise<void> {
  if (process.stdin.isTTY !== true) {
    const remedy = "Say --yes where nobody can be asked.";
    throw new Problems([{ where: what, what: "would be removed for good", remedy }]);
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const question = `Bytes, jobs, events and verdicts of ${what} are removed for good. Type ${what} to go on: `;
  const typed = await lines.question(question).finally(() => lines.close());
  if (typed.trim() === what) return;
  throw new Problems([{ where: what, what: "was kept", remedy: "The name has to be typed as it was given." }]);
}

/** Through the running collector, or, where none runs, by oneself. */
async function forgetWhereItRuns(data: DataFolder, asked: ForgetAsked): Promise<Forgot> {
  const questions = await openQuestions(data);
  if (questions.live) return questions.ask("forget", asked);
  await questions.close();
  const lock = await data.lock();
  try {
    const rules = loadRules(DATA_ROOT);
    const store = await openDuckdbStore({ file: data.storeFile });
    try {
      const pipeline = new Pipeline(
        store,
        new Judge(rules, store),
        () => {},
        () => {},
      );
      const journal = forgetJournal(data.storeFile);
      const alone = <T>(task: () => Promise<T>) => pipeline.alone(task);
      const forgetAlerts = (cases: readonly number[]) => forgetInJournal(data.alerts, cases);
      const forgetPages = async () => void (await sweepPictures(store, data.pages));
      const { sensors } = data;
      const left = { forgetAlerts, forgetPages };
      const forgetter = new Forgetter({ store, rules, sensors, journal, alone, ...left, now: Date.now });
      await forgetter.recover();
      await pipeline.catchUp();
      return await forgetter.forget(asked, LOCAL);
    } finally {
      await store.close();
    }
  } finally {
    lock.close();
  }
}

function sentences(what: string, { sessions, jobs, open, compacted }: Forgot): string[] {
  const lines = [`Forgot ${plural(sessions, "session")} and ${plural(jobs, "job")} of ${what}.`];
  if (open > 0) lines.push(`${plural(open, "session")} not over yet and left as they are: say it again later.`);
  if (!compacted)
    lines.push(
      "The database could not be written anew, as the disk is too full: removed rows may be left in its file.",
    );
  return lines;
}
