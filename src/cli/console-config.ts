/** The console in the configuration, and what the collector's process makes of it. */
import { isIP } from "node:net";
import { join } from "node:path";
import { z } from "zod";
import type { ConsoleOptions } from "../collector/collector.ts";
import { type Certificate, givenCertificate, madeCertificate } from "../collector/tls.ts";
import { inNetwork } from "../util/address.ts";
import { PACKAGE_ROOT } from "../util/package.ts";
import type { DataFolder } from "./data-folder.ts";
import { deviceAnswers, devicePage } from "./device-view.ts";

/** No printer has it, and it is near to those that printers have. */
export const CONSOLE_PORT = 9180;

const webUrl = z.url({ protocol: /^https?$/, error: "expected an address that begins with https:// or http://" });

export const consoleSchema = z.strictObject({
  enabled: z.boolean().default(true).describe("whether there is a console; the commands work without it"),
  listen: z
    .string()
    .refine((text) => isIP(text) !== 0, "expected an IPv4 or IPv6 address")
    .default("127.0.0.1")
    .describe("address of the console; on any other than loopback it is served over TLS"),
  port: z
    .number()
    .int()
    .min(1)
    .max(65535)
    .optional()
    .describe(`${CONSOLE_PORT} when left out, or any free one when that is taken`),
  tls: z
    .strictObject({
      use: z
        .enum(["auto", "self-made", "none"])
        .default("auto")
        .describe("`auto`: a made certificate unless on loopback; `none`: a proxy in front does it"),
      cert: z.string().optional().describe("a PEM file, with its key: used in place of a made one"),
      key: z.string().optional(),
    })
    .refine(({ cert, key }) => (cert === undefined) === (key === undefined), "`cert` and `key` come together")
    .prefault({}),
  publicUrl: webUrl.optional().describe("address under which browsers reach it, where that is another one"),
  source: webUrl.optional().describe("where the source code of this Inktrap is offered, when you changed it"),
});
export type ConsoleConfig = z.output<typeof consoleSchema>;

/** What the collector's process is told: the console's configuration, and all of it for showing, without secrets. */
export interface ConsolePart {
  console: ConsoleConfig;
  shown: { file: string | null; config: Record<string, unknown> };
}

export function consolePart(config: { console: ConsoleConfig }, file: string | undefined): ConsolePart {
  const shown = withoutSecrets(config) as Record<string, unknown>;
  return { console: config.console, shown: { file: file ?? null, config: shown } };
}

/** Lines of a first screen: where the console is, and the link where nobody can log in yet. */
export function consoleLines(console: { url: string; firstLink?: string } | undefined): string[] {
  if (!console) return [];
  const { url, firstLink } = console;
  const first = firstLink === undefined ? [] : [`  First      ${firstLink}`, "             works once, within an hour"];
  return [`  Console    ${url}`, ...first];
}

/** The console's options. Throws Problems where a certificate cannot be used. */
export async function consoleOptions(
  data: DataFolder,
  { console, shown }: ConsolePart,
): Promise<ConsoleOptions | undefined> {
  if (!console.enabled) return undefined;
  const { listen, port, publicUrl, source } = console;
  const { kind, certificate } = await certificateOf(data, console);
  return {
    listen,
    port: port ?? CONSOLE_PORT,
    anyPort: port === undefined,
    certificate,
    publicUrl,
    source,
    web: join(PACKAGE_ROOT, "dist", "web"),
    demonstration: await data.isDemo(),
    surroundings: {
      device: (sensor, persona) => deviceAnswers(data, sensor, persona),
      page: (sensor, persona, path) => devicePage(data, sensor, persona, path),
    },
    settings: (url) => ({ ...shown, console: { url, tls: kind } }),
  };
}

const isLoopback = (ip: string) => inNetwork(ip, "127.0.0.0", 8) || inNetwork(ip, "::1", 128);

async function certificateOf(
  data: DataFolder,
  { tls, listen, publicUrl }: ConsoleConfig,
): Promise<{ kind: "given" | "self-made" | "none"; certificate: Certificate | undefined }> {
  const { use, cert, key } = tls;
  if (cert !== undefined && key !== undefined) {
    return { kind: "given", certificate: await givenCertificate(cert, key) };
  }
  if (use === "none" || (use === "auto" && isLoopback(listen))) return { kind: "none", certificate: undefined };
  const names = [listen, ...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname.replace(/^\[|\]$/g, "")])];
  const real = names.filter((name) => name !== "0.0.0.0" && name !== "::");
  return { kind: "self-made", certificate: await madeCertificate(data.console, real, Date.now()) };
}

/** Names of settings whose values are secrets, or hold some. */
const SECRET = /pass|secret|token|key|url|headers/i;

/** A configuration for showing: values that are secrets, or may hold some, are left out. */
export function withoutSecrets(value: unknown, name = ""): unknown {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([inner, one]) => [inner, withoutSecrets(one, SECRET.test(name) ? name : inner)]),
    );
  }
  if (Array.isArray(value)) return value.map((one) => withoutSecrets(one, name));
  return typeof value === "string" && SECRET.test(name) && !name.endsWith("File") ? "(set)" : value;
}
