/** What the raw port does in the course of time: status unasked, jobs that wait for each other, connections that end late. */
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { makeIdentity } from "../../printer/identity.ts";
import { LiveDevice } from "../../printer/live-device.ts";
import { loadPersona } from "../../printer/load.ts";
import type { Dialogue, Step, Visitor } from "../contract.ts";
import { raw } from "./service.ts";

const DATA = fileURLToPath(new URL("../../../data/personas", import.meta.url));
/** A Sunday night. */
const NIGHT = Date.UTC(2026, 10, 22, 2);
const ANNA: Visitor = { key: "a", ip: "192.0.2.1", port: 1, localIp: "198.51.100.5", localPort: 9100 };
const UEL = "\x1b%-12345X";

const loaded = loadPersona(DATA, "hp-laserjet-4250");
if ("problems" in loaded) throw new Error(loaded.problems[0]!.what);
const { persona } = loaded;

/** A device at night, already awake, and visitors who talk to it. */
function site() {
  const clock = { now: NIGHT };
  const identity = makeIdentity(persona, "00", NIGHT - 86_400_000);
  const device = new LiveDevice({ id: "d", persona, identity, now: () => clock.now, pacing: true });
  device.printed(1);
  return { clock, device, visitor: () => new Talker(raw.open(device, ANNA), clock) };
}

/** Does with a dialogue what the session does: sends, waits, wakes. */
class Talker {
  readonly #dialogue: Dialogue;
  readonly #clock: { now: number };
  #alarm: number | undefined;
  jobs = 0;
  closed = false;

  constructor(dialogue: Dialogue, clock: { now: number }) {
    this.#dialogue = dialogue;
    this.#clock = clock;
  }

  say(text: string): string {
    return this.#hear(this.#dialogue.receive(Buffer.from(text, "latin1")));
  }

  bye(): string {
    return this.#hear(this.#dialogue.end());
  }

  /** Lets time go by. */
  for(ms: number): string {
    const until = this.#clock.now + ms;
    let heard = "";
    while (this.#alarm !== undefined && this.#alarm <= until) {
      this.#clock.now = this.#alarm;
      this.#alarm = undefined;
      heard += this.#hear(this.#dialogue.wake!());
    }
    this.#clock.now = until;
    return heard;
  }

  #hear(steps: readonly Step[]): string {
    let heard = "";
    for (const { reply, wakeMs, job, close } of steps) {
      if (reply) heard += Buffer.from(reply).toString("latin1");
      if (wakeMs !== undefined) this.#alarm = wakeMs === 0 ? undefined : this.#clock.now + wakeMs;
      if (job && "end" in job) this.jobs++;
      if (close) this.closed = true;
    }
    return heard;
  }
}

const kinds = (text: string) => [...text.matchAll(/@PJL (USTATUS \w+|\w+)/g)].map(([, kind]) => kind);

describe("status unasked", () => {
  it("comes every so many seconds until it is turned off", () => {
    const { visitor } = site();
    const anna = visitor();
    expect(anna.say(`${UEL}@PJL USTATUS TIMED = 30 \r\n`)).toBe("");
    expect(anna.for(29_999)).toBe("");
    expect(anna.for(1)).toBe('@PJL USTATUS TIMED\r\nCODE=10001\r\nDISPLAY="Ready"\r\nONLINE=TRUE\r\n\f');
    expect(kinds(anna.for(120_000))).toEqual(Array(4).fill("USTATUS TIMED"));
    anna.say("@PJL USTATUS TIMED=0\r\n");
    expect(anna.for(300_000)).toBe("");
  });

  it("tells of pages as they come out, of the device, and of the job when its last page is out", () => {
    const { visitor, device } = site();
    const anna = visitor();
    anna.say(`${UEL}@PJL USTATUS DEVICE=ON\r\n@PJL USTATUS JOB=ON\r\n@PJL USTATUS PAGE=ON\r\n`);
    const started = anna.say(
      `@PJL JOB NAME="j"\r\n@PJL ENTER LANGUAGE=PCL\r\n\x1bEone\ftwo\fthree\f${UEL}@PJL EOJ\r\n`,
    );
    expect(kinds(started)).toEqual(["USTATUS JOB", "USTATUS DEVICE"]);
    expect(anna.for(6000)).toBe("");
    const first = anna.for(4000);
    expect(kinds(first)[0]).toBe("USTATUS PAGE");
    const rest = anna.for(4000);
    expect((first + rest).match(/PAGE\r\n\d/g)).toEqual(["PAGE\r\n1", "PAGE\r\n2", "PAGE\r\n3"]);
    expect(rest).toContain('@PJL USTATUS JOB\r\nEND\r\nNAME="j"\r\nPAGES=3\r\n\f');
    expect(rest + anna.for(1500)).toContain("@PJL USTATUS DEVICE\r\nCODE=10001\r\n");
    expect(device.status(ANNA).code).toBe(10001);
  });

  it("tells which key was pressed, and that the device is back", () => {
    const { visitor, device } = site();
    const anna = visitor();
    anna.say('@PJL USTATUS DEVICE=ON\r\n@PJL STMSG DISPLAY="HELP"\r\n');
    const { until } = device.memory(ANNA.key).attention!;
    const heard = anna.for(until - NIGHT + 2000);
    expect(heard).toContain('@PJL STMSG DISPLAY="HELP"\r\nONLINE\r\n\f');
    expect(heard).toMatch(/USTATUS DEVICE\r\nCODE=\d+\r\nDISPLAY="[^"]*"\r\n(?:.*\r\n)*ONLINE=TRUE\r\n\f/);
  });
});

describe("jobs of one source", () => {
  it("wait until the one before is printed, with all that comes behind them, while questions are answered", () => {
    const { visitor, device } = site();
    const [one, two, three] = [visitor(), visitor(), visitor()];
    one.say(`${UEL}@PJL ENTER LANGUAGE=PCL\r\n\x1bEfirst`);
    expect(two.say(`second job\f${UEL}@PJL ECHO after\r\n`)).toBe("");
    expect(three.say("@PJL INFO STATUS\r\n")).toContain("CODE=10023\r\n");
    expect(two.for(10_000)).toBe("");
    expect([one.jobs, two.jobs]).toEqual([0, 0]);
    one.say(`\f${UEL}`);
    expect(one.jobs).toBe(1);
    expect(two.for(5000)).toBe("");
    expect(two.for(6000)).toBe("@PJL ECHO after\r\n\f");
    expect(two.jobs).toBe(1);
    expect(device.memory(ANNA.key).jobsNow).toBe(0);
  });

  it("wait no longer than a minute, and not at all when the visitor goes", () => {
    const { visitor } = site();
    const [one, two, three] = [visitor(), visitor(), visitor()];
    one.say("an endless job");
    two.say("the second\f");
    two.for(61_000);
    two.say(UEL);
    expect(two.jobs).toBe(1);
    three.say("the third\f");
    expect(three.jobs).toBe(0);
    three.bye();
    expect([three.jobs, three.closed]).toEqual([1, true]);
  });

  it("end their connection a moment after the visitor, with what there is to say", () => {
    const { visitor, device, clock } = site();
    const anna = visitor();
    anna.say(`@PJL USTATUS JOB=ON\r\n@PJL JOB\r\nten words\f${UEL}@PJL EOJ\r\n`);
    const steps = raw.open(device, { ...ANNA, key: "b" });
    steps.receive(Buffer.from("words\f"));
    const [wait, last] = steps.end().filter((step) => step.waitMs || step.close);
    expect(wait!.waitMs).toBeGreaterThan(500);
    expect(wait!.waitMs).toBeLessThan(2500);
    expect(last!.close).toBe(true);
    expect(anna.bye()).toBe("@PJL USTATUS JOB\r\nEND\r\nPAGES=1\r\n\f");
    clock.now += 60_000;
    const asked = visitor();
    asked.say("@PJL INFO ID\r\n");
    expect(device.closesIn(ANNA.key)).toBe(0);
  });
});
