/**
 * The toy service: what a device says to the messages of the codec, and what is worth telling about them.
 * A dialogue gets bytes and gives steps; it has no socket and no clock, so a transcript tests it exactly.
 */
import { LIMITS } from "../../event/catalogue.ts";
import type { Draft } from "../../event/event.ts";
import type { Device } from "../../printer/device.ts";
import type { Dialogue, Service, Step, Visitor } from "../contract.ts";
import { ToyDecoder, type ToyMessage } from "./codec.ts";

class ToyDialogue implements Dialogue {
  readonly #device: Device;
  readonly #visitor: Visitor;
  readonly #decoder = new ToyDecoder();

  constructor(device: Device, visitor: Visitor) {
    this.#device = device;
    this.#visitor = visitor;
  }

  receive(bytes: Uint8Array): Step[] {
    return this.#decoder.push(bytes).map((message) => this.#answer(message));
  }

  /** A printer closes when its visitor is done. When the connection was cut there is nobody to close for. */
  end(cut?: string): Step[] {
    const steps = this.#decoder.end().map((message) => this.#answer(message));
    return cut === undefined ? [...steps, { close: true }] : steps;
  }

  #answer(message: ToyMessage): Step {
    if (message.kind === "odd") return { drafts: [odd(message)] };
    const { name, at } = message;
    const model = this.#device.value("model", this.#visitor);
    return {
      drafts: [{ type: "toy.greeting", data: { name, at } }],
      reply: Buffer.from(`HELLO ${name}, I AM ${model}\r\n`, "latin1"),
    };
  }
}

function odd({ what, text, at }: Extract<ToyMessage, { kind: "odd" }>): Draft {
  return { type: "protocol.odd", data: { protocol: "toy", what, at, sample: text.slice(0, LIMITS.line) } };
}

/** Not a service of any printer: it is in no persona and not in the registry. */
export const toy: Service = {
  name: "toy",
  transport: "tcp",
  manners: () => ({ port: 7, idleSeconds: 30, connectionsPerSource: 4 }),
  open: (device, visitor) => new ToyDialogue(device, visitor),
};
