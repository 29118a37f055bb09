/** What a source has changed as text: written when it has changed something, read when the source comes again. */
import { z } from "zod";
import type { SourceMemory } from "./device.ts";

const text = z.string();
const count = z.number().int().nonnegative();
const time = z.number();
const file = z.union([
  z.enum(["directory", "deleted"]),
  z.strictObject({ parts: z.array(z.strictObject({ sha256: z.string().length(64), bytes: count })) }),
]);

const journalSchema = z.strictObject({
  version: z.literal(1),
  /** The source key, so that a file can be told from that of another source. */
  source: text,
  readyMessage: text.optional(),
  attention: z.strictObject({ code: count, text, since: time, until: time }).optional(),
  restart: z.strictObject({ at: time, until: time }).optional(),
  serial: text.optional(),
  pageShift: z.number().int().optional(),
  awakeAt: time.optional(),
  busyUntil: time.optional(),
  defaults: z.array(z.tuple([text, text])).optional(),
  files: z.array(z.tuple([text, file])).optional(),
});

/** One line of JSON; it is as long as `BoundedMemory.bytes` at most, and has all but the jobs that are being received. */
export function writeJournal(source: string, memory: SourceMemory): string {
  const { readyMessage, attention, restart, serial, pageShift, awakeAt, busyUntil, defaults, files } = memory;
  const journal: z.output<typeof journalSchema> = {
    version: 1,
    source,
    ...(readyMessage === undefined ? {} : { readyMessage }),
    ...(attention && { attention }),
    ...(restart && { restart }),
    ...(serial === undefined ? {} : { serial }),
    ...(pageShift !== 0 && { pageShift }),
    ...(awakeAt > 0 && { awakeAt }),
    ...(busyUntil > 0 && { busyUntil }),
    ...(defaults.size > 0 && { defaults: [...defaults] }),
    ...(files.size > 0 && { files: [...files].map(([path, is]): [string, z.output<typeof file>] => [path, copy(is)]) }),
  };
  return `${JSON.stringify(journal)}\n`;
}

function copy(is: "directory" | "deleted" | { parts: readonly { sha256: string; bytes: number }[] }) {
  return typeof is === "string" ? is : { parts: is.parts.map(({ sha256, bytes }) => ({ sha256, bytes })) };
}

/** Fills an empty memory from `text`. Gives what is wrong with it, in one line; then nothing has been filled in. */
export function readJournal(text: string, source: string, memory: SourceMemory): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `no JSON: ${(error as Error).message}`;
  }
  const result = journalSchema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    return `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not a journal"}`;
  }
  const journal = result.data;
  if (journal.source !== source) return "it is the journal of another source";
  memory.readyMessage = journal.readyMessage;
  memory.attention = journal.attention;
  memory.restart = journal.restart;
  memory.serial = journal.serial;
  memory.pageShift = journal.pageShift ?? 0;
  memory.awakeAt = journal.awakeAt ?? 0;
  memory.busyUntil = journal.busyUntil ?? 0;
  for (const [name, is] of journal.defaults ?? []) memory.defaults.set(name, is);
  for (const [path, is] of journal.files ?? []) memory.files.set(path, is);
  return undefined;
}
