/** Messages to a syslog server: RFC 5424 over UDP (RFC 5426), TCP and TLS with octet counting (RFC 6587, RFC 5425). */
import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { z } from "zod";
import { cef } from "./cef.ts";
import { channelKind, commonSettings, namedFile, type Surroundings } from "./channel.ts";
import type { Message } from "./message.ts";
import { utf8Within } from "./text.ts";

const FACILITIES = ["user", "daemon", "auth", "authpriv", "local0", "local1", "local2", "local3", "local4", "local5"];
const FACILITY_NUMBERS = [1, 3, 4, 10, 16, 17, 18, 19, 20, 21];
/** Critical, warning, notice. */
const SEVERITIES = { grave: 2, harm: 4, note: 5 };
const PORTS = { udp: 514, tcp: 514, tls: 6514 };
/** What a receiver has to take over UDP is 480 bytes and should be 2048 (RFC 5426 section 3.2); a TCP one gets more. */
const LONGEST = { udp: 2048, tcp: 16_384, tls: 16_384 };
const FAREWELL_MS = 2000;

const settings = z.strictObject({
  type: z.literal("syslog"),
  ...commonSettings,
  host: z.string().min(1),
  port: z.number().int().min(1).max(65535).optional().describe("514, for TLS 6514"),
  transport: z.enum(["udp", "tcp", "tls"]).default("udp"),
  caFile: z.string().optional().describe("certificates to trust, PEM"),
  facility: z.enum(FACILITIES as [string, ...string[]]).default("local0"),
  format: z.enum(["rfc5424", "cef"]).default("rfc5424").describe("cef: CEF as the text of the same message"),
  enterprise: z
    .number()
    .int()
    .positive()
    .default(32473)
    .describe(
      "enterprise number in the name of the structured data; the default is the one for documentation (RFC 5612)",
    ),
});

export const syslog = channelKind(settings, async (given, surroundings) => {
  const ca = given.caFile === undefined ? undefined : await namedFile(given.caFile, "caFile");
  const { host, transport } = given;
  const port = given.port ?? PORTS[transport];
  return {
    send: (message, signal) => {
      const bytes = syslogMessage(message, given, surroundings);
      if (transport === "udp") return datagram(bytes, host, port);
      const counted = Buffer.concat([Buffer.from(`${bytes.length} `), bytes]);
      const servername = isIP(host) === 0 ? { servername: host } : {};
      const socket =
        transport === "tcp" ? connect({ host, port }) : connectTls({ host, port, ...servername, ...(ca && { ca }) });
      return delivered(socket, transport === "tcp" ? "connect" : "secureConnect", counted, signal);
    },
  };
});

/** RFC 5424 section 6: header, structured data and text, cut where the transport ends. */
export function syslogMessage(
  message: Message,
  { facility, format, enterprise, transport }: Omit<z.output<typeof settings>, "name" | "type" | "host" | "quiet">,
  { version, hostname }: Surroundings,
): Buffer {
  const priority = FACILITY_NUMBERS[FACILITIES.indexOf(facility)]! * 8 + SEVERITIES[message.urgency];
  const time = new Date(message.time).toISOString();
  const head = `<${priority}>1 ${time} ${printable(hostname, 255)} inktrap - ${message.kind}`;
  const fields = fieldsOf(message);
  const parameters = [["id", message.id] as const, ...fields].map(([name, text]) => ` ${name}="${escaped(text)}"`);
  // What follows the structured data is UTF-8 and says so with a byte order mark; readers of CEF look for its first letters.
  const text =
    format === "cef" ? cef(message, fields, version) : `\uFEFF${message.title}. ${message.lines.join(" ").trim()}`;
  const data = format === "cef" ? "-" : `[inktrap@${enterprise}${parameters.join("")}]`;
  return utf8Within(`${head} ${data} ${text}`, LONGEST[transport]);
}

/** Section 6.3.3: in a value a quotation mark, a backslash and a closing bracket are escaped. */
const escaped = (text: string) => text.replace(/["\\\]]/g, "\\$&");

/** Section 6: a header field is printable ASCII without blanks, or a hyphen. */
const printable = (text: string, max: number) => text.replace(/[^!-~]/g, "").slice(0, max) || "-";

/** What programs look for, by name. */
function fieldsOf({ data, link }: Message): [string, string][] {
  const { reasons, intents } = data as { reasons?: { rule: string }[]; intents?: Record<string, number> };
  const named: [string, unknown][] = [
    ["case", data["case"]],
    ["intent", data["intent"]],
    ["level", data["confidence"]],
    ["source", data["source"]],
    ["sessions", data["sessions"]],
    ["jobs", data["jobs"]],
    ["first", data["first"]],
    ["last", data["last"]],
    ["signature", reasons?.[0]?.rule],
    ["alerts", data["alerts"]],
    [
      "intents",
      intents &&
        Object.entries(intents)
          .map(([name, count]) => `${count} ${name}`)
          .join(", "),
    ],
    ["demonstration", data["demonstration"]],
    ["link", link],
  ];
  return named.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
}

async function datagram(bytes: Buffer, host: string, port: number): Promise<string> {
  const { address, family } = await lookup(host);
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: family === 6 ? "udp6" : "udp4" });
    const done = (error: Error | null) => {
      socket.close();
      if (error) reject(error);
      else resolve("sent; nobody answers over UDP");
    };
    socket.once("error", done);
    socket.send(bytes, port, address, done);
  });
}

/** Writes all and ends the connection. Taken: the far end closed in turn, or had a while for refusing. */
function delivered(socket: Socket, ready: string, bytes: Buffer, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const abort = () => socket.destroy(new Error("no answer in time"));
    signal.addEventListener("abort", abort, { once: true });
    let timer: NodeJS.Timeout | undefined;
    let flushed = false;
    socket.once(ready, () =>
      socket.end(bytes, () => {
        flushed = true;
        timer = setTimeout(() => socket.destroy(), FAREWELL_MS);
      }),
    );
    let fault: Error | undefined;
    socket.on("error", (error) => (fault = error));
    socket.resume();
    socket.on("close", () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      if (fault || !flushed) reject(fault ?? new Error("the connection ended before all was sent"));
      else resolve(`${bytes.length} bytes taken`);
    });
  });
}
