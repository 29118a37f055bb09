/**
 * Accounts, one-time links, logins and tokens. All of them are in memory, so that no request waits for a query to
 * know who asks; what changes is on disk before it holds. Secrets come and stay as hashes.
 */
import { append, type Engine, type Shared, type Step } from "./engine.ts";
import type { AccountTable, LinkTable, LoginTable, TokenTable } from "./tables.ts";

/** Logins and links that exist at once; the oldest make room. */
const MOST = { login: 5000, one_time_link: 1000 };

export class Accounts {
  readonly #shared: Shared;
  readonly #accounts: Map<string, AccountTable>;
  readonly #links: Map<string, LinkTable>;
  readonly #logins: Map<string, LoginTable>;
  readonly #tokens: Map<string, TokenTable>;

  private constructor(
    shared: Shared,
    rows: { accounts: AccountTable[]; links: LinkTable[]; logins: LoginTable[]; tokens: TokenTable[] },
  ) {
    this.#shared = shared;
    this.#accounts = new Map(rows.accounts.map((row) => [keyOf(row.name), row]));
    this.#links = new Map(rows.links.map((row) => [row.hash, row]));
    this.#logins = new Map(rows.logins.map((row) => [row.hash, row]));
    this.#tokens = new Map(rows.tokens.map((row) => [row.hash, row]));
  }

  static async open(shared: Shared): Promise<Accounts> {
    const { db } = shared.engine;
    const [accounts, links, logins, tokens] = await Promise.all([
      db.selectFrom("account").selectAll().orderBy("created").execute(),
      db.selectFrom("one_time_link").selectAll().orderBy("expires").execute(),
      db.selectFrom("login").selectAll().orderBy("created").execute(),
      db.selectFrom("token").selectAll().orderBy("created").execute(),
    ]);
    return new Accounts(shared, { accounts, links, logins, tokens });
  }

  all(): AccountTable[] {
    return [...this.#accounts.values()];
  }

  /** Names are told apart without regard to case. */
  account(name: string): AccountTable | undefined {
    return this.#accounts.get(keyOf(name));
  }

  link(hash: string): LinkTable | undefined {
    return this.#links.get(hash);
  }

  login(hash: string): LoginTable | undefined {
    return this.#logins.get(hash);
  }

  /** Logins of an account that were not ended, the oldest first; the time of some may be over. */
  loginsOf(name: string): LoginTable[] {
    return [...this.#logins.values()].filter(({ account }) => keyOf(account) === keyOf(name));
  }

  token(hash: string): TokenTable | undefined {
    return this.#tokens.get(hash);
  }

  tokens(): TokenTable[] {
    return [...this.#tokens.values()];
  }

  /** Adds an account; false when there is one of that name. */
  add(row: AccountTable): Promise<boolean> {
    return this.#change(
      () => !this.#accounts.has(keyOf(row.name)),
      () => append("account", [row]),
      () => this.#accounts.set(keyOf(row.name), row),
    );
  }

  /** Changes an account. What ends with the change, such as its logins, is ended with `endLogins`. */
  change(name: string, set: Partial<Omit<AccountTable, "name" | "created">>): Promise<boolean> {
    return this.#change(
      () => this.#accounts.has(keyOf(name)),
      ({ db }) => [db.updateTable("account").set(set).where("name", "=", this.account(name)!.name).compile()],
      () => this.#accounts.set(keyOf(name), { ...this.account(name)!, ...set }),
    );
  }

  /** Adds a one-time link in place of those its account had. */
  addLink(row: LinkTable): Promise<boolean> {
    const old = () => [...this.#links.values()].filter((link) => link.account === row.account);
    const gone = () => [...old(), ...eldest(this.#links, MOST.one_time_link)].map((link) => link.hash);
    return this.#change(
      () => true,
      (engine) => [...remove(engine, "one_time_link", gone()), ...append("one_time_link", [row])],
      () => {
        for (const hash of gone()) this.#links.delete(hash);
        this.#links.set(row.hash, row);
      },
    );
  }

  /** Takes a one-time link away; false when somebody else already has. */
  useLink(hash: string): Promise<boolean> {
    return this.#change(
      () => this.#links.has(hash),
      (engine) => remove(engine, "one_time_link", [hash]),
      () => this.#links.delete(hash),
    );
  }

  addLogin(row: LoginTable): Promise<boolean> {
    const over = () => [
      ...[...this.#logins.values()].filter(({ expires }) => expires < row.created),
      ...eldest(this.#logins, MOST.login),
    ];
    return this.#change(
      () => true,
      (engine) => [
        ...remove(
          engine,
          "login",
          over().map(({ hash }) => hash),
        ),
        ...append("login", [row]),
      ],
      () => {
        for (const { hash } of over()) this.#logins.delete(hash);
        this.#logins.set(row.hash, row);
      },
    );
  }

  /** Notes that a login or token was used. */
  async seen(table: "login" | "token", hash: string, at: number): Promise<void> {
    await this.#change(
      () => (table === "login" ? this.#logins : this.#tokens).has(hash),
      ({ db }) => [
        table === "login"
          ? db.updateTable("login").set({ seen: at }).where("hash", "=", hash).compile()
          : db.updateTable("token").set({ last_used: at }).where("hash", "=", hash).compile(),
      ],
      () => {
        const login = this.#logins.get(hash);
        const token = this.#tokens.get(hash);
        if (login) login.seen = at;
        if (token) token.last_used = at;
      },
    );
  }

  /** Ends the logins of an account, all but one. */
  async endLogins(name: string, but?: string): Promise<void> {
    const ended = () => this.loginsOf(name).filter(({ hash }) => hash !== but);
    await this.#change(
      () => ended().length > 0,
      (engine) =>
        remove(
          engine,
          "login",
          ended().map(({ hash }) => hash),
        ),
      () => {
        for (const { hash } of ended()) this.#logins.delete(hash);
      },
    );
  }

  async endLogin(hash: string): Promise<void> {
    await this.#change(
      () => this.#logins.has(hash),
      (engine) => remove(engine, "login", [hash]),
      () => this.#logins.delete(hash),
    );
  }

  addToken(row: TokenTable): Promise<boolean> {
    return this.#change(
      () => true,
      () => append("token", [row]),
      () => this.#tokens.set(row.hash, row),
    );
  }

  removeToken(hash: string): Promise<boolean> {
    return this.#change(
      () => this.#tokens.has(hash),
      (engine) => remove(engine, "token", [hash]),
      () => this.#tokens.delete(hash),
    );
  }

  /** One change after the other: on disk first, then in memory. False, and nothing done, where it may not be. */
  #change(may: () => boolean, steps: (engine: Engine) => Step[], then: () => unknown): Promise<boolean> {
    return this.#shared.inTurn(async () => {
      if (!may()) return false;
      await this.#shared.engine.write(steps(this.#shared.engine));
      then();
      return true;
    });
  }
}

const keyOf = (name: string) => name.toLowerCase();

function eldest<R>(rows: ReadonlyMap<string, R>, most: number): R[] {
  return [...rows.values()].slice(0, Math.max(0, rows.size - most + 1));
}

function remove({ db }: Engine, table: "one_time_link" | "login" | "token", hashes: readonly string[]): Step[] {
  return hashes.length === 0 ? [] : [db.deleteFrom(table).where("hash", "in", hashes).compile()];
}
