import type { Talk } from "../talk.ts";

/** One PJL command that does something. Commands that a persona knows and no table has are taken in silence. */
export interface Command {
  name: string;
  /** It only asks: it changes nothing, and says nothing of a job. */
  asks?: true;
  /** Does it and gives the reply, framed, as byte text; undefined: the device says nothing. `argument`: byte text. */
  run(argument: string, talk: Talk): string | undefined;
}
