/** What must hold for every conversation on port 9100, whatever the visitor sends. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect } from "vitest";
import { payloadProblems } from "../../src/event/catalogue.ts";
import type { Step } from "../../src/protocols/contract.ts";
import { raw } from "../../src/protocols/raw/service.ts";
import { cuts, inputs, pieces } from "./codec.ts";
import { PJL_LAWS } from "./pjl-codec.ts";
import { testDevice, TEST_VISITOR } from "./transcript-device.ts";

const WORDS = [
  ...PJL_LAWS.words,
  '@PJL SET COPIES=2\r\n@PJL DEFAULT DUPLEX = OFF\n@PJL INQUIRE COPIES\n@PJL DEFAULT PASSWORD="x"\n',
  '@PJL RDYMSG DISPLAY="x"\r\n@PJL JOB NAME="n" PASSWORD=1\n@PJL EOJ\n@PJL INITIALIZE\n@PJL USTATUS JOB=ON\n',
  "@PJL INFO VARIABLES\n@PJL INFO USTATUS\n@PJL DINQUIRE LPARM:PCL PITCH\n@PJL INFO \xff\xb5\xdf\n",
  '@PJL SET JOBATTR="JobAcct1=ann"\n@PJL DEFAULT PASSWORD=7\n',
  '@PJL FSDOWNLOAD FORMAT:BINARY SIZE=9 NAME="0:\\a"\n@PJL\n1234@PJL FSUPLOAD NAME="0:\\a" OFFSET=2 SIZE=99\n',
  '@PJL FSAPPEND SIZE=3 NAME="0:\\a"\nxyz@PJL FSAPPEND NAME="0:\\webServer\\home\\device.html"\n<p>\x1b%-12345X',
  '@PJL FSMKDIR NAME="0:\\d"\n@PJL FSDELETE NAME="0:\\a"\n@PJL FSINIT VOLUME="0:"\n@PJL INFO FILESYS\n@PJL UPGRADE SIZE=5\n',
  '@PJL FSDIRLIST NAME="0:/../.." ENTRY=1 COUNT=9\n@PJL FSQUERY NAME="0:\\a"\n@PJL FSUPLOAD NAME="0:\\..\\init" OFFSET=0 SIZE=9\n',
  "@PJL ENTER LANGUAGE=HTTP\nGET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
  '@PJL OPMSG DISPLAY="x"\r\n@PJL STMSG DISPLAY="y"\n@PJL SET SERVICEMODE=HPBOISEID\n@PJL SET PAGES=7\n@PJL CLEARNVRAM\n',
  "@PJL USTATUS DEVICE=VERBOSE\n@PJL USTATUS PAGE=ON\n@PJL USTATUS TIMED=5\n@PJL SET TESTPAGE=SELFTEST\n",
  '@PJL DMINFO ASCIIHEX="000006030302010301"\n@PJL DMCMD ASCIIHEX="04000401010502040103"\n',
  '@PJL DMCMD ASCIIHEX="040006020501010301040106"\n',
  "GET / HTTP/1.1\r\n\r\n",
  "\x16\x03\x01\0\x05\x01",
];

/** Plays `runs` random and mutated inputs in random cuts on both personas. */
export function checkRaw(runs: number): void {
  const persona = fc.constantFrom("hp-laserjet-p1102w", "hp-laserjet-4250");
  const samples = [...PJL_LAWS.samples, ...WORDS.slice(PJL_LAWS.words.length)];
  fc.assert(
    fc.property(persona, inputs(samples, WORDS), cuts(), fc.boolean(), (persona, input, cuts, reset) => {
      const device = testDevice(persona);
      const dialogue = raw.open(device, TEST_VISITOR);
      const calls: Step[][] = [];
      const closes = () => calls.flat().filter((step) => step.close).length;
      for (const piece of pieces(input, cuts)) if (closes() === 0) calls.push(dialogue.receive(Buffer.from(piece)));
      const hungUp = closes() > 0;
      if (!hungUp) calls.push(dialogue.end(reset ? "reset" : undefined));
      for (const steps of calls) {
        const sends = steps.filter((step) => step.send).length;
        expect(steps.filter((step) => step.reply).length).toBeLessThanOrEqual(1 + sends);
      }
      checkSteps(calls.flat(), input);
      expect(closes()).toBe(reset && !hungUp ? 0 : 1);
      expect(device.memory(TEST_VISITOR.key).jobsNow).toBe(0);
    }),
    { numRuns: runs },
  );
}

/**
 * Jobs begin, go on and end in order with every byte of their range; everything told fits the catalogue; what is sent back
 * was kept before.
 */
function checkSteps(steps: readonly Step[], input: Buffer): void {
  let body: Buffer[] | undefined;
  const kept = new Map<string, number>();
  for (const { job, drafts, send } of steps) {
    for (const draft of drafts ?? []) expect(payloadProblems(draft.type, draft.data)).toEqual([]);
    if (send) expect(send.offset + send.length).toBeLessThanOrEqual(kept.get(send.sha256) ?? -1);
    if (!job) continue;
    if ("begin" in job) {
      expect(body).toBeUndefined();
      body = [];
    } else if ("bytes" in job) {
      expect(Buffer.from(job.bytes)).toEqual(input.subarray(job.at, job.at + job.bytes.length));
      body!.push(Buffer.from(job.bytes));
    } else {
      const [start, end] = job.end.at;
      expect(Buffer.concat(body!)).toEqual(input.subarray(start, end));
      kept.set(createHash("sha256").update(input.subarray(start, end)).digest("hex"), end - start);
      const session = { job: "1", bytes: end - start, sha256: "0".repeat(64), head: "" };
      expect(payloadProblems("job.captured", { ...job.end, ...session })).toEqual([]);
      body = undefined;
    }
  }
  expect(body).toBeUndefined();
}
