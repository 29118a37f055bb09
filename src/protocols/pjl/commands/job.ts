/** Commands around a job. PJL Technical Reference Manual, chapter 5; the status they cause, chapter 8. */
import { optionValue } from "../parse.ts";
import type { Command } from "./command.ts";

export const job: Command = {
  name: "JOB",
  run(argument, talk) {
    const name = optionValue(argument, "NAME");
    talk.job = { name, pages: 0, done: 0 };
    talk.environment.reset();
    talk.environment.jobBegins(optionValue(argument, "PASSWORD"));
    talk.unsolicited.jobStarts(["START", ...named(name)]);
    return undefined;
  },
};

export const eoj: Command = {
  name: "EOJ",
  run(argument, talk) {
    const ended = talk.job;
    talk.job = undefined;
    talk.environment.reset();
    talk.environment.jobBegins(undefined);
    if (!ended) {
      talk.wrong(27002);
      return undefined;
    }
    const name = optionValue(argument, "NAME") ?? ended.name;
    talk.unsolicited.jobEnds(["END", ...named(name), `PAGES=${ended.pages}`], ended.done);
    return undefined;
  },
};

const named = (name: string | undefined) => (name === undefined ? [] : [`NAME="${name}"`]);
