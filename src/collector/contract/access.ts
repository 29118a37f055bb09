/** Coming in and going out, and what this is. */
import { z } from "zod";
import { done, ended, name, nothing, password, type Entry } from "./asks.ts";
import { accessView, loginLine } from "../shapes.ts";

export const accessEntries = {
  health: {
    method: "GET",
    path: "/api/health",
    role: "public",
    about: "Whether the console answers. Whether all is well is `status`.",
    ask: nothing,
    reply: z.strictObject({ ok: z.literal(true) }),
  },
  login: {
    method: "POST",
    path: "/api/login",
    role: "public",
    about: "Begin a login: answers with a cookie.",
    ask: z.strictObject({ name: z.string().max(64), password: z.string().max(256) }),
    reply: accessView,
  },
  useLink: {
    method: "POST",
    path: "/api/login/link",
    role: "public",
    about:
      "Use a one-time link: give an account its password, and begin a login. The very first one names the account.",
    ask: z.strictObject({ link: z.string().max(128), name: name.optional(), password }),
    reply: accessView,
  },
  logout: {
    method: "POST",
    path: "/api/logout",
    role: "viewer",
    about: "End this login.",
    ask: nothing,
    reply: done,
  },
  access: {
    method: "GET",
    path: "/api/access",
    role: "viewer",
    about: "Who am I, and what may I do? 401 without a login.",
    ask: nothing,
    reply: accessView,
  },
  changePassword: {
    method: "POST",
    path: "/api/access/password",
    role: "viewer",
    about: "Change one's own password. All other logins of the account end.",
    ask: z.strictObject({ old: z.string().max(256), new: password }),
    reply: done,
  },
  logins: {
    method: "GET",
    path: "/api/access/logins",
    role: "viewer",
    about: "One's own logins that hold, the latest first.",
    ask: nothing,
    reply: z.strictObject({ logins: z.array(loginLine) }),
  },
  endLogin: {
    method: "DELETE",
    path: "/api/access/logins/:id",
    role: "viewer",
    about: "End a login: one's own, for an admin any.",
    ask: z.strictObject({ id: z.string().max(64) }),
    reply: done,
  },
  endOtherLogins: {
    method: "POST",
    path: "/api/access/logins/end",
    role: "viewer",
    about: "End all of one's logins but the one that asks.",
    ask: nothing,
    reply: ended,
  },
  openapi: {
    method: "GET",
    path: "/api/openapi.json",
    role: "viewer",
    about: "This contract as an OpenAPI 3.1 document.",
    ask: nothing,
    reply: z.record(z.string(), z.unknown()),
  },
} as const satisfies Record<string, Entry>;
