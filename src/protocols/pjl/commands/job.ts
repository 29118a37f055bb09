/** Commands around a job. PJL Technical Reference Manual, chapter 5; the status they cause, chapter 8. */
import { optionValue } from "../parse.ts";
import type { Talk } from "../talk.ts";
import type { Command } from "./command.ts";

export const job: Command = {
  name: "JOB",
  run(argument, talk) {
    const name = optionValue(argument, "NAME");
    talk.job = { name, pages: 0 };
    talk.environment.reset();
    talk.environment.unlock(optionValue(argument, "PASSWORD"));
    return status(talk, ["START", ...named(name)]);
  },
};

export const eoj: Command = {
  name: "EOJ",
  run(argument, talk) {
    const ended = talk.job;
    talk.job = undefined;
    talk.environment.reset();
    talk.environment.unlock(undefined);
    if (!ended) return undefined;
    return status(talk, ["END", ...named(optionValue(argument, "NAME") ?? ended.name), `PAGES=${ended.pages}`]);
  },
};

const named = (name: string | undefined) => (name === undefined ? [] : [`NAME="${name}"`]);

/** Unsolicited status of the job, for those who asked for it. */
function status(talk: Talk, lines: readonly string[]): string | undefined {
  if (talk.ustatus.get("JOB") !== "ON") return undefined;
  return talk.frame("USTATUS JOB", lines.map((line) => line + talk.knowledge.lineEnd).join(""));
}
