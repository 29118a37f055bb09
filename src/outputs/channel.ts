/** The seam of an output: one file per kind of channel, one line in channels.ts. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { Problems } from "../util/problem.ts";
import type { Message } from "./message.ts";

/** A far end that messages go to. It knows nothing of other channels, of queues and of retries. */
export interface Channel {
  /**
   * Sends a message and resolves with what the far end said, as it said it. Rejects when it is not known to have
   * arrived. Gives up when the signal says so.
   */
  send(message: Message, signal: AbortSignal): Promise<string>;
}

/** What every channel has in the configuration. */
export const commonSettings = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "expected small letters, digits and hyphens")
    .describe("how it is called in `inktrap alerts`; unique"),
  perHour: z.number().int().min(0).max(1000).optional().describe("instead of `alerts.perHour`"),
  quiet: z.boolean().default(true).describe("false: also in quiet hours"),
};

export interface CommonSettings {
  type: string;
  name: string;
  perHour?: number | undefined;
  quiet: boolean;
}

/** What a channel is told about the installation it stands in. */
export interface Surroundings {
  version: string;
  hostname: string;
}

export interface ChannelKind {
  /** The channel's settings: an object with the literal `type`. */
  settings: z.ZodObject;
  /** Throws Problems where a file that is named cannot be read. */
  open(settings: CommonSettings, surroundings: Surroundings): Promise<Channel>;
}

/** A kind of channel from the schema of its settings and what makes one of them. */
export function channelKind<S extends z.ZodObject>(
  settings: S,
  open: (settings: z.output<S>, surroundings: Surroundings) => Promise<Channel>,
): ChannelKind {
  return { settings, open: (given, surroundings) => open(given as z.output<S>, surroundings) };
}

/** A far end did not take a message. `retryAfterMs`: what it said about when to come again. */
export class NotTaken extends Error {
  readonly retryAfterMs: number | undefined;
  constructor(message: string, retryAfterMs?: number) {
    super(message);
    this.name = "NotTaken";
    this.retryAfterMs = retryAfterMs;
  }
}

/** The text of a file that the configuration names, such as a secret; without the line end at its end. */
export async function namedFile(path: string, setting: string): Promise<string> {
  return readFile(path, "utf8").then(
    (text) => text.replace(/\r?\n$/, ""),
    (error: Error) => {
      const remedy = `Correct ${setting} of the channel, or make the file readable.`;
      throw new Problems([{ where: path, what: `cannot be read: ${error.message}`, remedy }]);
    },
  );
}

/** Rejects when the signal says so, whatever the channel makes of it. */
export function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () => reject(new Error("no answer in time"));
    if (signal.aborted) give();
    else signal.addEventListener("abort", give, { once: true });
  });
}
