/**
 * ENTER LANGUAGE=HTTP: what follows is a conversation with the device's web server, whose answers come back on this
 * connection (Color LaserJet CP1215).
 */
import type { Draft } from "../../event/event.ts";
import type { Device } from "../../printer/device.ts";
import type { Dialogue, Step, Visitor } from "../contract.ts";
import { web } from "../http/web.ts";

export class Tunnel {
  readonly #web: Dialogue;
  /** Where in the visitor's stream the web server's begins. */
  #start: number | undefined;

  constructor(device: Device, visitor: Visitor) {
    this.#web = web.open(device, visitor);
  }

  push(bytes: Buffer, at: number): Step[] {
    this.#start ??= at;
    return this.#web.receive(bytes).map((step) => this.#moved(step));
  }

  /** The printer's own connection outlives it. */
  end(cut: string | undefined): Step[] {
    return this.#web.end(cut).map(({ drafts }) => this.#moved(drafts ? { drafts } : {}));
  }

  /** A step with its drafts where they stand in the visitor's stream. */
  #moved(step: Step): Step {
    return step.drafts ? { ...step, drafts: step.drafts.map((draft) => moved(draft, this.#start ?? 0)) } : step;
  }
}

function moved(draft: Draft, by: number): Draft {
  const data = draft.data as { at?: number | [number, number] };
  if (data.at === undefined) return draft;
  const at = typeof data.at === "number" ? data.at + by : [data.at[0] + by, data.at[1] + by];
  return { ...draft, data: { ...data, at } } as Draft;
}
