import type { KeptBytes } from "../../contract.ts";
import type { Talk } from "../talk.ts";

/** What the device answers, framed, as byte text; with parts of bodies that were kept where it sends those back. */
export type Reply = string | readonly (string | KeptBytes)[];

/** The data that came behind a line and was kept. */
export interface Body {
  sha256: string;
  bytes: number;
}

/** One PJL command that does something. Commands that a persona knows and no table has are taken in silence. */
export interface Command {
  name: string;
  /** It only asks: it changes nothing, and says nothing of a job. */
  asks?: true;
  /** Does it and gives the reply; undefined: the device says nothing. `argument`: byte text. */
  run(argument: string, talk: Talk): Reply | undefined;
  /** All data behind its line has come. */
  takes?(argument: string, body: Body, talk: Talk): void;
}
