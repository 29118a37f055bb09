/** Commands for the panel and for status that is sent unasked. PJL Technical Reference Manual, chapters 8 and 9. */
import { accepted } from "../environment.ts";
import { parseOptions } from "../parse.ts";
import type { Command } from "./command.ts";

/** Puts a text in the place of the panel's own ready message; an empty text takes it away again. */
export const rdymsg: Command = {
  name: "RDYMSG",
  run(argument, { device, visitor, changes }) {
    const message = parseOptions(argument).options.find(({ name, quoted }) => name === "DISPLAY" && quoted)?.value;
    if (message === undefined) return undefined;
    const memory = device.memory(visitor.key);
    const own = device.persona.panel.ready.display;
    const before = memory.readyMessage ?? own;
    memory.readyMessage = message === "" ? undefined : message;
    const after = memory.readyMessage ?? own;
    if (before !== after) changes.push({ what: "ready-message", name: "DISPLAY", before, after });
    return undefined;
  },
};

export const ustatus: Command = {
  name: "USTATUS",
  run(argument, talk) {
    const option = parseOptions(argument).options[0];
    const kind = option && talk.knowledge.ustatus.get(option.name);
    const value = kind && accepted(kind, option);
    if (value !== undefined) talk.ustatus.set(kind!.name, value);
    return undefined;
  },
};

export const ustatusOff: Command = {
  name: "USTATUSOFF",
  run(_, talk) {
    talk.ustatus.clear();
    return undefined;
  },
};
