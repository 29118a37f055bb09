/** The binary data behind a PJL line on its way to its file: a file for the device's disk, or firmware. */
import { createHash, hash } from "node:crypto";
import { LIMITS } from "../../event/catalogue.ts";
import { Collector } from "../bytes.ts";
import type { JobFacts, JobStep } from "../contract.ts";
import type { PjlMessage } from "../pjl/codec.ts";
import { type Line, optionValue } from "../pjl/parse.ts";
import { sniff, SNIFF_BYTES } from "./language.ts";

/** Commands whose data is firmware. What comes behind the others is stored under a name. */
const FIRMWARE: ReadonlySet<string> = new Set(["UPGRADE", "LPROGRAMRIP"]);
/** What says no more of firmware than that it is none of the languages. */
const UNNAMED: ReadonlySet<string> = new Set(["binary", "text"]);

export class Carried {
  readonly firmware: boolean;
  readonly #name: string | undefined;
  readonly #text: string;
  /** How many bytes are to come; undefined: as many as do. */
  readonly #announced: number | undefined;
  readonly #head = new Collector(SNIFF_BYTES);
  /** Of all that came, once it is more than the head; until then there is nothing to keep up to date. */
  #hash: ReturnType<typeof createHash> | undefined;
  #bytes = 0;

  constructor(line: Line, message: Extract<PjlMessage, { kind: "line" }>) {
    this.firmware = FIRMWARE.has(line.command);
    this.#name = optionValue(line.argument, "NAME");
    this.#text = message.text;
    this.#announced = message.data === "uel" ? undefined : message.data;
  }

  /** The steps that a piece makes. */
  push(bytes: Buffer, at: number): JobStep[] {
    const first = this.#bytes === 0;
    if (this.#bytes + bytes.length > SNIFF_BYTES) this.#hash ??= createHash("sha256").update(this.#head.view());
    this.#head.append(bytes);
    this.#hash?.update(bytes);
    this.#bytes += bytes.length;
    return first ? [{ begin: true }, { bytes, at }] : [{ bytes, at }];
  }

  /** All has come, or `cut` says why not. Undefined where there were no bytes. */
  end(
    at: [number, number],
    cut: string | undefined,
    claims: Pick<JobFacts, "wrapper" | "name" | "user">,
  ): JobFacts | undefined {
    if (this.#bytes === 0) return undefined;
    const { language } = sniff(this.#head.view());
    const why = cut ?? (this.complete ? undefined : "fewer bytes than announced");
    const complete = why === undefined;
    const common = { complete, ...(complete ? {} : { why }), at };
    if (this.firmware) {
      return { kind: "job", language: UNNAMED.has(language) ? "firmware" : language, ...common, ...claims };
    }
    const { user } = claims;
    return {
      kind: "file",
      language,
      ...common,
      wrapper: [this.#text.slice(0, LIMITS.line)],
      ...(this.#name === undefined ? {} : { name: this.#name.slice(0, LIMITS.line) }),
      ...(user === undefined ? {} : { user }),
    };
  }

  get complete(): boolean {
    return this.#announced === undefined || this.#bytes === this.#announced;
  }

  /** Of all that came. Ends the count: nothing can be pushed after it. */
  body(): { sha256: string; bytes: number } {
    return { sha256: this.#hash?.digest("hex") ?? hash("sha256", this.#head.view()), bytes: this.#bytes };
  }
}
