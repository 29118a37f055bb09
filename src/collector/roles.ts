/** Who may do what. */

/** From least to most; each may do what those before it may. */
export const ROLES = ["viewer", "analyst", "admin"] as const;
export type Role = (typeof ROLES)[number];
/** What an entry of the contract asks for; `public` needs no login. */
export type Needed = Role | "public";

/** What a token is good for. A token never does more than the account it belongs to. */
export const SCOPES = ["read", "jobs", "decide", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

/** Whether a role is enough. */
export function suffices(role: Role, needed: Needed): boolean {
  return needed === "public" || ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** The scope that a token needs for an entry of the contract. */
export function scopeOf({ method, role }: { method: string; role: Needed }): Scope {
  if (role === "admin") return "admin";
  if (method !== "GET") return "decide";
  return role === "analyst" ? "jobs" : "read";
}
