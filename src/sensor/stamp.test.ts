import { describe, expect, it } from "vitest";
import type { Draft, Origin } from "../event/event.ts";
import { readEvent } from "../evidence/record.ts";
import type { EvidenceWriter } from "../evidence/writer.ts";
import { Stamp } from "./stamp.ts";

const origin: Origin = {
  sensor: "s",
  device: "s",
  persona: "p",
  service: "raw",
  session: "1-1",
  transport: "tcp",
  source: { ip: "192.0.2.1", port: 1, verified: true },
  target: { ip: "192.0.2.2", port: 9100 },
};

/** A stamp whose events are collected, as `type` or `type command`. */
function collected() {
  const written: string[] = [];
  let position = 1;
  const writer = {
    append: ({ payload }: { payload: Buffer }) => {
      const event = readEvent({ payload } as never);
      written.push(event.type === "pjl.command" ? `${event.type} ${event.data.command}` : event.type);
      return position++;
    },
    sessionClosed: () => {},
  };
  return { stamp: new Stamp("s", 1, writer as unknown as EvidenceWriter, () => 0), written };
}

function command(name: string): Draft {
  const data = { command: name, argument: "", line: `@PJL ${name}`, at: [0, 1], answer: "silent", replyBytes: 0 };
  return { type: "pjl.command", data } as unknown as Draft;
}

describe("a session's share of events", () => {
  it("ends a flood of one command, and still has room for a command that is new, for jobs and for the end", () => {
    const { stamp, written } = collected();
    const log = stamp.session(1, origin);
    log.event({ type: "session.open", data: {} });
    for (let i = 0; i < 500; i++) log.event(command("INFO"));
    log.event(command("UPGRADE"));
    log.event({ type: "limit.reached", data: { limit: "x", value: 1 } });
    for (let i = 0; i < 500; i++) log.event(command(`NEW${i}`));
    log.close("visitor", 0);
    expect(written.filter((one) => one === "pjl.command INFO")).toHaveLength(47);
    expect(written).toContain("pjl.command UPGRADE");
    expect(written).toContain("limit.reached");
    expect(written.at(-1)).toBe("session.close");
    expect(written.length).toBeLessThanOrEqual(64);
  });
});
