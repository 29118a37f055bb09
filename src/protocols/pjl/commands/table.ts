/**
 * All PJL commands that do something. A new one is an entry here; a persona that knows it names it in pjl.yaml.
 * What only ends up in the log (COMMENT; ENTER, UPGRADE: the decoder has acted on it) needs no entry.
 */
import type { Command } from "./command.ts";
import { clearNvram, dinquire, initialize, inquire, nvramInit, reset, set, setDefault } from "./environment.ts";
import { info } from "./info.ts";
import { eoj, job } from "./job.ts";
import { echo } from "./echo.ts";
import { FILE_COMMANDS } from "./files.ts";
import { dmcmd, dminfo } from "./management.ts";
import { cleanPrinter, configPage } from "./pages.ts";
import { opmsg, rdymsg, stmsg, ustatus, ustatusOff } from "./status.ts";

const ALL: readonly Command[] = [
  FILE_COMMANDS,
  [echo, info, inquire, dinquire, ustatus, ustatusOff],
  [set, setDefault, reset, initialize, clearNvram, nvramInit],
  [rdymsg, opmsg, stmsg, job, eoj],
  [dminfo, dmcmd, configPage, cleanPrinter],
].flat();

export const COMMANDS: ReadonlyMap<string, Command> = new Map(ALL.map((command) => [command.name, command]));
