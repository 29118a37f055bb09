/** The one vocabulary of what a job is. A job has the first of these that a signature says of it. */

/** `about` completes "a page that …". */
export const JOB_KINDS = {
  extortion: "threatens, or tells what was taken, and asks for money",
  advertisement: "offers something for sale, or asks to get in touch for it",
  propaganda: "wants to win readers over",
  prank: "boasts, warns or jokes that it could be printed",
  "test-page": "shows that printing works",
  "driver-page": "an office program or a print system made in the ordinary way",
  misprint: "is another protocol's bytes, as a printer would print them",
  "scanner-noise": "is what a scanner or a fault left, with nothing for a reader",
  unknown: "no rule knows",
} as const;

export type JobKind = keyof typeof JOB_KINDS;
export const JOB_KIND_ORDER = Object.keys(JOB_KINDS) as [JobKind, ...JobKind[]];

/** What a job is, the signature that says so, and the words or bytes it says so for. */
export interface KindOfJob {
  kind: JobKind;
  /** Id of the signature; absent for `unknown`. */
  rule?: string;
  words: readonly string[];
}
