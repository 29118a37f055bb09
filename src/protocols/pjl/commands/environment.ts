/** Commands on variables. PJL Technical Reference Manual, chapter 6. */
import type { Variable } from "../../../printer/persona.ts";
import type { Environment } from "../environment.ts";
import { parseOptions, type Option } from "../parse.ts";
import type { Talk } from "../talk.ts";
import type { Command } from "./command.ts";
import { setTestPage } from "./pages.ts";

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
    const { key, variable, option } = named(argument, talk);
    if (!option || serviceMode(talk, option) || setTestPage(talk, key, option.value)) return undefined;
    if (!variable) return refuse(talk, UNKNOWN_OPTION);
    const before = variable.sets && talk.environment.current(variable);
    refuse(talk, talk.environment.set(variable, option, talk.service));
    const after = variable.sets && talk.environment.current(variable);
    if (before !== undefined && after !== undefined && before !== after) {
      talk.changes.push({ what: "variable", name: key, before, after });
    }
    return undefined;
  },
};

export const setDefault: Command = {
  name: "DEFAULT",
  run(argument, talk) {
    const { key, variable, option } = named(argument, talk);
    if (!option) return undefined;
    if (!variable) return refuse(talk, UNKNOWN_OPTION);
    const before = talk.environment.userDefault(variable);
    refuse(talk, talk.environment.setDefault(variable, option, talk.service));
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
    return clear("INITIALIZE", talk, false);
  },
};

/** Gives back the factory's settings, whatever protects them; in service mode only. */
const serviceClear = (name: string): Command => ({
  name,
  run: (_, talk) => (talk.service ? clear(name, talk, true) : undefined),
});
export const clearNvram = serviceClear("CLEARNVRAM");
export const nvramInit = serviceClear("NVRAMINIT");

function clear(name: string, talk: Talk, force: boolean): undefined {
  const undone = talk.environment.initialize(force);
  if (undone === "locked") return refuse(talk, 27003);
  const before = undone.map(([variable, value]) => `${variable}=${value}`).join("\n");
  if (undone.length > 0) talk.changes.push({ what: "defaults", name, before, after: "" });
  return undefined;
}

/** The status code for an option that there is not. */
const UNKNOWN_OPTION = 25006;

function refuse(talk: Talk, code: number | undefined): undefined {
  if (code !== undefined) talk.wrong(code);
  return undefined;
}

/** SET SERVICEMODE=<the maker's word> enters it, EXIT leaves it; whether it was one of these. */
function serviceMode(talk: Talk, { name, value }: Option): boolean {
  const word = talk.device.persona.pjl.serviceMode;
  if (name !== "SERVICEMODE" || word === undefined) return false;
  const right = value?.toUpperCase() === word;
  if (!right && value?.toUpperCase() !== "EXIT") return false;
  talk.service = right;
  return true;
}

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
