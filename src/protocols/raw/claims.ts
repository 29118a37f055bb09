/** Who sent a job and what it is called, as the PJL lines around it claim. Any of it may be a lie; it is what was said. */
import { LIMITS } from "../../event/catalogue.ts";
import type { Line } from "../pjl/parse.ts";

/** Where drivers put names. For each field the first line that is there counts. `in`: searched in the command's argument. */
const PLACES: readonly { field: "name" | "user"; command: string; in: RegExp }[] = [
  { field: "name", command: "JOB", in: /(?:^|[ \t])NAME[ \t]*=[ \t]*"([^"]*)/i },
  { field: "name", command: "SET", in: /^[ \t]*JOBNAME[ \t]*=[ \t]*"?([^"]*)/i },
  { field: "name", command: "JOBNAME", in: /^[ \t]*=[ \t]*"?([^"]*)/ },
  { field: "name", command: "SET", in: /JobAcct7="?([^"]*)/i },
  { field: "name", command: "COMMENT", in: /App Filename: ([^;"]*)/i },
  { field: "user", command: "SET", in: /^[ \t]*USERNAME[ \t]*=[ \t]*"?([^"]*)/i },
  { field: "user", command: "SET", in: /JobAcct1=([^"]*)/i },
  { field: "user", command: "SET", in: /JobAcct8="?([^"]*)/i },
  { field: "user", command: "COMMENT", in: /Username: ([^;"]*)/i },
];

export class Claims {
  #wrapper: string[] = [];
  readonly #said = new Map<number, string>();

  /** A PJL line between jobs that is no question. `text`: the whole line. */
  line({ command, argument }: Line, text: string): void {
    if (this.#wrapper.length < LIMITS.wrapper) this.#wrapper.push(text.slice(0, LIMITS.line));
    PLACES.forEach((place, rank) => {
      const value = place.command === command ? place.in.exec(argument)?.[1]?.trim() : undefined;
      if (value) this.#said.set(rank, value.slice(0, LIMITS.line));
    });
  }

  /** The lines since the last job. */
  takeWrapper(): string[] {
    const wrapper = this.#wrapper;
    this.#wrapper = [];
    return wrapper;
  }

  /** What is claimed now. */
  get(): { name?: string; user?: string } {
    const claims: { name?: string; user?: string } = {};
    PLACES.forEach(({ field }, rank) => {
      const value = this.#said.get(rank);
      if (value !== undefined) claims[field] ??= value;
    });
    return claims;
  }

  /** The job that these claims were about is over. */
  clear(): void {
    this.#wrapper = [];
    this.#said.clear();
  }
}
