/** `inktrap replay`: a session sent once more, to a printer or another Inktrap, and what came back compared. */
import { lookup } from "node:dns/promises";
import { visibleBytes } from "../../event/bytes-text.ts";
import { LogReader } from "../../evidence/reader.ts";
import { evidenceFolder } from "../../sensor/sensor.ts";
import { inNetwork } from "../../util/address.ts";
import { Problems } from "../../util/problem.ts";
import { DataFolder } from "../data-folder.ts";
import { openQuestions } from "../questions.ts";
import { replay as send, type Replayed } from "../replayer.ts";
import { plural, print, size } from "../terminal.ts";
import { piecesOf, readName, visitsOf } from "../visits.ts";

export interface ReplayOptions {
  data: string;
  json?: boolean;
  /** `host:port`, `[address]:port`. */
  to: string;
  allowRemote?: boolean;
  speed: number;
}

/** Throws Problems where the target may not be used. The exit code tells whether the answers were the same. */
export async function replay(id: string, options: ReplayOptions): Promise<void> {
  const name = readName(id, "S");
  if (!name) {
    const remedy = "Give S-4; inktrap show C-1 lists the sessions of a case.";
    throw new Problems([{ where: id, what: "is not the name of a session", remedy }]);
  }
  const target = await targetOf(options.to, options.allowRemote ?? false);
  const data = new DataFolder(options.data);
  const questions = await openQuestions(data);
  const [visit] = await visitsOf(questions, name).finally(() => questions.close());
  if (visit!.transport !== "tcp") {
    throw new Problems([{ where: id, what: "came as datagrams", remedy: "Only TCP sessions can be replayed." }]);
  }
  const reader = new LogReader(evidenceFolder(data.sensor(visit!.sensor)));
  const hangUp = visit!.closeReason !== "printer" && visit!.closeReason !== "idle";
  const done = await send(piecesOf(data, visit!, reader), { ...target, speed: options.speed, hangUp })
    .catch((error: Error) => {
      const remedy = "Start what shall answer there, or give another --to.";
      throw new Problems([{ where: options.to, what: `does not answer: ${error.message}`, remedy }]);
    })
    .finally(() => reader.close());
  if (options.json) print(JSON.stringify(replayJson(id, options.to, done)));
  else for (const line of sentences(done)) print(line);
  if (!done.comparison.same) process.exitCode = 1;
}

const LOOPBACK = [
  ["127.0.0.0", 8],
  ["::1", 128],
] as const;

/** The address to connect to, resolved once so that what was checked is what is used. */
async function targetOf(to: string, allowRemote: boolean): Promise<{ host: string; port: number }> {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(to);
  const port = Number(match?.[3]);
  if (!match || port < 1 || port > 65535) {
    const remedy = "Write it as 127.0.0.1:9100 or [::1]:9100.";
    throw new Problems([{ where: "--to", what: `"${to}" is not host:port`, remedy }]);
  }
  const name = match[1] ?? match[2]!;
  const found = await lookup(name).catch((error: Error) => {
    throw new Problems([{ where: "--to", what: `${name} is not known: ${error.message}`, remedy: "Give an address." }]);
  });
  if (!allowRemote && !LOOPBACK.some(([base, prefix]) => inNetwork(found.address, base, prefix))) {
    const what = `${found.address === name ? name : `${name} (${found.address})`} is not this machine`;
    const remedy =
      "A replay sends what an attacker sent. Use a loopback address, or say --allow-remote if the target is yours.";
    throw new Problems([{ where: "--to", what, remedy }]);
  }
  return { host: found.address, port };
}

function replayJson(session: string, to: string, { sent, missing, comparison }: Replayed) {
  const { same, expected, heard, difference } = comparison;
  return { session, to, sent, missing, same, recorded: expected, answered: heard, differsAt: differsAt(difference) };
}

const differsAt = (difference: Replayed["comparison"]["difference"]) => difference?.at ?? null;

function sentences({ sent, missing, comparison }: Replayed): string[] {
  const { same, expected, heard, difference } = comparison;
  const lines = [`Sent      ${size(sent)}${missing > 0 ? `, ${size(missing)} are no longer kept` : ""}`];
  if (same) return [...lines, `Answered  ${size(heard)}, the same as recorded`];
  lines.push(`Answered  ${plural(heard, "byte")}, recorded were ${plural(expected, "byte")}`);
  if (!difference) return [...lines, `The same up to byte ${Math.min(heard, expected)}, where one of them ends`];
  return [
    ...lines,
    `The first difference is at byte ${difference.at}:`,
    `  recorded  ${visibleBytes(difference.expected)}`,
    `  answered  ${visibleBytes(difference.heard)}`,
  ];
}
