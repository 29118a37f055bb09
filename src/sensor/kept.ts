/** Reading back bodies that were kept: what a visitor stored on the device and asks for again. */
import { createReadStream, existsSync } from "node:fs";
import { jobFile } from "../evidence/folder.ts";
import type { EvidenceWriter } from "../evidence/writer.ts";
import type { KeptBytes } from "../protocols/contract.ts";

const PIECE = 64 * 1024;

/** The bytes asked for, always as many; a body that was removed since reads as zeroes. */
export async function* readKept(evidence: string, writer: EvidenceWriter, asked: KeptBytes): AsyncGenerator<Buffer> {
  const path = jobFile(evidence, asked.sha256);
  // A body that came a moment ago has its name with the next commit.
  if (!existsSync(path)) await writer.room();
  let left = asked.length;
  if (left > 0 && existsSync(path)) {
    const end = asked.offset + asked.length - 1;
    for await (const chunk of createReadStream(path, {
      start: asked.offset,
      end,
      highWaterMark: PIECE,
    }) as AsyncIterable<Buffer>) {
      left -= chunk.length;
      yield chunk;
    }
  }
  for (; left > 0; left -= PIECE) yield Buffer.alloc(Math.min(PIECE, left));
}
