/** A session's messages with what the roll needs: the findings at their bytes, and the pauses between. */
import type { SessionView } from "../../src/collector/contract.ts";
import { duration } from "./words.ts";

export type Message = SessionView["messages"][number];
export type Finding = Message["findings"][number];

/** A finding, at the message where it begins. */
export interface Note {
  finding: Finding;
  message: number;
  /** In the margin's order over the whole session. */
  index: number;
}

const PAUSE_MS = 1000;

/** Every finding once, at the first message it touches. */
export function notesOf(messages: readonly Message[]): Note[] {
  const seen = new Set<string>();
  const notes: Note[] = [];
  messages.forEach((message, i) => {
    for (const finding of message.findings.toSorted((a, b) => a.at[0] - b.at[0])) {
      const key = `${finding.rule} ${finding.at[0]} ${finding.at[1]}`;
      if (seen.has(key)) continue;
      seen.add(key);
      notes.push({ finding, message: i, index: notes.length });
    }
  });
  return notes;
}

/** The same with every finding of a rule once per message, for the margin and the line of time. */
export function once(notes: readonly Note[]): Note[] {
  const seen = new Set<string>();
  return notes.filter(({ message, finding }) => {
    const key = `${message} ${finding.rule}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** The message of a direction that holds a byte, or undefined. */
export function messageAt(messages: readonly Message[], direction: string, at: number): number | undefined {
  const found = messages.findIndex(
    (message) => message.direction === direction && at >= message.at && at < message.at + Math.max(1, message.bytes),
  );
  return found < 0 ? undefined : found;
}

/** What is said of the pause before a message, or undefined when it is short. */
export function pauseBefore(messages: readonly Message[], i: number): string | undefined {
  const message = messages[i];
  const before = messages[i - 1];
  if (!message || !before) return undefined;
  const pause = message.afterMs - before.afterMs;
  if (pause < PAUSE_MS) return undefined;
  const silent = message.direction === "in" && before.direction === "in" ? "No answer. " : "";
  return `${silent}${duration(pause, 2)} pause`;
}

const CLOSED_BY: Record<string, string> = {
  visitor: "the visitor closed",
  printer: "the printer closed",
  reset: "the visitor broke it off",
  idle: "the printer closed it as idle",
  limit: "a limit ended it",
  "sensor-stopped": "the sensor was stopped",
};

/** The last line of the roll. */
export function endOf(session: SessionView, length: number): string {
  if (session.closed === null) return "Still open";
  const rest = length - (session.messages.at(-1)?.afterMs ?? 0);
  const who = CLOSED_BY[session.closeReason ?? ""] ?? "it ended";
  return rest >= PAUSE_MS ? `${duration(rest, 2)}, then ${who}` : `${who.charAt(0).toUpperCase()}${who.slice(1)}`;
}
