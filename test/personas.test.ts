/** Every persona answers its probes, however the question is cut. */
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { makeIdentity } from "../src/printer/identity.ts";
import { LiveDevice } from "../src/printer/live-device.ts";
import { listPersonas, loadPersona } from "../src/printer/load.ts";
import { type Probe, probeFault } from "../src/printer/probes.ts";
import type { Step, Visitor } from "../src/protocols/contract.ts";
import { SERVICES } from "../src/protocols/registry.ts";

const DATA = fileURLToPath(new URL("../data/personas", import.meta.url));
const NOW = Date.UTC(2026, 10, 20);
const VISITOR: Visitor = {
  key: "203.0.113.9",
  ip: "203.0.113.9",
  port: 49_152,
  localIp: "192.0.2.10",
  localPort: 9100,
};

function load(id: string) {
  const loaded = loadPersona(DATA, id);
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
  return loaded;
}

const LOADED = new Map(listPersonas(DATA).map((id) => [id, load(id)]));

/** What is wrong with the answer of a new device to a probe that comes in pieces of `size` bytes. */
function ask(id: string, probe: Probe, size: number): string | undefined {
  const { persona } = LOADED.get(id)!;
  const identity = makeIdentity(persona, "5eed".repeat(8), NOW);
  const device = new LiveDevice({ id, persona, identity, now: () => NOW });
  const dialogue = SERVICES.get(probe.service)!.open(device, VISITOR);
  const bytes = Buffer.from(probe.ask, "latin1");
  const steps: Step[] = [];
  const closed = () => steps.some((step) => step.close);
  for (let at = 0; at < bytes.length && !closed(); at += size) {
    steps.push(...dialogue.receive(bytes.subarray(at, at + size)));
  }
  steps.push(...dialogue.end());
  const answer = Buffer.concat(steps.map((step) => step.reply ?? Buffer.alloc(0))).toString("latin1");
  return probeFault(probe, answer, (template) => device.fill(template, VISITOR));
}

describe.each([...LOADED.keys()])("%s", (id) => {
  describe.each(LOADED.get(id)!.probes)("$service: $name", (probe) => {
    it("answers", () => expect(ask(id, probe, 65_536)).toBeUndefined());
    it("answers when asked byte by byte", () => expect(ask(id, probe, 1)).toBeUndefined());
  });
});
