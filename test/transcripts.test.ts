/**
 * Plays every file of test/transcripts/ whole, byte by byte and in random cuts.
 * `npm test -- --update` rewrites the printer's side of each; read the difference before you commit it.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { payloadProblems } from "../src/event/catalogue.ts";
import type { Service } from "../src/protocols/contract.ts";
import { SERVICES } from "../src/protocols/registry.ts";
import { toy } from "../src/protocols/toy/service.ts";
import { cuts, pieces } from "./support/codec.ts";
import { testDevice, TEST_VISITOR } from "./support/transcript-device.ts";
import { asAsked, parseTranscript, play, rewrite, type Answer, type Transcript } from "./support/transcript.ts";

const FOLDER = new URL("transcripts/", import.meta.url);
const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".txt"))
  .sort();

/** Whether the run was started with `--update`; known inside a test only. */
function updating(): boolean {
  const { snapshotState } = expect.getState() as unknown as { snapshotState?: { _updateSnapshot?: string } };
  return snapshotState?._updateSnapshot === "all";
}

describe.each(files)("%s", (name) => {
  const file = new URL(name, FOLDER);
  const transcript = parseTranscript(readFileSync(file, "utf8"));
  const answer = (cut: (bytes: Buffer) => Uint8Array[]) => {
    const used: Service | undefined = transcript.service === "toy" ? toy : SERVICES.get(transcript.service);
    if (!used) throw new Error(`no service ${transcript.service}`);
    return play(transcript.exchanges, used.open(testDevice(transcript.persona), TEST_VISITOR), cut);
  };

  it("whole", () => {
    const answers = answer((bytes) => [bytes]);
    if (updating()) writeFileSync(file, rewrite(transcript, answers));
    else check(transcript, answers);
  });

  it("byte by byte", () => {
    if (updating()) return;
    check(
      transcript,
      answer((bytes) => [...bytes].map((byte) => Buffer.from([byte]))),
    );
  });

  it("in random cuts", () => {
    if (updating()) return;
    fc.assert(
      fc.property(fc.infiniteStream(cuts()), (stream) => {
        check(
          transcript,
          answer((bytes) => pieces(bytes, stream.next().value as number[])),
        );
      }),
      { numRuns: 15 },
    );
  });
});

function check(transcript: Transcript, answers: readonly Answer[]): void {
  answers.forEach((answer, i) => {
    const expected = transcript.exchanges[i]!;
    const where = `exchange ${i + 1}`;
    for (const { type, data } of answer.events) expect(payloadProblems(type, data), where).toEqual([]);
    expect(answer.reply, where).toBe(expected.reply);
    expect(asAsked(answer.events, expected.events), where).toEqual(expected.events);
    expect(answer.closes, where).toBe(expected.closes);
  });
}
