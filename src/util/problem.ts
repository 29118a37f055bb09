/** Operator errors: collected, never thrown one by one, each with place and remedy. */

export interface Problem {
  /** File the problem is in, or the option or address it is about. */
  where: string;
  line?: number;
  column?: number;
  what: string;
  /** What the operator can do about it, as a command or an instruction. */
  remedy: string;
}

/** All problems of one undertaking. The command line prints them, one line each, and exits with a code that is not 0. */
export class Problems extends Error {
  readonly list: readonly Problem[];
  constructor(list: readonly Problem[]) {
    super(list.map(problemLine).join("\n"));
    this.name = "Problems";
    this.list = list;
  }
}

/** `where:line:column: what. remedy` */
export function problemLine(p: Problem): string {
  const place = [p.where, p.line, p.column].filter((part) => part !== undefined).join(":");
  return `${place}: ${p.what}. ${p.remedy}`;
}
