/** Who asks has gone: queries made inside {@link whileWanted} are given up when its signal says so. */
import { AsyncLocalStorage } from "node:async_hooks";
import { setMaxListeners } from "node:events";

const asking = new AsyncLocalStorage<AbortSignal>();

/** A query whose asker has gone. */
export class GivenUp extends Error {
  constructor() {
    super("nobody waits for the answer any more");
    this.name = "GivenUp";
  }
}

/** Runs a task; reads of the store that it waits for are interrupted when the signal is aborted. */
export function whileWanted<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T> {
  // A task may make any number of queries, and each listens while it runs.
  setMaxListeners(0, signal);
  return asking.run(signal, task);
}

/** The signal of the task that runs now. */
export const wanted = (): AbortSignal | undefined => asking.getStore();
