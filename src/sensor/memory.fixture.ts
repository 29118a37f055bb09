/** Runs of a sensor, as far as memories are concerned, and many sources that change things. */
import { readdir } from "node:fs/promises";
import { expect } from "vitest";
import { Memories, MEMORY_LIMITS, type MemoryLimits } from "../printer/memories.ts";
import { silent } from "../util/log.ts";
import { type StoredLimits, StoredMemories } from "./memory.ts";

export async function runOf(folder: string, stored?: StoredLimits, limits: MemoryLimits = MEMORY_LIMITS) {
  const warnings: unknown[] = [];
  const log = {
    ...silent,
    warn: (what: unknown) => warnings.push(what),
    error: (what: unknown) => warnings.push(what),
  };
  const store = await StoredMemories.open(folder, log as never, stored);
  const memories = new Memories(limits, (key) => store.changed(key));
  store.attach(memories);
  return { store, memories, warnings };
}

/** So many sources change something one after the other: memory and disk stay bounded, the most recent are remembered. */
export async function manySources(folder: string, sources: number): Promise<void> {
  const kept = sources / 8;
  const limits = { sources: kept, bytes: 8 * 2 ** 20, mostBytes: 64 * 2 ** 20 };
  const { store, memories } = await runOf(folder, { sources: kept, bytes: 2 ** 20 }, limits);
  const key = (n: number) => `2001:db8:${n.toString(16)}::/64`;
  let most = 0;
  for (let n = 0; n < sources; n++) {
    memories.hold(key(n));
    memories.get(key(n)).readyMessage = `message ${n}`;
    memories.release(key(n));
    most = Math.max(most, memories.bytes);
    if (n % 500 === 499) await store.flush();
  }
  await store.flush();
  expect(most).toBeLessThan(limits.bytes);
  expect(memories.size).toBeLessThanOrEqual(kept + 500);
  expect((await readdir(folder)).length).toBeLessThanOrEqual(kept);
  const next = await runOf(folder);
  await next.store.load(key(sources - 1));
  expect(next.memories.peek(key(sources - 1))?.readyMessage).toBe(`message ${sources - 1}`);
  expect(next.store.load(key(0))).toBeUndefined();
}
