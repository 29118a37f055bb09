/**
 * The toy protocol, complete and tiny: the one to copy for a new protocol.
 *
 * A line `HELLO <name>` CRLF asks; `HELLO <name>, I AM <model>` CRLF answers. Nothing else exists.
 * A codec turns bytes into messages and knows nothing else: no device, no reply, no event.
 */
import { asBuffer, Collector, DelimiterFinder } from "../bytes.ts";
import type { Decoder } from "../contract.ts";

/** Bytes of a line that are kept; of a longer line the rest is counted and dropped. */
export const MAX_LINE = 256;

/** `at`: first and past-the-last byte in the inbound stream, the line end included. `text`: byte text. */
export type ToyMessage = { kind: "hello"; name: string; at: [number, number] } | Odd;
type Odd = {
  kind: "odd";
  what: "not a greeting" | "line too long" | "unfinished line";
  text: string;
  at: [number, number];
};

export class ToyDecoder implements Decoder<ToyMessage> {
  readonly #lineEnd = new DelimiterFinder(Buffer.from("\r\n"));
  readonly #line = new Collector(MAX_LINE);
  /** Bytes pushed before the current piece. */
  #before = 0;
  #lineStart = 0;

  push(piece: Uint8Array): ToyMessage[] {
    const bytes = asBuffer(piece);
    const messages: ToyMessage[] = [];
    for (let from = 0; from < bytes.length;) {
      const { data, next, found } = this.#lineEnd.find(bytes, from);
      for (const part of data) this.#line.append(part);
      if (found) messages.push(this.#take(this.#before + next));
      from = next;
    }
    this.#before += bytes.length;
    return messages;
  }

  end(): ToyMessage[] {
    this.#line.append(this.#lineEnd.release());
    return this.#line.total === 0 ? [] : [this.#take(this.#before, "unfinished line")];
  }

  /** The line collected so far, which ends before byte `end`; `fault` when it is no line whatever it says. */
  #take(end: number, fault?: Odd["what"]): ToyMessage {
    const what = this.#line.overflowed ? "line too long" : fault;
    const text = this.#line.view().toString("latin1");
    const at: [number, number] = [this.#lineStart, end];
    this.#line.clear();
    this.#lineStart = end;
    const name = what ? undefined : /^HELLO ([^ ]+)$/.exec(text)?.[1];
    return name === undefined ? { kind: "odd", what: what ?? "not a greeting", text, at } : { kind: "hello", name, at };
  }
}
