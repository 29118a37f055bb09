/** The collector's end of the link. */
import { unlink } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import type { Event } from "../event/event.ts";
import {
  FRAME,
  type Frame,
  FrameReader,
  type Hello,
  jsonFrame,
  readBatch,
  readJson,
  type SensorStatus,
} from "./frames.ts";

export interface ReceivedBatch {
  sensor: string;
  from: number;
  to: number;
  events: { event: Event; position: number }[];
}

export interface ReceiverOptions {
  path: string;
  /** A sensor has connected: the position it shall go on from. */
  hello: (hello: Hello) => Promise<number>;
  /** Resolves with the position that is committed then; a rejection ends the connection, and the sensor begins again. */
  batch: (batch: ReceivedBatch) => Promise<number>;
  onFault: (error: unknown) => void;
  status: (sensor: string, status: SensorStatus) => void;
  /** A connection of the sensor has ended. */
  gone: (sensor: string) => void;
}

/** Listens for sensors; a socket that a dead process left at the path is replaced. */
export async function listenForSensors(options: ReceiverOptions): Promise<{ close(): Promise<void> }> {
  await unlink(options.path).catch(() => {});
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    attend(socket, options);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.path, () =>
      resolve({
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            for (const socket of sockets) socket.destroy();
          }),
      }),
    );
  });
}

/** One sensor's connection: frames are handled one after the other, and reading waits for the handling. */
function attend(socket: Socket, options: ReceiverOptions): void {
  const frames = new FrameReader();
  let sensor: string | undefined;
  let queue: Promise<void> = Promise.resolve();

  const handle = async ({ kind, body }: Frame): Promise<void> => {
    if (kind === FRAME.hello) {
      const hello = readJson<Hello>(body);
      if (!hello) throw new Error("a hello that is not JSON");
      sensor = hello.sensor;
      const position = await options.hello(hello);
      socket.write(jsonFrame(FRAME.welcome, { position }));
      return;
    }
    if (kind === FRAME.status && sensor !== undefined) {
      const status = readJson<SensorStatus>(body);
      if (status) options.status(sensor, status);
      return;
    }
    const batch = kind === FRAME.batch ? readBatch(body) : undefined;
    if (!batch || sensor === undefined) throw new Error("a damaged or unexpected frame");
    const position = await options.batch({ sensor, ...batch });
    socket.write(jsonFrame(FRAME.receipt, { position }));
  };

  socket.on("error", () => {});
  socket.on("close", () => {
    if (sensor !== undefined) options.gone(sensor);
  });
  socket.on("data", (chunk) => {
    const found = frames.push(chunk);
    if (!found) {
      socket.destroy();
      return;
    }
    socket.pause();
    queue = queue
      .then(async () => {
        for (const one of found) if (!socket.destroyed) await handle(one);
        socket.resume();
      })
      .catch((error: unknown) => {
        options.onFault(error);
        socket.destroy();
      });
  });
}
