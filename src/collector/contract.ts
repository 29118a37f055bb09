/**
 * What can be asked of a collector, and what can be told it: one typed table, from which the server, the browser's and
 * the command line's calls, their checks and the OpenAPI document come. The names are public and stay.
 *
 * Times are ISO 8601 in UTC. Text that came from a visitor is byte text (see event/bytes-text.ts) unless said otherwise.
 * `role` is the least one that may ask; what is asked for by GET stands in the query, else in a JSON body.
 * Lists are asked on with `after`: the `next` of an earlier answer, null where there is no more.
 */
import type { z } from "zod";
import { accessEntries } from "./contract/access.ts";
import type { Entry } from "./contract/asks.ts";
import { decisionsEntries } from "./contract/decisions.ts";
import type { downloads } from "./contract/downloads.ts";
import { evidenceEntries } from "./contract/evidence.ts";
import { jobsEntries } from "./contract/jobs.ts";
import { overviewEntries } from "./contract/overview.ts";
import { removalEntries } from "./contract/removal.ts";
import { settingsEntries } from "./contract/settings.ts";
import type * as jobShapes from "./job-shapes.ts";
import type * as shapes from "./shapes.ts";

export const contract = {
  ...accessEntries,
  ...overviewEntries,
  ...evidenceEntries,
  ...jobsEntries,
  ...decisionsEntries,
  ...settingsEntries,
  ...removalEntries,
} as const satisfies Record<string, Entry>;

export type Contract = typeof contract;
export type Question = keyof Contract;
export type Ask<Q extends Question> = z.input<Contract[Q]["ask"]>;
export type Asked<Q extends Question> = z.output<Contract[Q]["ask"]>;
export type Reply<Q extends Question> = z.output<Contract[Q]["reply"]>;
export type DownloadName = keyof typeof downloads;
export type DownloadAsked<D extends DownloadName> = z.output<(typeof downloads)[D]["ask"]>;

/** RFC 9457, as `application/problem+json`. */
export interface ProblemBody {
  status: number;
  title: string;
  detail: string;
  /** Names the request in the log. */
  instance?: string;
}

export type CaseView = z.output<typeof shapes.caseLine>;
export type DecisionView = z.output<typeof shapes.decision>;
export type SessionView = z.output<typeof shapes.sessionView>;
export type JobView = z.output<typeof jobShapes.jobView>;
export type StatusView = z.output<typeof shapes.statusView>;
export type VisitLine = z.output<typeof shapes.visitLine>;
export type JobLine = z.output<typeof shapes.jobLine>;
export type Pile = z.output<typeof jobShapes.pile>;
export type JobRow = z.output<typeof jobShapes.jobRow>;
export type Paper = z.output<typeof jobShapes.paper>;
export type ReadingView = z.output<typeof jobShapes.readingView>;
export type DeskView = z.output<typeof shapes.deskState>;
export type SignatureLine = z.output<typeof shapes.signatureLine>;
export type AccessView = z.output<typeof shapes.accessView>;
export type AccountView = z.output<typeof shapes.account>;
export type LoginLine = z.output<typeof shapes.loginLine>;
export type ChannelLine = z.output<typeof shapes.channelLine>;
export type TokenLine = z.output<typeof shapes.tokenLine>;
export type AuditLine = z.output<typeof shapes.auditLine>;
export type BytesView = z.output<typeof shapes.bytesView>;
export type Excerpt = NonNullable<CaseView["reasons"][number]["evidence"][number]["bytes"]>;
