/** The visits of the demonstration: data/demo, read and laid out in time. */
import { readdirSync, readFileSync } from "node:fs";
import { z } from "zod";
import { INTENT_ORDER } from "../../detect/intent.ts";
import { fromByteText } from "../../event/bytes-text.ts";
import { addressBytes, addressText } from "../../util/address.ts";
import { DATA_ROOT } from "../../util/package.ts";
import { Problems } from "../../util/problem.ts";
import { readYaml } from "../../util/yaml.ts";

export const DEMO_FOLDER = `${DATA_ROOT}demo`;

/** Persona by the name that visits call a device by. */
export const DEVICES = { office: "hp-laserjet-4250", lab: "hp-laserjet-p1102w" } as const;
export type DeviceName = keyof typeof DEVICES;

const UNITS: Record<string, number> = { s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** `1 d 9 h 11 min` in milliseconds. */
const span = z
  .string()
  .regex(/^\d+ (s|min|h|d)( \d+ (s|min|h|d))*$/, "expected a span such as 1 d 9 h 11 min")
  .transform((text) =>
    [...text.matchAll(/(\d+) (\w+)/g)].reduce((ms, [, n, unit]) => ms + Number(n) * UNITS[unit!]!, 0),
  );

const piece = z.union([z.string(), z.strictObject({ filler: z.number().int().positive().max(2_000_000) })]);

const visit = z.strictObject({
  after: span.default(0),
  every: span.optional(),
  times: z.number().int().min(1).max(200).default(1),
  service: z.string().default("raw"),
  to: z.enum(Object.keys(DEVICES) as [DeviceName]).default("office"),
  send: z.union([piece, z.array(piece)]),
});

export const storySchema = z.strictObject({
  about: z.string(),
  intent: z.enum(INTENT_ORDER),
  begins: span,
  from: z.ipv4().refine((text) => text.startsWith("127."), "expected an address of this machine, 127.x.y.z"),
  sources: z.number().int().min(1).max(200).default(1),
  apart: span.default(0),
  visits: z.array(visit).min(1),
});

export interface Story extends z.output<typeof storySchema> {
  name: string;
}

/** One connection: what is sent, to whom, by whom, and how long after the beginning of the week. */
export interface PlannedVisit {
  at: number;
  from: string;
  to: DeviceName;
  service: string;
  pieces: Buffer[];
}

/** All stories, checked. Throws Problems. */
export function readStories(folder = DEMO_FOLDER): Story[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  const read = files.sort().map((name) => {
    const path = `${folder}/${name}`;
    return { name: name.slice(0, -".yaml".length), result: readYaml(readFileSync(path, "utf8"), path, storySchema) };
  });
  const problems = read.flatMap(({ result }) => ("problems" in result ? result.problems : []));
  if (problems.length > 0) throw new Problems(problems);
  return read.flatMap(({ name, result }) => ("value" in result ? [{ name, ...result.value }] : []));
}

/** The addresses of a story's sources. */
export function sourcesOf({ from, sources }: Story): string[] {
  return Array.from({ length: sources }, (_, i) => {
    const bytes = Buffer.from(addressBytes(from)!.subarray(12));
    bytes.writeUInt32BE(bytes.readUInt32BE() + i);
    return addressText(bytes);
  });
}

/** Every visit of the stories in the order of time. */
export function planOf(stories: readonly Story[]): PlannedVisit[] {
  const planned = stories.flatMap((story) =>
    sourcesOf(story).flatMap((from, i) =>
      story.visits.flatMap(({ after, every = 0, times, service, to, send }) =>
        Array.from({ length: times }, (_, time) => ({
          at: story.begins + i * story.apart + after + time * every,
          from,
          to,
          service,
          pieces: (Array.isArray(send) ? send : [send]).map((one) => bytesOf(one, i + 1)),
        })),
      ),
    ),
  );
  return planned.sort((a, b) => a.at - b.at);
}

function bytesOf(piece: string | { filler: number }, n: number): Buffer {
  if (typeof piece === "string") return fromByteText(piece.replaceAll("{n}", String(n)));
  // Looks like compressed data: no byte tells anything of the next.
  const bytes = Buffer.alloc(piece.filler);
  let state = 0x2545f491;
  for (let i = 0; i < bytes.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}
