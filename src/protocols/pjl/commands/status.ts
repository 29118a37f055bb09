/** Commands for the panel and for status that is sent unasked. PJL Technical Reference Manual, chapters 8 and 9. */
import { accepted, refusal } from "../environment.ts";
import { parseOptions } from "../parse.ts";
import type { Command } from "./command.ts";

/** Puts a text in the place of the panel's own ready message; an empty text takes it away again. */
export const rdymsg: Command = {
  name: "RDYMSG",
  run(argument, { device, visitor, changes }) {
    const message = displayed(argument);
    if (message === undefined) return undefined;
    device.wake(visitor.key, false);
    const memory = device.memory(visitor.key);
    const own = device.persona.panel.ready.display;
    const before = memory.readyMessage ?? own;
    memory.readyMessage = message === "" ? undefined : message;
    const after = memory.readyMessage ?? own;
    if (before !== after) changes.push({ what: "ready-message", name: "DISPLAY", before, after });
    return undefined;
  },
};

/** The code of the status while the message is up, Appendix D. */
const MESSAGES = { OPMSG: 40048, STMSG: 40049 } as const;

/** Shows a message and takes the device offline until somebody presses a key. */
const operatorMessage = (name: keyof typeof MESSAGES): Command => ({
  name,
  run(argument, talk) {
    const { device, visitor, changes, unsolicited, knowledge } = talk;
    const message = displayed(argument);
    if (message === undefined) return undefined;
    const shown = device.memory(visitor.key).attention;
    const before = shown && device.now() < shown.until ? shown.text : "";
    const { until } = device.attend(visitor.key, MESSAGES[name], message);
    if (before !== message) changes.push({ what: "operator-message", name, before, after: message });
    // STMSG tells which key it was.
    if (name === "STMSG") unsolicited.at(until, talk.frame(`STMSG DISPLAY="${message}"`, `ONLINE${knowledge.lineEnd}`));
    return undefined;
  },
});
export const opmsg = operatorMessage("OPMSG");
export const stmsg = operatorMessage("STMSG");

function displayed(argument: string): string | undefined {
  return parseOptions(argument).options.find(({ name, quoted }) => name === "DISPLAY" && quoted)?.value;
}

export const ustatus: Command = {
  name: "USTATUS",
  run(argument, talk) {
    const option = parseOptions(argument).options[0];
    const kind = option && talk.knowledge.ustatus.get(option.name);
    const value = kind && accepted(kind, option);
    if (value !== undefined) talk.ustatus.set(kind!.name, value);
    else if (option) talk.wrong(kind ? refusal(kind, option) : 25006);
    talk.unsolicited.asked();
    return undefined;
  },
};

export const ustatusOff: Command = {
  name: "USTATUSOFF",
  run(_, talk) {
    talk.ustatus.clear();
    talk.unsolicited.asked();
    return undefined;
  },
};
