/** Says again what a visitor said, in the visitor's own time, and compares the answers with those that were recorded. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Piece } from "../evidence/wire.ts";
import { Comparison } from "./comparison.ts";

export interface ReplayOptions {
  host: string;
  port: number;
  /** How many times as fast as it was. */
  speed: number;
  /** Whether the visitor hung up first, so that the printer's end of the conversation is to be told. */
  hangUp: boolean;
  /** Told of every byte that comes back. */
  onHeard?: (bytes: Buffer) => void;
}

export interface Replayed {
  sent: number;
  /** Bytes of the visitor that are no longer kept and could not be sent. */
  missing: number;
  comparison: Comparison;
}

/** How long an answer that was recorded is waited for before the next bytes are sent all the same. */
const PATIENCE_MS = 3000;
/** How long the end of the conversation is waited for. */
const END_MS = 10_000;

/** Replays pieces over TCP. Resolves when the far end has closed; rejects where no connection can be made. */
export async function replay(pieces: AsyncIterable<Piece>, options: ReplayOptions): Promise<Replayed> {
  const socket = connect({ host: options.host, port: options.port, allowHalfOpen: true });
  await once(socket, "connect");
  const comparison = new Comparison();
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const ear = new Ear(socket, (bytes) => {
    comparison.hear(bytes);
    options.onHeard?.(bytes);
  });
  const result = { sent: 0, missing: 0, comparison };
  const begun = Date.now();
  let first: number | undefined;
  for await (const piece of pieces) {
    if (piece.direction === "out") {
      if (piece.bytes) comparison.expect(piece.bytes);
      continue;
    }
    first ??= piece.time;
    if (!piece.bytes) {
      result.missing += piece.length;
      continue;
    }
    await ear.heard(() => comparison.heard >= comparison.expected, PATIENCE_MS);
    await pause(begun + (piece.time - first) / options.speed - Date.now());
    if (!socket.writable) break;
    if (!socket.write(piece.bytes)) await Promise.race([once(socket, "drain"), closed]).catch(() => {});
    result.sent += piece.bytes.length;
  }
  await ear.heard(() => comparison.heard >= comparison.expected, PATIENCE_MS);
  if (options.hangUp) socket.end();
  await Promise.race([closed, pause(END_MS)]);
  socket.destroy();
  return result;
}

/** Listens to a socket, and lets wait for what is heard. */
class Ear {
  #ended = false;
  #waiting: (() => void) | undefined;

  constructor(socket: Socket, hear: (bytes: Buffer) => void) {
    const wake = () => this.#waiting?.();
    const end = () => {
      this.#ended = true;
      wake();
    };
    socket.on("data", (bytes: Buffer) => {
      hear(bytes);
      wake();
    });
    socket.on("end", () => {
      socket.end();
      end();
    });
    socket.on("error", end);
    socket.on("close", end);
  }

  /** Resolves when `enough` is true, when nothing more can come, or after `patienceMs` without anything new. */
  async heard(enough: () => boolean, patienceMs: number): Promise<void> {
    while (!enough() && !this.#ended) {
      let timer: NodeJS.Timeout | undefined;
      const something = await new Promise<boolean>((resolve) => {
        this.#waiting = () => resolve(true);
        timer = setTimeout(() => resolve(false), patienceMs);
      });
      clearTimeout(timer);
      if (!something) return;
    }
  }
}

function pause(ms: number): Promise<void> {
  return ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve();
}
