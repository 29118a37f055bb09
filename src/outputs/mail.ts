/** Messages as mail, handed to one SMTP server. Plain text only; nothing a visitor sent decides about a header. */
import { createTransport } from "nodemailer";
import { z } from "zod";
import { aborted, channelKind, commonSettings, namedFile } from "./channel.ts";
import type { Message } from "./message.ts";
import { cut } from "./text.ts";

const address = z.email();
const PORTS = { starttls: 587, implicit: 465, none: 25 };
const CONNECT_MS = 15_000;

export const mail = channelKind(
  z
    .strictObject({
      type: z.literal("mail"),
      ...commonSettings,
      host: z.string().min(1).describe("SMTP server"),
      port: z.number().int().min(1).max(65535).optional().describe("587, 465 or 25, as `tls` says"),
      tls: z
        .enum(["starttls", "implicit", "none"])
        .default("starttls")
        .describe("starttls: not without it; implicit: from the first byte; none: in the clear"),
      caFile: z.string().optional().describe("certificates to trust, PEM"),
      user: z.string().optional(),
      password: z.string().optional(),
      passwordFile: z.string().optional().describe("a file with the password instead"),
      from: address,
      to: z.array(address).min(1).max(50),
    })
    .refine(
      ({ tls, user, host }) => tls !== "none" || user === undefined || /^(localhost|127\.|::1$)/.test(host),
      "the password would be sent in the clear: use tls: starttls or implicit",
    ),
  async ({ host, port, tls, caFile, user, password, passwordFile, from, to }) => {
    const pass = passwordFile === undefined ? password : await namedFile(passwordFile, "passwordFile");
    const ca = caFile === undefined ? undefined : await namedFile(caFile, "caFile");
    const transport = () =>
      createTransport({
        host,
        port: port ?? PORTS[tls],
        secure: tls === "implicit",
        requireTLS: tls === "starttls",
        ignoreTLS: tls === "none",
        ...(ca === undefined ? {} : { tls: { ca } }),
        ...(user === undefined ? {} : { auth: { user, pass: pass ?? "" } }),
        connectionTimeout: CONNECT_MS,
        greetingTimeout: CONNECT_MS,
        socketTimeout: 2 * CONNECT_MS,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    return {
      send: async (message, signal) => {
        const smtp = transport();
        try {
          const { response, rejected } = await Promise.race([
            smtp.sendMail(letter(message, from, to)),
            aborted(signal),
          ]);
          return rejected.length > 0 ? `${response}; not for ${rejected.join(", ")}` : response;
        } finally {
          smtp.close();
        }
      },
    };
  },
);

function letter({ id, title, lines, link, time }: Message, from: string, to: readonly string[]) {
  const domain = from.slice(from.lastIndexOf("@") + 1);
  // All messages about one case are one conversation: the id without its intent names it.
  const about = id.split(".").slice(0, 2).join(".");
  return {
    from: { name: "Inktrap", address: from },
    to: [...to],
    subject: cut(title, 160),
    date: new Date(time),
    messageId: `<${id}@${domain}>`,
    references: `<${about}@${domain}>`,
    headers: { "Auto-Submitted": "auto-generated" },
    text: `${[...lines, ...(link === undefined ? [] : ["", link])].join("\n")}\n`,
  };
}
