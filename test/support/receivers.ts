/** Far ends of alerts, for real: web servers, SMTP servers and syslog servers on loopback. */
import { createSocket } from "node:dgram";
import { createServer as createHttp, type IncomingHttpHeaders } from "node:http";
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from "node:net";
import { createServer as createTls } from "node:tls";
import { generate } from "selfsigned";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

export interface Receiver<T> {
  port: number;
  got: T[];
  close(): Promise<void>;
}

export interface Posted {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Takes every request; `answer` says how each is answered, 200 when it says nothing, never when it is a promise that stays open. */
export async function webReceiver(
  answer: (
    posted: Posted,
    count: number,
  ) => Promise<[number, Record<string, string>?] | void> | [number, Record<string, string>?] | void = () => {},
): Promise<Receiver<Posted>> {
  const got: Posted[] = [];
  const server = createHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const posted = {
        path: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      };
      got.push(posted);
      const [status, headers] = (await answer(posted, got.length)) ?? [200];
      response.writeHead(status, headers).end("as you say\n");
    });
  });
  return listening(server, got);
}

async function listening<T>(server: Server, got: T[], port = 0): Promise<Receiver<T>> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return { port: (server.address() as AddressInfo).port, got, close };
}

/** A certificate for localhost and 127.0.0.1, and its key. */
export async function certificate(): Promise<{ cert: string; key: string }> {
  const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
    keySize: 2048,
    extensions: [
      { name: "basicConstraints", cA: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  return { cert, key };
}

export interface Letter {
  from: string;
  to: string[];
  /** As it came: headers, an empty line, body. */
  raw: string;
  secure: boolean;
  user: string | undefined;
}

/** An SMTP server that takes letters; where `user` is given only from that one. */
export async function mailReceiver(
  options: SMTPServerOptions = {},
  login?: { user: string; pass: string },
): Promise<Receiver<Letter>> {
  const got: Letter[] = [];
  const server = new SMTPServer({
    logger: false,
    authOptional: login === undefined,
    disabledCommands: login ? [] : ["AUTH"],
    onAuth: ({ username, password }, _session, done) => {
      if (username === login?.user && password === login?.pass) done(null, { user: username });
      else done(new Error("Wrong name or password"));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        got.push({
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString("utf8"),
          secure: session.secure,
          user: session.user as string | undefined,
        });
        done();
      });
    },
    ...options,
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  return { port, got, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** A server that accepts connections and never says a word. */
export function silentReceiver(): Promise<Receiver<never>> {
  return listening(
    createTcp((socket) => {
      socket.on("error", () => {});
    }),
    [],
  );
}

export async function udpReceiver(): Promise<Receiver<Buffer>> {
  const got: Buffer[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (message) => got.push(message));
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return { port: socket.address().port, got, close: () => new Promise((resolve) => socket.close(resolve)) };
}

/** Keeps what each connection sent, whole; over TLS where a certificate is given. */
export function streamReceiver(tls?: { cert: string; key: string }): Promise<Receiver<Buffer>> {
  const got: Buffer[] = [];
  const take = (socket: Socket) => {
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("end", () => got.push(Buffer.concat(chunks)));
    socket.on("error", () => {});
  };
  return listening(tls ? createTls(tls, take) : createTcp(take), got);
}

/** Waits until something is so; throws what it was waiting for when it takes too long. */
export async function until(what: string, isSo: () => boolean, ms = 10_000): Promise<void> {
  const end = Date.now() + ms;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
