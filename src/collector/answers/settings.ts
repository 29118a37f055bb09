/** Who may come in, who did what, and what is in force. */
import { listAudit } from "../../store/queries/desk.ts";
import type { AccountTable, LoginTable, TokenTable } from "../../store/tables.ts";
import { type Access, loginId } from "../access.ts";
import type { AccountView, LoginLine, TokenLine } from "../contract.ts";
import type { Role, Scope } from "../roles.ts";
import { NotFound } from "../refusals.ts";
import { type Answers, iso, isoOrNull, type Room } from "../room.ts";
import type { Who } from "../who.ts";
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
  | "logins"
  | "endLogin"
  | "endOtherLogins"
  | "endLogins"
  | "audit";

export function settingsAnswers(room: Room): Answers<Settings> {
  const door = (): Access => {
    if (!room.access) throw new NotFound("No collector runs");
    return room.access;
  };
  const accountView = (account: AccountTable) => accountLine(account, door().logins(account.name).length);
  const linked = ({ account, secret, expires }: { account: AccountTable; secret: string; expires: number }) => ({
    account: accountView(account),
    link: linkOf(room, secret, account.name),
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
    logins: async (_, who) => ({
      logins: door()
        .logins(who.account)
        .map((login) => loginLine(login, who)),
    }),
    endLogin: async ({ id }, who) => {
      await door().endLogin(who, id);
      return { done: true };
    },
    endOtherLogins: async (_, who) => ({ ended: await door().endOthers(who) }),
    endLogins: async ({ name }) => ({ ended: await door().endLogins(name) }),
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

/**
 * A one-time link, for an account, or to make the first one. The secret stands behind the #, which browsers send to
 * nobody; what stands before it only tells the page what to ask for.
 */
export function linkOf(room: Pick<Room, "surroundings">, secret: string, account?: string): string {
  const url = room.surroundings?.settings?.().console.url ?? "";
  return `${url}/first?${account === undefined ? "new" : `for=${encodeURIComponent(account)}`}#${secret}`;
}

function accountLine(account: AccountTable, logins: number): AccountView {
  const { name, role, created, last_login, password, disabled } = account;
  return {
    logins,
    name,
    role: role as Role,
    created: iso(created),
    lastLogin: isoOrNull(last_login),
    ready: password !== null,
    disabled,
  };
}

function loginLine({ hash, created, seen, expires, address }: LoginTable, who: Who): LoginLine {
  return {
    id: loginId(hash),
    began: iso(created),
    seen: iso(seen),
    until: iso(expires),
    address,
    current: hash === who.login,
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
