/** What one source has changed, with an end to how much it may change. */
import type { SourceMemory, WrittenFile } from "./device.ts";

/** Characters of text kept for one source; a change beyond is ignored, as by a device whose memory is full. */
export const SOURCE_TEXT_LIMIT = 64 * 1024;

export class BoundedMemory implements SourceMemory {
  #text = 0;
  #readyMessage: string | undefined;
  #jobsNow = 0;
  readonly defaults = new CountedMap<string>(
    (value) => value.length,
    (more) => this.#take(more),
  );
  readonly files = new CountedMap<WrittenFile | "directory" | "deleted">(
    (file) => (typeof file === "string" ? 0 : file.parts.length * 80),
    (more) => this.#take(more),
  );

  get readyMessage(): string | undefined {
    return this.#readyMessage;
  }

  set readyMessage(message: string | undefined) {
    const more = (message?.length ?? 0) - (this.#readyMessage?.length ?? 0);
    if (this.#take(more)) this.#readyMessage = message;
  }

  get jobsNow(): number {
    return this.#jobsNow;
  }

  set jobsNow(jobs: number) {
    this.#jobsNow = Math.max(0, jobs);
  }

  #take(more: number): boolean {
    if (more > 0 && this.#text + more > SOURCE_TEXT_LIMIT) return false;
    this.#text += more;
    return true;
  }
}

/** A map that asks before it grows by so many characters. */
class CountedMap<V> extends Map<string, V> {
  readonly #size: (value: V) => number;
  readonly #take: (more: number) => boolean;

  constructor(size: (value: V) => number, take: (more: number) => boolean) {
    super();
    this.#size = size;
    this.#take = take;
  }

  override set(key: string, value: V): this {
    const old = this.get(key);
    const more = this.#size(value) - (old === undefined ? -key.length : this.#size(old));
    if (this.#take(more)) super.set(key, value);
    return this;
  }

  override delete(key: string): boolean {
    const old = this.get(key);
    if (old !== undefined) this.#take(-key.length - this.#size(old));
    return super.delete(key);
  }

  override clear(): void {
    for (const key of this.keys()) this.delete(key);
  }
}
