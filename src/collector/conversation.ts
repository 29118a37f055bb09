/** A session as it went over the wire: the records of the log put together to messages, each with what was found in it. */
import { toByteText } from "../event/bytes-text.ts";
import type { Range } from "../event/catalogue.ts";
import { jobId } from "../evidence/recover.ts";
import { KIND, type LogRecord, readJobRange } from "../evidence/record.ts";

/** A run of bytes in one direction, without a pause worth showing. */
export interface Message {
  /** Milliseconds since the session's first record. */
  afterMs: number;
  direction: "in" | "out";
  /** Offset of its first byte in the stream of its direction. */
  at: number;
  bytes: number;
  /** Byte text; at most TEXT characters of it. */
  text: string;
  /** Id of the job whose body these bytes are; its text is in the job. */
  job?: string;
}

/** Bytes of one message that are given as text. */
const TEXT = 16 * 1024;
/** Bytes of one direction that follow each other within this time are one message. */
const TOGETHER_MS = 50;

/** Messages of a session, oldest first. `session` is the session's id, for naming its jobs. */
export function conversation(records: readonly LogRecord[], session: string): Message[] {
  const messages: Message[] = [];
  const offset = { in: 0, out: 0 };
  const start = records[0]?.time ?? 0;
  let last: { message: Message; time: number } | undefined;
  for (const record of records) {
    const piece = pieceOf(record, session);
    if (!piece) continue;
    const { direction, bytes, text, job } = piece;
    if (last && belongs(last, record.time, direction, job)) {
      last.message.bytes += bytes;
      last.message.text += text.slice(0, TEXT - last.message.text.length);
      last.time = record.time;
    } else {
      const message: Message = {
        afterMs: record.time - start,
        direction,
        at: offset[direction],
        bytes,
        text: text.slice(0, TEXT),
      };
      if (job !== undefined) message.job = job;
      messages.push(message);
      last = { message, time: record.time };
    }
    offset[direction] += bytes;
  }
  return messages;
}

function pieceOf(record: LogRecord, session: string) {
  if (record.kind === KIND.jobRange) {
    const range = readJobRange(record.payload);
    return { direction: "in" as const, bytes: range.length, text: "", job: jobId(session, range.job) };
  }
  const kind = record.was ?? record.kind;
  if (kind !== KIND.inbound && kind !== KIND.outbound) return undefined;
  const direction = kind === KIND.inbound ? ("in" as const) : ("out" as const);
  const text = record.kind === KIND.forgotten ? "" : toByteText(record.payload);
  return { direction, bytes: record.payload.length, text, job: undefined };
}

function belongs(
  last: { message: Message; time: number },
  time: number,
  direction: string,
  job: string | undefined,
): boolean {
  const { message } = last;
  if (message.direction !== direction || message.job !== job) return false;
  return job !== undefined || time - last.time < TOGETHER_MS;
}

/** Whether a range of the visitor's stream touches a message. */
export function touches(message: Message, [from, to]: Range): boolean {
  return message.direction === "in" && from < message.at + message.bytes && to > message.at;
}
