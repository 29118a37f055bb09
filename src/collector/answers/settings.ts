/** Who may come in, who did what, and what is in force. */
import { listAudit } from "../../store/queries/desk.ts";
import type { AccountTable, TokenTable } from "../../store/tables.ts";
import type { Access } from "../access.ts";
import type { AccountView, TokenLine } from "../contract.ts";
import type { Role, Scope } from "../roles.ts";
import { NotFound } from "../refusals.ts";
import { type Answers, iso, isoOrNull, type Room } from "../room.ts";
import { beforeOf, nextOf } from "./evidence.ts";

type Settings =
  | "settings"
  | "accounts"
  | "addAccount"
  | "changeAccount"
  | "renewLink"
  | "tokens"
  | "addToken"
  | "removeToken"
  | "audit";

export function settingsAnswers(room: Room): Answers<Settings> {
  const door = (): Access => {
    if (!room.access) throw new NotFound("No collector runs");
    return room.access;
  };
  const linked = ({ account, secret, expires }: { account: AccountTable; secret: string; expires: number }) => ({
    account: accountView(account),
    link: linkOf(room, secret),
    until: iso(expires),
  });
  return {
    settings: async () => {
      const settings = room.surroundings?.settings;
      if (!settings) throw new NotFound("No collector runs");
      return settings();
    },
    accounts: async () => ({ accounts: door().accounts().map(accountView) }),
    addAccount: async ({ name, role }) => linked(await door().addAccount(name, role)),
    changeAccount: async ({ name, ...set }) => ({ account: accountView(await door().changeAccount(name, set)) }),
    renewLink: async ({ name }) => linked(await door().renewLink(name)),
    tokens: async (_, who) => ({ tokens: door().tokens(who).map(tokenLine) }),
    addToken: async (asked, who) => {
      const { row, secret } = await door().addToken(who, asked);
      return { token: tokenLine(row), secret };
    },
    removeToken: async ({ id }, who) => {
      await door().removeToken(who, id);
      return { done: true };
    },
    audit: async ({ since, until, who, what, about, limit, after }) => {
      const rows = await listAudit(room.store.db, {
        since: since?.getTime(),
        until: until?.getTime(),
        who,
        what,
        about,
        limit,
        before: beforeOf(after),
      });
      const entries = rows.map(({ number, at, detail, ...rest }) => {
        return { number, at: iso(at), ...rest, detail: JSON.parse(detail) as Record<string, unknown> };
      });
      return { entries, next: nextOf(rows, limit) };
    },
  };
}

/** A one-time link: the secret stands behind the #, which browsers send to nobody. */
export function linkOf(room: Pick<Room, "surroundings">, secret: string): string {
  const url = room.surroundings?.settings?.().console.url ?? "";
  return `${url}/first#${secret}`;
}

export function accountView({ name, role, created, last_login, password, disabled }: AccountTable): AccountView {
  return {
    name,
    role: role as Role,
    created: iso(created),
    lastLogin: isoOrNull(last_login),
    ready: password !== null,
    disabled,
  };
}

function tokenLine({ id, name, account, scopes, created, expires, last_used }: TokenTable): TokenLine {
  return {
    id,
    name,
    account,
    scopes: scopes.split(" ") as Scope[],
    created: iso(created),
    expires: isoOrNull(expires),
    lastUsed: isoOrNull(last_used),
  };
}
