/** Who asks, as far as answers depend on it. */
import { type Needed, type Role, scopeOf, type Scope, suffices } from "./roles.ts";

export interface Who {
  /** Name in the audit: the account, `account/token`, `local`, or `-` for nobody. */
  name: string;
  account: string;
  role: Role;
  /** Of the token that asks; null for a person. */
  scopes: readonly Scope[] | null;
  /** Where the question came from. */
  address: string;
  /** Hash of the login that asks, where there is one. */
  login?: string;
}

/** The command line, over a socket that only this user can open. */
export const LOCAL: Who = { name: "local", account: "local", role: "admin", scopes: null, address: "local" };

/** Why somebody may not ask for an entry of the contract, or undefined. */
export function refusal(who: Who, entry: { method: string; role: Needed }): string | undefined {
  if (!suffices(who.role, entry.role)) return `This is for the role ${entry.role}; ${who.account} is ${who.role}.`;
  const scope = scopeOf(entry);
  if (who.scopes && !who.scopes.includes(scope)) return `This token has no scope ${scope}.`;
  return undefined;
}

/** Whether what was printed may be seen, and who printed it. */
export const seesJobs = (who: Who) => refusal(who, { method: "GET", role: "analyst" }) === undefined;
