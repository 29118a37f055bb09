/** `inktrap events`: the raw record, one line each. */
import { visible } from "../../event/bytes-text.ts";
import { DataFolder } from "../data-folder.ts";
import { openQuestions } from "../questions.ts";
import { clock, day, dim, print } from "../terminal.ts";

export interface EventsOptions {
  data: string;
  json?: boolean;
  follow?: boolean;
  type?: string;
  limit: number;
}

const POLL_MS = 500;

export async function events(options: EventsOptions): Promise<void> {
  const questions = await openQuestions(new DataFolder(options.data));
  let stopped = false;
  process.once("SIGINT", () => (stopped = true));
  try {
    const narrow = options.type === undefined ? {} : { type: options.type };
    let { events: found, next } = await questions.ask("events", { limit: options.limit, ...narrow });
    for (;;) {
      for (const event of found) print(options.json ? JSON.stringify(event) : line(event));
      if (!options.follow || stopped) return;
      if (found.length === 0) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      ({ events: found, next } = await questions.ask("events", { after: next, limit: 1000, ...narrow }));
    }
  } finally {
    await questions.close();
  }
}

function line(event: Record<string, unknown>): string {
  const time = String(event["time"]);
  const origin = event["origin"] as { source: { ip: string }; service: string; session: string } | undefined;
  const who = origin ? `${origin.source.ip}  ${origin.service}  ${origin.session}` : String(event["sensor"]);
  return `${dim(`${day(time)} ${clock(time)}`)}  ${String(event["type"]).padEnd(16)}  ${who}  ${visible(JSON.stringify(event["data"]))}`;
}
