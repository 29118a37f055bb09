/**
 * How a jailed program talks: frames, each a length of kind (1 byte), of head (4) and of body (4, big endian), then the
 * kind in lower-case letters, the head as JSON in UTF-8, and the body. The reading end trusts none of it.
 */
import type { Frame } from "./contract.ts";

export const HEAD_BYTES = 256 * 1024;
const PREFIX_BYTES = 9;
const KIND = /^[a-z][a-z-]{0,31}$/;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** A frame as the pieces to be written one after the other; the body is not copied. */
export function frameBytes(kind: string, head: unknown, body: Uint8Array): [Uint8Array, Uint8Array] {
  const headText = Buffer.from(JSON.stringify(head));
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt8(kind.length, 0);
  prefix.writeUInt32BE(headText.length, 1);
  prefix.writeUInt32BE(body.length, 5);
  return [Buffer.concat([prefix, Buffer.from(kind, "latin1"), headText]), body];
}

/**
 * Takes a stream of frames apart, however it is cut. Never throws: at the first thing that cannot be a frame it says
 * why in `fault` and gives nothing any more.
 */
export class FrameReader {
  /** What is wrong with the stream, for people; null while it is right. */
  fault: string | null = null;
  readonly #bodyBytes: number;
  readonly #prefix = Buffer.alloc(PREFIX_BYTES);
  #sizes: { kind: number; head: number } | null = null;
  /** Where the part that is being read goes, and how much of it is there. */
  #part: Buffer = this.#prefix;
  #filled = 0;

  /** `bodyBytes`: the largest body that is taken. */
  constructor(bodyBytes: number) {
    this.#bodyBytes = bodyBytes;
  }

  push(bytes: Uint8Array): Frame[] {
    const frames: Frame[] = [];
    let at = 0;
    while (this.fault === null && at < bytes.length) {
      const piece = bytes.subarray(at, at + this.#part.length - this.#filled);
      this.#part.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
      if (this.#filled === this.#part.length) this.#partDone(frames);
    }
    return frames;
  }

  /** The stream is over: what was begun and not finished is a fault. */
  end(): void {
    if (this.#sizes !== null || this.#filled > 0) this.fault ??= "the stream ends within a frame";
  }

  #partDone(frames: Frame[]): void {
    if (this.#sizes === null) {
      this.#begin(this.#prefix.readUInt8(0), this.#prefix.readUInt32BE(1), this.#prefix.readUInt32BE(5));
      return;
    }
    const frame = this.#frame(this.#sizes.kind, this.#sizes.head);
    if (frame) frames.push(frame);
    this.#sizes = null;
    this.#part = this.#prefix;
    this.#filled = 0;
  }

  #begin(kind: number, head: number, body: number): void {
    if (kind < 1 || kind > 32) this.fault = "a kind of impossible length";
    else if (head < 1 || head > HEAD_BYTES) this.fault = `a head of ${head} bytes`;
    else if (body > this.#bodyBytes) this.fault = `a body of ${body} bytes`;
    if (this.fault !== null) return;
    this.#sizes = { kind, head };
    this.#part = Buffer.allocUnsafeSlow(kind + head + body);
    this.#filled = 0;
  }

  #frame(kindBytes: number, headBytes: number): Frame | null {
    const kind = this.#part.toString("latin1", 0, kindBytes);
    if (!KIND.test(kind)) this.fault = "a kind that is no word";
    else {
      try {
        const head: unknown = JSON.parse(utf8.decode(this.#part.subarray(kindBytes, kindBytes + headBytes)));
        return { kind, head, body: this.#part.subarray(kindBytes + headBytes) };
      } catch {
        this.fault = "a head that is not JSON";
      }
    }
    return null;
  }
}
