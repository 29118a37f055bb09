/** The device that transcripts are played against: a persona of data/personas with fixed identity, clock and addresses. */
import { fileURLToPath } from "node:url";
import { LiveDevice } from "../../src/printer/live-device.ts";
import { loadPersona } from "../../src/printer/load.ts";
import type { Persona } from "../../src/printer/persona.ts";
import type { Visitor } from "../../src/protocols/contract.ts";
import { Problems } from "../../src/util/problem.ts";

const PERSONAS = fileURLToPath(new URL("../../data/personas", import.meta.url));
const NOW = Date.UTC(2026, 10, 20, 12);
const SERIALS: Record<string, string> = { "hp-laserjet-p1102w": "VNB0000001", "hp-laserjet-4250": "CNRXA00001" };

export const TEST_VISITOR: Visitor = {
  key: "198.51.100.7",
  ip: "198.51.100.7",
  port: 40_000,
  localIp: "192.0.2.10",
  localPort: 9100,
};

const personas = new Map<string, Persona>();

/** A new device of that persona; what visitors changed on another one is not seen on it. */
export function testDevice(id: string): LiveDevice {
  let persona = personas.get(id);
  if (!persona) {
    const loaded = loadPersona(PERSONAS, id);
    if ("problems" in loaded) throw new Problems(loaded.problems);
    personas.set(id, (persona = loaded.persona));
  }
  return new LiveDevice({
    id: "test",
    persona,
    now: () => NOW,
    identity: {
      seed: "0".repeat(32),
      serial: SERIALS[id] ?? "TEST000001",
      mac: "00005E005301",
      hostName: "NPI005301",
      numbers: { formatter: "Q900AA0", serviceId: "21001" },
      pageCount: 1234,
      bootTime: NOW - 86_400_000,
    },
  });
}
