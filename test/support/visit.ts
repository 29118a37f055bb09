/** Visitors: real sockets on loopback addresses. */
import { connect } from "node:net";

export const UEL = "\x1b%-12345X";

export interface Visit {
  port: number;
  /** Address to come from: 127.0.0.0/8 or ::1. */
  from?: string;
  to?: string;
  /** Sent one after the other, each after the answer to the one before or after `pauseMs`. */
  send: readonly (string | Uint8Array)[];
  pauseMs?: number;
  /** Hang up after this long at the latest. */
  timeoutMs?: number;
  /** Keep the sending side open instead of closing it after the last piece. */
  hold?: boolean;
}

/** Connects, sends, closes its side, and resolves with all that was answered (latin1) when the printer has closed. */
export function visit({ port, from, to, send, pauseMs = 5, timeoutMs = 10_000, hold = false }: Visit): Promise<string> {
  return new Promise((resolve, reject) => {
    const host = to ?? (from?.includes(":") ? "::1" : "127.0.0.1");
    const socket = connect({ port, host, ...(from === undefined ? {} : { localAddress: from }) });
    let answer = "";
    let next = 0;
    const deadline = setTimeout(
      () => socket.destroy(new Error(`no end of the visit after ${timeoutMs} ms, got ${answer}`)),
      timeoutMs,
    );
    const step = () => {
      const piece = send[next++];
      if (piece === undefined) {
        if (!hold) socket.end();
        return;
      }
      socket.write(typeof piece === "string" ? Buffer.from(piece, "latin1") : piece, () => setTimeout(step, pauseMs));
    };
    socket.on("connect", step);
    socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
    socket.on("error", (error) => {
      clearTimeout(deadline);
      reject(error);
    });
    socket.on("close", () => {
      clearTimeout(deadline);
      resolve(answer);
    });
  });
}

/** The request that came with each probe in the story, byte for byte as Python 2.7 writes it. */
export function urllib27(host: string): string {
  return `GET / HTTP/1.1\r\nAccept-Encoding: identity\r\nHost: ${host}\r\nConnection: close\r\nUser-Agent: Python-urllib/2.7\r\n\r\n`;
}

export const PRODINFO = `${UEL}@PJL INFO PRODINFO\r\n${UEL}`;

export const FLYER =
  "TONER SALE\r\n70 % OFF all cartridges, order now at http://toner.example/\r\nLimited offer, free shipping\r\n\f";
