/** What the tables of commands are made of. */
import type { Machine } from "../machine.ts";
import type { Command } from "../parse.ts";

/** By name, {@link Command.name}. A command that is in no table is ignored, as a printer does. */
export type Commands = Readonly<Record<string, (machine: Machine, command: Command) => void>>;
