/** What the tests of the PJL codec share: inputs to mutate, and messages with the pieces of each job joined. */
import { PjlDecoder, type PjlMessage } from "../../src/protocols/pjl/codec.ts";
import type { CodecLaws } from "./codec.ts";

const UEL = "\x1b%-12345X";

/** Joins the pieces of each job, so that messages differ only where more than the cuts differ. */
export function joinData(messages: PjlMessage[]): unknown[] {
  const out: unknown[] = [];
  let body: Buffer[] = [];
  for (const message of messages) {
    if (message.kind === "data") body.push(Buffer.from(message.bytes));
    else {
      if (message.kind === "data-end") out.push({ body: Buffer.concat(body).toString("latin1") });
      body = message.kind === "data-end" ? [] : body;
      out.push(message);
    }
  }
  return out;
}

export const PJL_LAWS: Omit<CodecLaws<PjlMessage>, "runs"> = {
  open: () => new PjlDecoder(),
  join: joinData,
  samples: [
    `${UEL}@PJL INFO ID\r\n${UEL}\r\n`,
    `${UEL}@PJL JOB NAME="a"\n@PJL SET COPIES=2\n@PJL ENTER LANGUAGE=PCL\n\x1bEpage\f\x1bE${UEL}@PJL EOJ\n${UEL}`,
    `@PJL INFO STATUS\n\r\n @PJL ECHO x\r\n${UEL}`,
    `plain text\f${UEL}${UEL}@PJL\n\x1b%-1${UEL}`,
    `${UEL}@PJL INFO ID${UEL}@PJL COMMENT ${"x".repeat(9000)}\r\n@PJL ECHO y\n`,
    `${" ".repeat(5000)}text`,
    `@PJL FSDOWNLOAD FORMAT:BINARY SIZE=30 NAME="0:\\a"\r\n${UEL}@PJL INFO ID\r\n12345678\r\n${UEL}@PJL ECHO x\r\n`,
    `@PJL FSAPPEND FORMAT:BINARY NAME="0:\\a"\r\n@PJL INFO ID\r\n${UEL}@PJL FSAPPEND SIZE=0 NAME="0:\\a"\n${UEL}`,
    `@PJL UPGRADE SIZE=5\nabc${UEL}@PJL UPGRADE\n@PJL LPROGRAMRIP SOCKET=1 SIZE=9999999999\n`,
  ],
  words: [
    UEL,
    "@PJL",
    "@PJL ",
    "INFO ID",
    "ENTER LANGUAGE=PCL",
    '@PJL FSDOWNLOAD SIZE=20 NAME="0:\\a"\n',
    '@PJL FSAPPEND NAME="0:\\a"\n',
    "@PJL UPGRADE SIZE=3\n",
    "\r\n",
    "\n",
    "\r",
    "\x1b",
    "\x1b%-123",
    "@",
    "\0",
    "\f",
  ],
};
