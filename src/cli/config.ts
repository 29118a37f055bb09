/** The configuration file and what the command line may say instead, joined to what the processes are started with. */
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { z } from "zod";
import { alertSettings } from "../outputs/settings.ts";
import type { Persona } from "../printer/persona.ts";
import { SERVICES } from "../protocols/registry.ts";
import { readNetwork } from "../util/network.ts";
import { type Door, everyAddress } from "../sensor/listen.ts";
import { type Problem, Problems } from "../util/problem.ts";
import { consoleSchema } from "./console-config.ts";
import { readYaml } from "../util/yaml.ts";

const port = z.number().int().min(1).max(65535);
const address = z.string().refine((text) => isIP(text) !== 0, "expected an IPv4 or IPv6 address");

const identity = z.union([z.string().min(1), z.number().int().nonnegative()]);

const network = z.string().check((text) => {
  const read = readNetwork(text.value);
  if (typeof read === "string") text.issues.push({ code: "custom", input: text.value, message: read });
});

export const configSchema = z.strictObject({
  persona: z.string().default("hp-laserjet-p1102w").describe("model to be, a folder name under data/personas"),
  listen: z
    .union([address, z.array(address).nonempty()])
    .optional()
    .describe("addresses to listen on; every address when left out"),
  ports: z
    .strictObject({ raw: port.optional(), web: port.optional() })
    .default({})
    .describe("ports that shall be used, instead of the real ones of the services"),
  portOffset: z
    .number()
    .int()
    .min(0)
    .max(65000)
    .optional()
    .describe("added to every real port; 0 insists on the real ports"),
  user: identity
    .optional()
    .describe("user to become after the ports are bound, by name or number, when started as root"),
  group: identity.optional().describe("group to become with it; the user's own when left out"),
  limits: z
    .strictObject({
      sessions: z.number().int().positive().optional().describe("visitors at once, per service"),
      sessionBytes: z.number().int().positive().optional().describe("bytes a visitor may send in one session"),
      jobBytes: z.number().int().positive().optional().describe("bytes kept of one job"),
    })
    .default({})
    .describe("what one sensor takes in at most"),
  pacing: z
    .boolean()
    .default(true)
    .describe("whether the device takes the time that the model takes to print, sleep, wake and restart"),
  own: z
    .array(network)
    .default([])
    .describe("networks and addresses of one's own: visits from there are recorded, never alerted and not listed"),
  proxy: z
    .strictObject({
      from: z.array(network).nonempty().describe("networks and addresses of the upstreams, such as 192.0.2.10"),
    })
    .optional()
    .describe("upstreams that relay visitors and begin every connection with a PROXY header of version 2"),
  retention: z
    .strictObject({
      days: z.number().positive().default(90).describe("how long evidence, jobs, events and cases are kept"),
      gigabytes: z.number().positive().default(20).describe("how much is kept of all of it; the oldest goes first"),
    })
    .default({ days: 90, gigabytes: 20 })
    .describe("what is kept at most, whichever comes first"),
  disk: z
    .strictObject({
      reserveMegabytes: z
        .number()
        .min(0)
        .default(256)
        .describe("left free on the disk; with less, visitors are answered and nothing more is kept"),
    })
    .default({ reserveMegabytes: 256 }),
  console: consoleSchema.prefault({}).describe("the pages for people, in a browser, behind a login"),
  alerts: alertSettings.prefault({}).describe("who is told of harmful cases, and when"),
  store: z
    .strictObject({ memoryMb: z.number().int().min(128).default(512).describe("memory of the database, in MiB") })
    .default({ memoryMb: 512 }),
});

/** A file without anything, or with comments only, is no mistake. */
const fileSchema = z.preprocess((document) => document ?? {}, configSchema);

export type Config = z.output<typeof configSchema>;

/** Options of the command line that stand above the file. */
export interface Overrides {
  persona?: string;
  listen?: string[];
  portOffset?: number;
}

/** Something wrong with the value at a path of the configuration. */
export interface Fault {
  path: readonly PropertyKey[];
  what: string;
  remedy: string;
}

/** A configuration as it was read: what is faulty has its default, and is told of in `problems`. */
export interface ReadConfig {
  config: Config;
  problems: Problem[];
  /** A fault found later, with its place: file, line and column, or the option of the command line. */
  placed: (fault: Fault) => Problem;
}

const OPTIONS: { [O in keyof Overrides]-?: string } = {
  persona: "--persona",
  listen: "--listen",
  portOffset: "--port-offset",
};

/** Reads the configuration; without a file everything has its default. Throws Problems only where there is no such file. */
export async function readConfigFile(file: string | undefined, overrides: Overrides = {}): Promise<ReadConfig> {
  const text = file === undefined ? "" : await readText(file);
  const result = readYaml(text, file ?? "", fileSchema);
  const config = "problems" in result ? faultless(result.document) : result.value;
  const problems: Problem[] = "problems" in result ? [...result.problems] : [];
  const listen = overrides.listen?.filter((text) => isIP(text) !== 0);
  for (const text of overrides.listen ?? []) {
    if (isIP(text) !== 0) continue;
    problems.push({ where: "--listen", what: `"${text}" is not an address`, remedy: "Give an IPv4 or IPv6 address." });
  }
  return {
    config: {
      ...config,
      persona: overrides.persona ?? config.persona,
      ...(listen?.length ? { listen: listen as [string, ...string[]] } : {}),
      ...(overrides.portOffset === undefined ? {} : { portOffset: overrides.portOffset }),
    },
    problems,
    placed: ({ path, what, remedy }) => {
      const key = path[0] as keyof Overrides;
      if (overrides[key] !== undefined) return { where: OPTIONS[key], what, remedy };
      if (file === undefined || !result.at) return { where: path.join("."), what, remedy };
      return { where: file, ...result.at(path), what, remedy };
    },
  };
}

async function readText(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    const what = error.code === "ENOENT" ? "there is no such file" : `cannot be read: ${error.message}`;
    throw new Problems([{ where: file, what, remedy: "Give the path of a configuration file with --config." }]);
  });
}

/** The keys of a document that are right, everything else with its default. */
function faultless(document: unknown): Config {
  const given = typeof document === "object" && document !== null ? (document as Record<string, unknown>) : {};
  const right = Object.entries(configSchema.shape).flatMap(([key, schema]) => {
    const result = schema.safeParse(given[key]);
    return result.success ? [[key, result.data]] : [];
  });
  return { ...configSchema.parse({}), ...Object.fromEntries(right) };
}

/** Where visits come from that are recorded and never alerted: upstreams, when they speak for themselves, are one's own too. */
export const ownNetworks = (config: Config): string[] => [...config.own, ...(config.proxy?.from ?? [])];

const GIGABYTE = 1e9;
const MEGABYTE = 1e6;
const DAY_MS = 86_400_000;

/** How long and how much evidence a sensor keeps: milliseconds and bytes. */
export function retentionOf({ retention }: Config): { age: number; bytes: number } {
  return { age: retention.days * DAY_MS, bytes: retention.gigabytes * GIGABYTE };
}

export function reserveOf({ disk }: Config): number {
  return disk.reserveMegabytes * MEGABYTE;
}

/** Added to a real port that may not be bound, when nobody asked for a port. */
const FALLBACK_OFFSET = 8000;

/** The doors of a persona by this configuration. */
export function doorsOf(config: Config, persona: Persona): Door[] {
  const listen = config.listen ?? everyAddress();
  const addresses = typeof listen === "string" ? [listen] : listen;
  return [...SERVICES.values()].flatMap((service) => {
    const real = service.manners(persona).port;
    const named = config.ports[service.name as keyof Config["ports"]];
    const asked = named ?? real + (config.portOffset ?? 0);
    const exact = named !== undefined || config.portOffset !== undefined;
    return addresses.map((at) => ({
      service: service.name,
      address: at,
      port: asked,
      ...(exact ? {} : { fallbackPort: real + FALLBACK_OFFSET }),
    }));
  });
}
