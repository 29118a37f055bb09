/** Answers that are files: bodies of jobs, streams and captures of sessions, lists, and the printer's own pages. */
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { jobFile } from "../evidence/folder.ts";
import { LogReader } from "../evidence/reader.ts";
import { wire } from "../evidence/wire.ts";
import type { SessionTable } from "../store/tables.ts";
import { evidenceOf, sessionRow } from "./answers/evidence.ts";
import { jobOf } from "./answers/jobs.ts";
import { personaOf } from "./answers/sensors.ts";
import { capture } from "./capture.ts";
import type { DownloadAsked, DownloadName } from "./contract.ts";
import { type Export, exported } from "./exports.ts";
import { visitLine } from "./lines.ts";
import { NotFound } from "./refusals.ts";
import type { Room } from "./room.ts";
import type { Who } from "./who.ts";

export interface FileAnswer {
  /** Letters, digits, dots and hyphens: nothing of a visitor. */
  name: string;
  media: string;
  length?: number;
  body: Readable | string;
  /** In place of those that a file has; undefined takes one away. */
  headers?: Record<string, string | undefined>;
}

type Files = { [D in Exclude<DownloadName, "live">]: (asked: DownloadAsked<D>, who: Who) => Promise<FileAnswer> };

export function fileAnswers(room: Room): Files {
  const list =
    <E extends Export>(name: E, what: string) =>
    (asked: DownloadAsked<E>, who: Who): Promise<FileAnswer> => {
      const day = new Date(room.clock()).toISOString().slice(0, 10);
      return Promise.resolve({
        name: `inktrap-${what}-${day}.${asked.format}`,
        media: asked.format === "csv" ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8",
        body: Readable.from(exported(room, name, asked, who), { objectMode: false }),
      });
    };
  return {
    jobBody: ({ number }) => jobBody(room, number),
    jobPage: ({ number, page, small }) => jobPage(room, number, page, small === true),
    sessionStream: async ({ number, direction }) => {
      const row = await sessionRow(room, number);
      const body = Readable.from(stream(room, row, direction), { objectMode: false });
      return { name: `S-${number}-${direction}.bin`, media: "application/octet-stream", body };
    },
    sessionCapture: async ({ number }) => {
      const visit = visitLine(await sessionRow(room, number));
      const bytes = capture((sensor) => evidenceOf(room, sensor), [visit], { packets: 0, missing: 0 });
      const body = Readable.from(bytes, { objectMode: false });
      return { name: `S-${number}.pcap`, media: "application/vnd.tcpdump.pcap", body };
    },
    exportCases: list("exportCases", "cases"),
    exportSessions: list("exportSessions", "sessions"),
    exportJobs: list("exportJobs", "jobs"),
    exportEvents: list("exportEvents", "events"),
    devicePage: ({ sensor, path }) => devicePage(room, sensor, path),
  };
}

async function jobBody(room: Room, number: number): Promise<FileAnswer> {
  const { job } = await jobOf(room, number);
  const handle = await open(jobFile(evidenceOf(room, job.sensor), job.sha256), "r").catch(() => {
    throw new NotFound(`The body of job J-${number} is no longer kept`);
  });
  const { size } = await handle.stat();
  const body = handle.createReadStream();
  return { name: `${job.sha256}.bin`, media: "application/octet-stream", length: size, body };
}

/** The picture was checked when it came out of the jail; it is shown in place, and nothing else. */
async function jobPage(room: Room, number: number, page: number, small: boolean): Promise<FileAnswer> {
  const { job } = await jobOf(room, number);
  const file = room.desk?.page(job.sha256, page, small);
  const handle = file === undefined ? undefined : await open(file, "r").catch(() => undefined);
  if (!handle) throw new NotFound(`Page ${page} of job J-${number} was not drawn`);
  const { size } = await handle.stat();
  const name = `${job.sha256}-${page}${small ? "-small" : ""}.png`;
  const headers = { "content-disposition": `inline; filename="${name}"` };
  return { name, media: "image/png", length: size, body: handle.createReadStream(), headers };
}

/** Bytes of one direction; those that are no longer kept are left out. */
async function* stream(room: Room, row: SessionTable, direction: "in" | "out"): AsyncGenerator<Buffer> {
  const evidence = evidenceOf(room, row.sensor);
  const reader = new LogReader(evidence);
  try {
    for await (const piece of wire(reader, evidence, row.session, row.log_end)) {
      if (piece.direction === direction && piece.bytes) yield piece.bytes;
    }
  } finally {
    await reader.close();
  }
}

/** In a frame of our own pages it runs nothing, sends nothing and loads nothing. */
const FRAMED = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

async function devicePage(room: Room, sensor: string, path: string): Promise<FileAnswer> {
  const html = await room.surroundings?.page?.(sensor, await personaOf(room, sensor), path);
  if (html === undefined) throw new NotFound("The printer has no such page");
  return {
    name: "page.html",
    media: "text/html; charset=utf-8",
    body: html,
    headers: {
      "content-disposition": "inline",
      "content-security-policy": FRAMED,
      "x-frame-options": "SAMEORIGIN",
      "cross-origin-resource-policy": "same-origin",
    },
  };
}
