/** Messages as HTTP requests: JSON signed with a shared secret, or in the form that a chat service wants. */
import { createHmac } from "node:crypto";
import { z } from "zod";
import { channelKind, commonSettings, namedFile } from "./channel.ts";
import { discord } from "./discord.ts";
import { post } from "./http-post.ts";
import type { Message } from "./message.ts";
import { ntfy } from "./ntfy.ts";
import { slack } from "./slack.ts";
import { teams } from "./teams.ts";

/** How a service wants a message: as the body of a request, to the address configured or one made from it. */
export interface Preset {
  body(message: Message, url: URL): unknown;
  url?(url: URL): URL;
}

const json: Preset = {
  body: ({ id, kind, time, title, lines, link, data }) => ({
    id,
    kind,
    time: new Date(time).toISOString(),
    title,
    lines,
    ...(link === undefined ? {} : { link }),
    ...data,
  }),
};

const PRESETS = { json, slack, teams, discord, ntfy } satisfies Record<string, Preset>;

/** What a header may hold, RFC 9110 section 5.5, without what is not ASCII. */
const headerText = z.string().regex(/^[\x20-\x7e]*$/, "expected printable ASCII");

export const webhook = channelKind(
  z.strictObject({
    type: z.literal("webhook"),
    ...commonSettings,
    url: z.url({ protocol: /^https?$/, error: "expected an http or https address" }),
    preset: z
      .enum(Object.keys(PRESETS) as [keyof typeof PRESETS])
      .default("json")
      .describe("the form of the body"),
    headers: z
      .record(z.string().regex(/^[\w-]+$/), headerText)
      .default({})
      .describe("sent along, such as Authorization"),
    secret: z.string().min(8).optional().describe("what the requests are signed with"),
    secretFile: z.string().optional().describe("a file with the secret instead"),
    caFile: z.string().optional().describe("certificates to trust, PEM"),
  }),
  async ({ url, preset, headers, secret, secretFile, caFile }, { version }) => {
    const key = secretFile === undefined ? secret : await namedFile(secretFile, "secretFile");
    const ca = caFile === undefined ? undefined : await namedFile(caFile, "caFile");
    const shape: Preset = PRESETS[preset];
    const target = new URL(url);
    return {
      send: (message, signal) => {
        const body = JSON.stringify(shape.body(message, target));
        const own = {
          "Content-Type": "application/json",
          "User-Agent": `Inktrap/${version}`,
          "Inktrap-Id": message.id,
          ...(key === undefined ? {} : signature(key, body, Math.floor(Date.now() / 1000))),
        };
        return post({ url: shape.url?.(target) ?? target, headers: { ...headers, ...own }, body, ca }, signal);
      },
    };
  },
);

/**
 * `Inktrap-Timestamp`: seconds since 1970. `Inktrap-Signature`: `v1=` and HMAC-SHA256, in hexadecimal, of the timestamp,
 * a full stop and the body. A receiver compares in constant time and refuses what is older than a few minutes.
 */
export function signature(secret: string, body: string, seconds: number): Record<string, string> {
  const mac = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return { "Inktrap-Timestamp": String(seconds), "Inktrap-Signature": `v1=${mac}` };
}
