/**
 * All PJL commands that do something. A new one is an entry here; a persona that knows it names it in pjl.yaml.
 * What only ends up in the log (COMMENT; ENTER, UPGRADE: the decoder has acted on it) needs no entry.
 */
import type { Command } from "./command.ts";
import { dinquire, initialize, inquire, reset, set, setDefault } from "./environment.ts";
import { info } from "./info.ts";
import { eoj, job } from "./job.ts";
import { echo } from "./echo.ts";
import { FILE_COMMANDS } from "./files.ts";
import { rdymsg, ustatus, ustatusOff } from "./status.ts";

const ALL: readonly Command[] = [
  ...FILE_COMMANDS,
  echo,
  info,
  inquire,
  dinquire,
  set,
  setDefault,
  reset,
  initialize,
  rdymsg,
  ustatus,
  ustatusOff,
  job,
  eoj,
];

export const COMMANDS: ReadonlyMap<string, Command> = new Map(ALL.map((command) => [command.name, command]));
