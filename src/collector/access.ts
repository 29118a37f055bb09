/** Who may come in: accounts, one-time links, logins and tokens, over what the store keeps of them. */
import type { Accounts } from "../store/accounts.ts";
import type { AccountTable, LoginTable } from "../store/tables.ts";
import { sourceKey } from "../util/address.ts";
import { Attempts } from "./attempts.ts";
import { type Role, type Scope, SCOPES } from "./roles.ts";
import { NotFound, Refused } from "./refusals.ts";
import { hashOf, hashPassword, isPassword, makeSecret, Overloaded } from "./secrets.ts";
import type { Who } from "./who.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A login ends after this long without a question, and in any case after this long. */
const IDLE_MS = 12 * HOUR;
const LOGIN_MS = 7 * DAY;
const FIRST_LINK_MS = HOUR;
const LINK_MS = 3 * DAY;
/** Uses within this time of the last one are not written down. */
const SEEN_MS = 5 * MINUTE;
const TOKENS_EACH = 100;
const TOKEN_PREFIX = "inktrap_";

/** Too many attempts failed. */
export class TooMany extends Refused {
  readonly waitMs: number;
  constructor(waitMs: number) {
    super(429, "Too many attempts failed. Wait before the next one.");
    this.waitMs = waitMs;
  }
}

export interface Begun {
  /** For the cookie. */
  secret: string;
  who: Who;
  until: number;
}

/** What a login is called: the secret cannot be had from it. */
export const loginId = (hash: string) => `L-${shortOf(hash)}`;
const shortOf = (hash: string) => hash.replaceAll(/[^a-z0-9]/gi, "").slice(0, 8);

/** Whether a login still lets somebody in. */
const holds = ({ expires, seen }: LoginTable, now: number) => expires > now && seen + IDLE_MS > now;

export class Access {
  readonly #accounts: Accounts;
  readonly #clock: () => number;
  readonly #byAddress = new Attempts({ most: 10, windowMs: 15 * MINUTE, keys: 10_000 });
  readonly #byName = new Attempts({ most: 30, windowMs: 15 * MINUTE, keys: 10_000 });

  constructor(accounts: Accounts, clock: () => number = Date.now) {
    this.#accounts = accounts;
    this.#clock = clock;
  }

  /** A new link for the very first account; undefined when an admin can log in already. Earlier ones end. */
  async firstLink(): Promise<string | undefined> {
    const ready = ({ role, password, disabled }: AccountTable) => role === "admin" && password !== null && !disabled;
    if (this.#accounts.all().some(ready)) return undefined;
    return (await this.#makeLink(null, FIRST_LINK_MS)).secret;
  }

  /** Throws {@link Refused}, after the same work whether or not the account exists. */
  async login(name: string, password: string, address: string): Promise<Begun> {
    const now = this.#clock();
    const keys = [sourceKey(address), name.toLowerCase()] as const;
    const wait = Math.max(this.#byAddress.wait(keys[0], now), this.#byName.wait(keys[1], now));
    if (wait > 0) throw new TooMany(wait);
    // Counted before it is looked at, so that many at once are no way around.
    this.#byAddress.fail(keys[0], now);
    this.#byName.fail(keys[1], now);
    const account = this.#accounts.account(name);
    const right = await isPassword(account?.password, password).catch((error: unknown) => {
      if (error instanceof Overloaded) throw new TooMany(MINUTE);
      throw error;
    });
    if (!right || !account || account.disabled) throw new Refused(401, "Name or password is wrong.");
    this.#byAddress.succeed(keys[0]);
    this.#byName.succeed(keys[1]);
    return this.#begin(account, address);
  }

  /** Gives an account its password by a one-time link, and begins a login. The first link makes the account. */
  async useLink(secret: string, name: string | undefined, password: string, address: string): Promise<Begun> {
    const now = this.#clock();
    const wait = this.#byAddress.wait(sourceKey(address), now);
    if (wait > 0) throw new TooMany(wait);
    const link = this.#accounts.link(hashOf(secret));
    const gone = () => {
      this.#byAddress.fail(sourceKey(address), now);
      return new Refused(401, "This link was used already, or its time is over.");
    };
    if (!link || link.expires <= now) throw gone();
    const owner = link.account ?? name;
    if (owner === undefined) throw new Refused(400, "The first account needs a name.");
    if (link.account === null && this.#accounts.account(owner)) throw new Refused(409, "There is such an account.");
    const hashed = await hashPassword(password);
    if (!(await this.#accounts.useLink(link.hash))) throw gone();
    if (link.account === null) {
      const row = { name: owner, role: "admin", password: hashed, created: now, last_login: null, disabled: false };
      if (!(await this.#accounts.add(row))) throw new Refused(409, "There is such an account.");
    } else {
      await this.#accounts.change(owner, { password: hashed });
      await this.#accounts.endLogins(owner);
    }
    const account = this.#accounts.account(owner);
    if (!account || account.disabled) throw gone();
    return this.#begin(account, address);
  }

  /** Who a cookie belongs to. */
  byCookie(secret: string, address: string): Who | undefined {
    const login = this.#accounts.login(hashOf(secret));
    const now = this.#clock();
    if (!login || !holds(login, now)) return undefined;
    if (login.seen + SEEN_MS <= now) void this.#accounts.seen("login", login.hash, now).catch(() => {});
    return this.#who(login.account, { address, login: login.hash });
  }

  /** Who a token belongs to. */
  byToken(secret: string, address: string): Who | undefined {
    const token = this.#accounts.token(hashOf(secret));
    const now = this.#clock();
    if (!token || (token.expires !== null && token.expires <= now)) return undefined;
    if ((token.last_used ?? 0) + SEEN_MS <= now) void this.#accounts.seen("token", token.hash, now).catch(() => {});
    const who = this.#who(token.account, { address });
    return who && { ...who, name: `${who.account}/${token.id}`, scopes: token.scopes.split(" ") as Scope[] };
  }

  /** When a login ends at the latest. */
  until(who: Who): number | null {
    return (who.login !== undefined && this.#accounts.login(who.login)?.expires) || null;
  }

  /** Logins of an account that hold now, the latest first. */
  logins(account: string): LoginTable[] {
    const now = this.#clock();
    return this.#accounts
      .loginsOf(account)
      .filter((login) => holds(login, now))
      .reverse();
  }

  /** Ends a login: one's own, for an admin any. Throws {@link NotFound}. */
  async endLogin(who: Who, id: string): Promise<void> {
    const accounts = who.role === "admin" ? this.#accounts.all().map(({ name }) => name) : [who.account];
    const login = accounts.flatMap((name) => this.logins(name)).find(({ hash }) => loginId(hash) === id);
    if (!login) throw new NotFound(`There is no login ${id}`);
    await this.#accounts.endLogin(login.hash);
  }

  /** Ends one's other logins. Returns how many. */
  async endOthers(who: Who): Promise<number> {
    if (who.login === undefined) throw new Refused(409, "A token is no login: it has no others to end.");
    return this.#endLogins(who.account, who.login);
  }

  /** Ends all logins of an account. Returns how many. */
  async endLogins(name: string): Promise<number> {
    return this.#endLogins(this.#known(name).name);
  }

  async #endLogins(name: string, but?: string): Promise<number> {
    const ended = this.logins(name).filter(({ hash }) => hash !== but).length;
    await this.#accounts.endLogins(name, but);
    return ended;
  }

  async logout(who: Who): Promise<void> {
    if (who.login !== undefined) await this.#accounts.endLogin(who.login);
  }

  async changePassword(who: Who, old: string, password: string): Promise<void> {
    const now = this.#clock();
    const key = who.account.toLowerCase();
    const wait = this.#byName.wait(key, now);
    if (wait > 0) throw new TooMany(wait);
    this.#byName.fail(key, now);
    if (!(await isPassword(this.#accounts.account(who.account)?.password, old))) {
      throw new Refused(403, "The old password is wrong.");
    }
    this.#byName.succeed(key);
    await this.#accounts.change(who.account, { password: await hashPassword(password) });
    await this.#accounts.endLogins(who.account, who.login);
  }

  accounts(): AccountTable[] {
    return this.#accounts.all();
  }

  async addAccount(name: string, role: Role) {
    const row = { name, role, password: null, created: this.#clock(), last_login: null, disabled: false };
    if (!(await this.#accounts.add(row))) throw new Refused(409, `There is an account ${name} already.`);
    return { account: row as AccountTable, ...(await this.#makeLink(name, LINK_MS)) };
  }

  async changeAccount(name: string, set: { role?: Role | undefined; disabled?: boolean | undefined }) {
    const account = this.#known(name);
    const after = { ...account, ...Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined)) };
    const admins = this.#accounts.all().filter((one) => one.role === "admin" && !one.disabled && one.password !== null);
    const last = admins.length === 1 && admins[0]!.name === account.name;
    if (last && (after.role !== "admin" || after.disabled)) {
      throw new Refused(409, "The last admin stays one: make another one first.");
    }
    await this.#accounts.change(name, { role: after.role, disabled: after.disabled });
    if (after.disabled) await this.#accounts.endLogins(name);
    return this.#known(name);
  }

  async renewLink(name: string) {
    const account = this.#known(name);
    return { account, ...(await this.#makeLink(account.name, LINK_MS)) };
  }

  /** One's own tokens; for an admin all. */
  tokens(who: Who) {
    return this.#accounts.tokens().filter((token) => who.role === "admin" || token.account === who.account);
  }

  async addToken(who: Who, asked: { name: string; scopes: readonly Scope[]; days: number | null }) {
    if (!this.#accounts.account(who.account)) throw new Refused(409, "A token belongs to an account.");
    if (who.scopes && asked.scopes.some((scope) => !who.scopes!.includes(scope))) {
      throw new Refused(403, "A token makes no token that may do more than itself.");
    }
    const own = this.#accounts.tokens().filter((token) => token.account === who.account);
    if (own.length >= TOKENS_EACH) throw new Refused(409, `An account has at most ${TOKENS_EACH} tokens.`);
    const secret = TOKEN_PREFIX + makeSecret();
    const created = this.#clock();
    const row = {
      id: `T-${shortOf(hashOf(secret))}`,
      hash: hashOf(secret),
      name: asked.name,
      account: who.account,
      scopes: SCOPES.filter((scope) => asked.scopes.includes(scope)).join(" "),
      created,
      expires: asked.days === null ? null : created + asked.days * DAY,
      last_used: null,
    };
    await this.#accounts.addToken(row);
    return { row, secret };
  }

  async removeToken(who: Who, id: string): Promise<void> {
    const token = this.tokens(who).find((one) => one.id === id);
    if (!token || !(await this.#accounts.removeToken(token.hash))) throw new NotFound(`There is no token ${id}`);
  }

  #known(name: string): AccountTable {
    const account = this.#accounts.account(name);
    if (!account) throw new NotFound(`There is no account ${name}`);
    return account;
  }

  #who(name: string, more: Pick<Who, "address"> & Partial<Who>): Who | undefined {
    const account = this.#accounts.account(name);
    if (!account || account.disabled) return undefined;
    return { name: account.name, account: account.name, role: account.role as Role, scopes: null, ...more };
  }

  async #begin(account: AccountTable, address: string): Promise<Begun> {
    const secret = makeSecret();
    const now = this.#clock();
    const row: LoginTable = {
      hash: hashOf(secret),
      account: account.name,
      created: now,
      seen: now,
      expires: now + LOGIN_MS,
      address,
    };
    await this.#accounts.addLogin(row);
    await this.#accounts.change(account.name, { last_login: now });
    return { secret, who: this.#who(account.name, { address, login: row.hash })!, until: row.expires };
  }

  async #makeLink(account: string | null, ms: number) {
    const secret = makeSecret();
    const expires = this.#clock() + ms;
    await this.#accounts.addLink({ hash: hashOf(secret), account, expires });
    return { secret, expires };
  }
}
