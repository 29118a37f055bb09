import { describe, expect, it } from "vitest";
import { checkRaw } from "../../../test/support/raw-laws.ts";
import { testDevice, TEST_VISITOR } from "../../../test/support/transcript-device.ts";
import type { Dialogue, Step, Visitor } from "../contract.ts";
import { MAX_REPLY } from "./dialogue.ts";
import { raw } from "./service.ts";

const UEL = "\x1b%-12345X";
const OTHER: Visitor = { ...TEST_VISITOR, key: "203.0.113.9", ip: "203.0.113.9" };
const send = (dialogue: Dialogue, text: string): Step[] => dialogue.receive(Buffer.from(text, "latin1"));
const replies = (steps: readonly Step[]) =>
  steps.map((step) => Buffer.from(step.reply ?? "").toString("latin1")).join("");
const say = (dialogue: Dialogue, text: string) => replies(send(dialogue, text));
const drafts = (steps: readonly Step[]) => steps.flatMap((step) => step.drafts ?? []);

describe("raw port", () => {
  it("remembers what a source changed for its later conversations, and shows it to nobody else", () => {
    const device = testDevice("hp-laserjet-4250");
    send(raw.open(device, TEST_VISITOR), '@PJL RDYMSG DISPLAY="GONE FISHING"\n@PJL DEFAULT COPIES=9\n');
    const question = "@PJL INFO STATUS\n@PJL INQUIRE COPIES\n";
    const again = say(raw.open(device, { ...TEST_VISITOR, port: 40_001 }), question);
    expect(again).toContain('DISPLAY="GONE FISHING"');
    expect(again).toContain("@PJL INQUIRE COPIES\r\n9\r\n\f");
    const other = say(raw.open(device, OTHER), question);
    expect(other).toContain('DISPLAY="Ready"');
    expect(other).toContain("@PJL INQUIRE COPIES\r\n1\r\n\f");
  });

  it("keeps the current environment to its own conversation", () => {
    const device = testDevice("hp-laserjet-4250");
    const one = raw.open(device, TEST_VISITOR);
    send(one, "@PJL SET COPIES=5\n");
    expect(say(raw.open(device, TEST_VISITOR), "@PJL INQUIRE COPIES\n")).toContain("\r\n1\r\n");
    expect(say(one, "@PJL INQUIRE COPIES\n")).toContain("\r\n5\r\n");
  });

  it("is busy for a source while a job of it arrives", () => {
    const device = testDevice("hp-laserjet-4250");
    const status = (visitor: Visitor) => say(raw.open(device, visitor), "@PJL INFO STATUS\n");
    const job = raw.open(device, TEST_VISITOR);
    send(job, "page one");
    expect(status(TEST_VISITOR)).toContain("CODE=10023");
    expect(status(OTHER)).toContain("CODE=10001");
    send(job, UEL);
    expect(status(TEST_VISITOR)).toContain("CODE=10001");
  });

  it("streams a job as it comes, in views of what was received", () => {
    const dialogue = raw.open(testDevice("hp-laserjet-4250"), TEST_VISITOR);
    const piece = Buffer.alloc(64 * 1024, "x");
    const steps = dialogue.receive(piece);
    expect(steps).toEqual([{ job: { begin: true } }, { job: { bytes: piece, at: 0 } }]);
    const job = dialogue.receive(piece)[0]?.job;
    expect(job && "bytes" in job && job.bytes.buffer).toBe(piece.buffer);
  });

  it("answers a packet in one piece, each time", () => {
    const dialogue = raw.open(testDevice("hp-laserjet-4250"), TEST_VISITOR);
    const steps = send(dialogue, `@PJL INFO ID\n@PJL ECHO x\n${UEL}@PJL INFO STATUS\n`);
    expect(steps.filter((step) => step.reply)).toHaveLength(1);
  });

  it("tells at most two things of a plain probe", () => {
    for (const probe of [
      `${UEL}@PJL INFO PRODINFO\r\n${UEL}`,
      `${UEL}@PJL\n@PJL INFO ID\n${UEL}`,
      "@PJL INFO ID",
      "\r\n",
    ]) {
      const dialogue = raw.open(testDevice("hp-laserjet-p1102w"), TEST_VISITOR);
      expect(drafts([...send(dialogue, probe), ...dialogue.end()]).length).toBeLessThanOrEqual(2);
    }
  });

  it("loses replies beyond what it can hold, and says so once", () => {
    const dialogue = raw.open(testDevice("hp-laserjet-4250"), TEST_VISITOR);
    const steps = send(dialogue, "@PJL INFO VARIABLES\n".repeat(500));
    expect(replies(steps).length).toBeLessThanOrEqual(MAX_REPLY);
    expect(replies(steps).length).toBeGreaterThan(MAX_REPLY - 10_000);
    expect(drafts(steps).filter((draft) => draft.type === "limit.reached")).toHaveLength(1);
    expect(say(dialogue, "@PJL ECHO still here\n")).toBe("@PJL ECHO still here\r\n\f");
  });

  it("obeys what changes something even when nobody can be told", () => {
    const device = testDevice("hp-laserjet-4250");
    send(raw.open(device, TEST_VISITOR), `${"@PJL INFO VARIABLES\n".repeat(500)}@PJL DEFAULT COPIES=3\n`);
    expect(device.memory(TEST_VISITOR.key).defaults.get("COPIES")).toBe("3");
  });

  it("does what must hold for any input", () => checkRaw(300));
});
