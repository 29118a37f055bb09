/** Plays planned visits through real sockets, a week in about a minute. */
import { connect } from "node:net";
import type { DeviceName, PlannedVisit } from "./story.ts";

/** A clock that a player moves ahead; between two moves it goes as fast as any. Never backwards, never into the future. */
export class DemoClock {
  #shown: number;
  #since = Date.now();
  #free = false;

  constructor(start: number) {
    this.#shown = start;
  }

  readonly now = (): number => {
    if (this.#free) return Date.now();
    return Math.min(Date.now(), this.#shown + Date.now() - this.#since);
  };

  moveTo(time: number): void {
    this.#shown = Math.max(this.now(), time);
    this.#since = Date.now();
  }

  /** From now on it is the clock of the machine. */
  release(): void {
    this.#free = true;
  }
}

export interface Stage {
  clock: DemoClock;
  /** When the week began, milliseconds since 1970. */
  start: number;
  /** The port of a device's service on 127.0.0.1. */
  portOf: (to: DeviceName, service: string) => number;
  /** Tells how many visits are over. */
  onVisit?: (done: number, at: number) => void;
}

/** A visit waits this long for an answer to what it sent, this long for the end, and this long after it broke off. */
const ANSWER_MS = 40;
const END_MS = 1500;
const NOTICED_MS = 50;

/** Plays all visits, one after the other in the order of time; stops early when `signal` says so. */
export async function play(visits: readonly PlannedVisit[], stage: Stage, signal: AbortSignal): Promise<void> {
  let done = 0;
  for (const visit of visits) {
    if (signal.aborted) return;
    stage.clock.moveTo(stage.start + visit.at);
    await call(visit, stage.portOf(visit.to, visit.service));
    stage.onVisit?.(++done, stage.start + visit.at);
  }
}

/** Connects from the visit's address, sends piece after piece, closes its side, and resolves when the printer has closed. */
function call({ from, pieces }: PlannedVisit, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", localAddress: from });
    const deadline = setTimeout(() => socket.destroy(), END_MS);
    const begun = Date.now();
    let next = 0;
    let waiting: NodeJS.Timeout | undefined;
    const step = () => {
      clearTimeout(waiting);
      const piece = pieces[next++];
      if (piece === undefined) socket.end();
      else socket.write(piece, () => (waiting = setTimeout(step, next < pieces.length ? ANSWER_MS : 5)));
    };
    socket.on("connect", step);
    socket.resume();
    // A printer that hangs up in its own way is part of the visit; one that cannot be reached is not.
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.syscall === "connect" || error.syscall === "bind") reject(error);
    });
    socket.on("close", () => {
      clearTimeout(deadline);
      clearTimeout(waiting);
      // The clock moves on only when the printer has seen the end too.
      if (Date.now() - begun < END_MS) resolve();
      else setTimeout(resolve, NOTICED_MS);
    });
  });
}
