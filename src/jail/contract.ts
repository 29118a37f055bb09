/**
 * What runs in the jail and what comes out of it. A jailed program is a short-lived or long-lived child process that
 * sees no environment, no files but its own code, starts no process, and talks in frames. Only this folder starts
 * processes that open what a visitor sent.
 */

/** What a child may use up. What is reached first ends it; what it said before is kept. */
export interface Limits {
  /** Milliseconds from the start of the process. */
  wallMs: number;
  /** Resident memory of the process, bytes. Watched where the system tells it (Linux). */
  residentBytes: number;
  /** Bytes of JavaScript heap. */
  heapBytes: number;
  /** Sum of all frames, bytes. */
  outputBytes: number;
  /** One frame's body, bytes. */
  frameBytes: number;
}

/** The limits of drawing a job. */
export const LIMITS: Limits = {
  wallMs: 15_000,
  residentBytes: 400 * 1024 * 1024,
  heapBytes: 160 * 1024 * 1024,
  outputBytes: 32 * 1024 * 1024,
  frameBytes: 8 * 1024 * 1024,
};

/** A program of the jail: its built entry file, what else it may read, and its few words of configuration. */
export interface Program {
  /** Path of the entry file. */
  entry: string;
  /** Files and folders it may read besides, absolute: its modules and packages. */
  reads: readonly string[];
  /** Given to the program as its only argument, JSON. */
  asked: unknown;
}

/** One thing that a child said. Both parts are as hostile as the input: whoever takes them checks them. */
export interface Frame {
  kind: string;
  /** Parsed JSON of at most 256 KiB. */
  head: unknown;
  body: Uint8Array;
}

/** How a child ended. `detail` is for people, and may hold the last words of its standard error. */
export interface Ending {
  how: "exit" | "time" | "memory" | "output" | "garbled" | "crash" | "stopped";
  detail: string;
  /** Milliseconds it ran, and the most memory it was seen with, bytes; 0 where the system does not tell. */
  ms: number;
  peakBytes: number;
}

/** A running child. */
export interface Jailed {
  /** Sends input; resolves when the child has room for more. Never rejects: a child that is gone takes nothing. */
  write(bytes: Uint8Array): Promise<void>;
  /** No more input. */
  end(): void;
  /** Ends the child at once. */
  stop(): void;
  /** Resolves when the process is gone and all that it said was handed over. Never rejects. */
  readonly ended: Promise<Ending>;
}

/** What keeps a child that broke out from the network and the file system. `none`: only Node's own permission model. */
export type Walls = "bubblewrap" | "none";
