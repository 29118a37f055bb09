/** Who may come in, and what is in force. */
import { z } from "zod";
import { type Entry, after, done, ended, limit, name, next, nothing, oneTime, window } from "./asks.ts";
import { account, auditLine, channelLine, count, intent, level, role, scope, time, tokenLine } from "../shapes.ts";

export const settingsEntries = {
  settings: {
    method: "GET",
    path: "/api/settings",
    role: "admin",
    about: "The configuration that is in force, secrets left out.",
    ask: nothing,
    reply: z.strictObject({
      file: z.string().nullable(),
      config: z.record(z.string(), z.unknown()),
      console: z.strictObject({ url: z.string(), tls: z.enum(["given", "self-made", "none"]) }),
    }),
  },
  accounts: {
    method: "GET",
    path: "/api/accounts",
    role: "admin",
    about: "All accounts.",
    ask: nothing,
    reply: z.strictObject({ accounts: z.array(account) }),
  },
  addAccount: {
    method: "POST",
    path: "/api/accounts",
    role: "admin",
    about: "Make an account: answers with the one-time link by which its owner gives it a password.",
    ask: z.strictObject({ name, role }),
    reply: oneTime,
  },
  changeAccount: {
    method: "PATCH",
    path: "/api/accounts/:name",
    role: "admin",
    about: "Change the role of an account, or disable it, which ends its logins.",
    ask: z.strictObject({ name, role: role.optional(), disabled: z.boolean().optional() }),
    reply: z.strictObject({ account }),
  },
  renewLink: {
    method: "POST",
    path: "/api/accounts/:name/link",
    role: "admin",
    about: "A new one-time link for an account, for who forgot the password. The old password works until it is used.",
    ask: z.strictObject({ name }),
    reply: oneTime,
  },
  endLogins: {
    method: "POST",
    path: "/api/accounts/:name/logins/end",
    role: "admin",
    about: "End all logins of an account.",
    ask: z.strictObject({ name }),
    reply: ended,
  },
  alerts: {
    method: "GET",
    path: "/api/alerts",
    role: "viewer",
    about: "What was told to whom, what waits and what failed. How channels are reached is not told.",
    ask: nothing,
    reply: z.strictObject({
      intent: intent.describe("cases with this intent and graver ones are told"),
      level: level.describe("verdicts that are this sure and surer"),
      perHour: count.describe("messages in an hour and channel; what comes on top is one digest"),
      channels: z.array(channelLine),
      told: count.describe("cases that were told of"),
      ignored: count.describe("alerts that an ignore rule or a mute held back"),
      rules: z.array(
        z.strictObject({
          source: z.string().optional(),
          network: z.string().optional(),
          service: z.string().optional(),
          signature: z.string().optional(),
          reason: z.string(),
          until: z.string().describe("a day, or a time"),
          expired: z.boolean(),
        }),
      ),
      quiet: z
        .strictObject({ from: z.string(), to: z.string(), zone: z.string(), until: time.nullable() })
        .nullable()
        .describe("quiet hours; `until`: when those of now end"),
    }),
  },
  tokens: {
    method: "GET",
    path: "/api/tokens",
    role: "viewer",
    about: "One's own tokens; for an admin all tokens.",
    ask: nothing,
    reply: z.strictObject({ tokens: z.array(tokenLine) }),
  },
  addToken: {
    method: "POST",
    path: "/api/tokens",
    role: "viewer",
    about: "Make a token for programs, sent as `Authorization: Bearer …`. It is shown once.",
    ask: z.strictObject({
      name: z.string().trim().min(1).max(64),
      scopes: z.array(scope).min(1).max(4),
      days: z.number().int().min(1).max(3650).nullable().default(90).describe("null: until it is removed"),
    }),
    reply: z.strictObject({ token: tokenLine, secret: z.string() }),
  },
  removeToken: {
    method: "DELETE",
    path: "/api/tokens/:id",
    role: "viewer",
    about: "Remove a token: one's own, for an admin any.",
    ask: z.strictObject({ id: z.string().max(64) }),
    reply: done,
  },
  audit: {
    method: "GET",
    path: "/api/audit",
    role: "admin",
    about: "Who did what, newest first. Also who opened which job.",
    ask: z.strictObject({
      ...window,
      who: z.string().max(128).optional(),
      what: z.string().max(64).optional(),
      about: z.string().max(100).optional(),
      limit: limit(100),
      after,
    }),
    reply: z.strictObject({ entries: z.array(auditLine), next }),
  },
} as const satisfies Record<string, Entry>;
