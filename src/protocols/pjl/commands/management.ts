/** DMINFO and DMCMD: objects of the device's management, as SNMP has them, read and set through PJL. */
import { parseOptions } from "../parse.ts";
import { OUTCOME, pmlField, type PmlRequest, readPml, writePml } from "../pml.ts";
import type { Talk } from "../talk.ts";
import type { Command } from "./command.ts";
import { printPages } from "./pages.ts";

/** Asks for an object or sets it, and tells what came of it. */
export const dminfo: Command = {
  name: "DMINFO",
  run(argument, talk) {
    const hex = asciiHex(argument);
    const request = read(hex, talk);
    if (hex === undefined || !request) return undefined;
    const { outcome, field } = perform(request, "DMINFO", talk);
    const reply = writePml(request, outcome, field);
    return talk.frame(`DMINFO ASCIIHEX="${hex}"`, `"${reply}"${talk.knowledge.lineEnd}`);
  },
};

/** The same without an answer. HP LaserJet 8000 User Manual, Appendix D. */
export const dmcmd: Command = {
  name: "DMCMD",
  run(argument, talk) {
    const request = read(asciiHex(argument), talk);
    if (request) perform(request, "DMCMD", talk);
    return undefined;
  },
};

function asciiHex(argument: string): string | undefined {
  return parseOptions(argument).options.find(({ name }) => name === "ASCIIHEX")?.value;
}

function read(hex: string | undefined, talk: Talk): PmlRequest | undefined {
  const request = hex === undefined ? undefined : readPml(hex);
  if (!request) talk.wrong(hex === undefined ? 25006 : 20026);
  return request;
}

interface Performed {
  outcome: number;
  field: Buffer;
}

const NOTHING = Buffer.alloc(0);
const refused = (outcome: number): Performed => ({ outcome, field: NOTHING });
/** Values of prtGeneralReset, RFC 3805: 3 is what it reads as, 4 to 6 restart, 6 to the factory's settings. */
const RESET = { none: "3", least: 4, factory: 6 } as const;

function perform(request: PmlRequest, command: string, talk: Talk): Performed {
  const pml = talk.device.persona.pjl.pml;
  const { object, field } = request;
  if (!pml) return refused(OUTCOME.unknownObject);
  if (request.command === "set") {
    if (object === pml.reset) return reset(request, command, talk);
    if (object === pml.internalPages?.object) {
      const pages = pml.internalPages.pages[String(request.number)];
      if (pages === undefined) return refused(OUTCOME.badValue);
      printPages(talk, command, pages);
      return { outcome: OUTCOME.ok, field };
    }
    if (pml.accepts.includes(object)) return { outcome: OUTCOME.ok, field };
  }
  if (object === pml.reset) return { outcome: OUTCOME.ok, field: pmlField("enumeration", RESET.none) };
  const known = pml.objects.find((one) => one.object === object);
  if (!known) return refused(OUTCOME.unknownObject);
  if (request.command === "set") return refused(OUTCOME.notSupported);
  return { outcome: OUTCOME.ok, field: pmlField(known.type, talk.fill(known.value)) };
}

function reset({ number = 0, field }: PmlRequest, command: string, talk: Talk): Performed {
  if (number < RESET.least || number > RESET.factory) return refused(OUTCOME.badValue);
  talk.changes.push({ what: "restart", name: command, before: "", after: String(number) });
  talk.restart(number === RESET.factory);
  return { outcome: OUTCOME.ok, field };
}
