/** Commands on variables. PJL Technical Reference Manual, chapter 6. */
import type { Variable } from "../../../printer/persona.ts";
import type { Environment } from "../environment.ts";
import { parseOptions, type Option } from "../parse.ts";
import type { Talk } from "../talk.ts";
import type { Command } from "./command.ts";

export const inquire: Command = {
  name: "INQUIRE",
  asks: true,
  run: (argument, talk) => ask("INQUIRE", argument, talk, (environment, variable) => environment.current(variable)),
};

export const dinquire: Command = {
  name: "DINQUIRE",
  asks: true,
  run: (argument, talk) =>
    ask("DINQUIRE", argument, talk, (environment, variable) => environment.userDefault(variable)),
};

export const set: Command = {
  name: "SET",
  run(argument, talk) {
    const { variable, option } = named(argument, talk);
    if (variable && option) talk.environment.set(variable, option);
    return undefined;
  },
};

export const setDefault: Command = {
  name: "DEFAULT",
  run(argument, talk) {
    const { key, variable, option } = named(argument, talk);
    if (!variable || !option) return undefined;
    const before = talk.environment.userDefault(variable);
    talk.environment.setDefault(variable, option);
    const after = talk.environment.userDefault(variable);
    if (before !== after) talk.changes.push({ what: "default", name: key, before, after });
    return undefined;
  },
};

export const reset: Command = {
  name: "RESET",
  run(_, talk) {
    talk.environment.reset();
    return undefined;
  },
};

export const initialize: Command = {
  name: "INITIALIZE",
  run(_, talk) {
    const undone = talk.environment.initialize();
    const before = undone.map(([name, value]) => `${name}=${value}`).join("\n");
    if (undone.length > 0) talk.changes.push({ what: "defaults", name: "INITIALIZE", before, after: "" });
    return undefined;
  },
};

/** The variable that an argument names first: `[LPARM:x|IPARM:y] NAME[=value]`. */
function named(argument: string, talk: Talk): { key: string; variable?: Variable | undefined; option?: Option } {
  const { modifier, options } = parseOptions(argument);
  const option = options[0];
  if (!option || option.name === "") return { key: "" };
  const key = modifier === "" ? option.name : `${modifier} ${option.name}`;
  return { key, variable: talk.knowledge.variables.get(key), option };
}

function ask(
  command: string,
  argument: string,
  talk: Talk,
  value: (environment: Environment, variable: Variable) => string,
): string | undefined {
  const { knowledge, environment } = talk;
  const { key, variable } = named(argument, talk);
  if (key === "") return undefined;
  if (!variable) {
    return knowledge.unknownVariable === undefined
      ? undefined
      : talk.frame(`${command} ${key}`, knowledge.unknownVariable);
  }
  const text = value(environment, variable);
  const quote = variable.kind === "string" && knowledge.quoteStrings ? '"' : "";
  return talk.frame(`${command} ${key}`, `${quote}${text}${quote}${knowledge.lineEnd}`);
}
