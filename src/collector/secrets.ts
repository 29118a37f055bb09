/** Secrets: made of 256 random bits, kept as hashes; and passwords, kept as argon2id. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";

/** 256 random bits in letters that go into links and headers as they are. */
export const makeSecret = (): string => randomBytes(32).toString("base64url");

/** What is kept of a secret. It is random, so it needs no salt. */
export const hashOf = (secret: string): string => createHash("sha256").update(secret).digest("base64url");

/** What a page sends along with changes, to show that it could read the answer to a login. */
export const csrfOf = (secret: string): string =>
  createHmac("sha256", secret).update("inktrap csrf").digest("base64url");

/** Compares without telling by its time where texts differ. */
export function same(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash("sha256").update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(left, right);
}

/** Passwords that are looked at together, and those that may wait: each takes 19 MiB and some of the time of a core. */
const AT_ONCE = 2;
const WAITING = 32;

let busy = 0;
const waiting: (() => void)[] = [];
let nobody: Promise<string> | undefined;

/** Too many passwords wait to be looked at. */
export class Overloaded extends Error {}

export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(password));

/** Whether it is the password. Takes as long for somebody without one. Throws {@link Overloaded}. */
export async function isPassword(kept: string | null | undefined, password: string): Promise<boolean> {
  nobody ??= hash(makeSecret());
  const against = kept ?? (await nobody);
  const right = await inTurn(() => verify(against, password).catch(() => false));
  return right && typeof kept === "string";
}

async function inTurn<T>(task: () => Promise<T>): Promise<T> {
  if (waiting.length >= WAITING) throw new Overloaded("too many passwords wait to be looked at");
  if (busy >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else busy++;
  try {
    return await task();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else busy--;
  }
}
