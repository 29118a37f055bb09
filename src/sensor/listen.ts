/** The only sockets that visitors reach. */
import { createServer, type Server, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { type Problem, Problems } from "../util/problem.ts";

/** A service to be offered at an address and port. */
export interface Door {
  service: string;
  address: string;
  port: number;
  /** Where to listen when the port may not be bound for lack of privileges; without it that is an error. */
  fallbackPort?: number;
}

/** A door that is open. `asked` is the port that was wanted. */
export interface OpenDoor {
  service: string;
  address: string;
  port: number;
  asked: number;
  server: Server;
  /** Visitors who connected before the door was served. */
  early: Socket[];
}

/** Connections the system queues before they are accepted; a burst of visitors must not be dropped there. */
const BACKLOG = 1024;

/**
 * Opens all doors or none. Connections wait until {@link serve} is called.
 * Throws Problems with one entry for each door that could not be opened.
 */
export async function openDoors(doors: readonly Door[]): Promise<OpenDoor[]> {
  const results = await Promise.all(doors.map(openDoor));
  const open = results.filter((result): result is OpenDoor => "server" in result);
  const problems = results.filter((result): result is Problem => !("server" in result));
  if (problems.length === 0) return open;
  await closeDoors(open);
  throw new Problems(problems);
}

export async function closeDoors(doors: readonly OpenDoor[]): Promise<void> {
  await Promise.all(doors.map((door) => new Promise((resolve) => door.server.close(resolve))));
}

async function openDoor(door: Door): Promise<OpenDoor | Problem> {
  let error = await tryPort(door, door.port);
  if ("server" in error) return error;
  if (error.code === "EACCES" && door.fallbackPort !== undefined) {
    const second = await tryPort(door, door.fallbackPort);
    if ("server" in second) return second;
    error = second;
  }
  return problemOf(door, error);
}

function tryPort(door: Door, port: number): Promise<OpenDoor | NodeJS.ErrnoException> {
  return new Promise((resolve) => {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    const early: Socket[] = [];
    server.on("connection", (socket) => early.push(socket));
    const done = (outcome: OpenDoor | NodeJS.ErrnoException) => {
      server.removeAllListeners("error");
      resolve(outcome);
    };
    server.once("error", (error: NodeJS.ErrnoException) => done(error));
    server.listen({ host: door.address, port, backlog: BACKLOG }, () => {
      const bound = server.address() as { address: string; port: number };
      done({ service: door.service, address: bound.address, port: bound.port, asked: door.port, server, early });
    });
  });
}

const REMEDIES: Record<string, string> = {
  EADDRINUSE: "Stop the program that uses it, or give another port with --port-offset or in the configuration.",
  EACCES: "Start with the right to bind low ports, or use --port-offset 8000.",
  EADDRNOTAVAIL: "Give --listen an address of this machine.",
};

function problemOf(door: Door, error: NodeJS.ErrnoException): Problem {
  const port = error.code === "EACCES" ? door.port : ((error as { port?: number }).port ?? door.port);
  const what =
    error.code === "EADDRINUSE"
      ? `port ${port} is already in use`
      : error.code === "EACCES"
        ? `port ${port} may not be bound without privileges`
        : `cannot listen on port ${port}: ${error.message}`;
  return {
    where: `${door.service} ${door.address}`,
    what,
    remedy: REMEDIES[error.code ?? ""] ?? "Check the address and the port.",
  };
}

/** Begins to hand a door's connections to `serve`. */
export function serve(door: OpenDoor, onConnection: (socket: Socket) => void): void {
  door.server.removeAllListeners("connection");
  door.server.on("connection", onConnection);
  for (const socket of door.early.splice(0)) onConnection(socket);
}

/** The address that stands for every address: IPv6 with IPv4 mapped where the machine has IPv6. */
export function everyAddress(): string {
  const hasV6 = Object.values(networkInterfaces()).some((list) => list?.some((entry) => entry.family === "IPv6"));
  return hasV6 ? "::" : "0.0.0.0";
}
