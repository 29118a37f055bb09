/** The printer of a sensor, for showing: what each of its doors answers, and its web pages. */
import { join } from "node:path";
import type { Surroundings } from "../collector/room.ts";
import { toByteText } from "../event/bytes-text.ts";
import type { Asker } from "../printer/device.ts";
import type { Identity } from "../printer/identity.ts";
import { LiveDevice } from "../printer/live-device.ts";
import { loadPersona } from "../printer/load.ts";
import { findPage, renderPage } from "../protocols/http/page.ts";
import { readJsonFile } from "../util/json-file.ts";
import { DATA_ROOT } from "../util/package.ts";
import type { DataFolder } from "./data-folder.ts";

/** A visitor that has changed nothing yet. */
const NOBODY: Asker = { key: "", localIp: "192.0.2.1" };

/** The device as it is, with its own serial number; undefined where it is not known on this machine. */
async function deviceOf(data: DataFolder, sensor: string, persona: string) {
  if (!/^[a-z0-9-]{1,64}$/.test(persona) || !/^[\w.-]{1,64}$/.test(sensor)) return undefined;
  const loaded = loadPersona(`${DATA_ROOT}personas`, persona);
  const state = await readJsonFile<{ identity: Identity; printed: number }>(
    join(data.sensor(sensor), `device-${persona}.json`),
  );
  if ("problems" in loaded || !state) return undefined;
  const { identity, printed } = state;
  const device = new LiveDevice({
    id: sensor,
    persona: loaded.persona,
    identity,
    now: Date.now,
    printedBefore: printed,
  });
  return { device, probes: loaded.probes };
}

export const deviceAnswers = async (
  data: DataFolder,
  sensor: string,
  persona: string,
): ReturnType<NonNullable<Surroundings["device"]>> => {
  const found = await deviceOf(data, sensor, persona);
  if (!found) return undefined;
  const { device, probes } = found;
  const services = [...new Set(probes.map((probe) => probe.service))];
  return {
    model: device.persona.name,
    doors: services.map((service) => ({
      service,
      questions: probes
        .filter((probe) => probe.service === service)
        .map(({ name, ask, expect, contains }) => ({
          name,
          asked: ask,
          answer: device.fill(expect ?? (contains ?? []).join(toByteText(Buffer.from("\r\n…\r\n"))), NOBODY),
        })),
    })),
    pages: device.persona.web.pages.map((page) => page.path),
  };
};

export async function devicePage(
  data: DataFolder,
  sensor: string,
  persona: string,
  path: string,
): Promise<string | undefined> {
  const found = await deviceOf(data, sensor, persona);
  const page = found && findPage(found.device.persona, path);
  if (!found || typeof page !== "object" || !page.type.startsWith("text/html")) return undefined;
  return Buffer.concat(renderPage(found.device, page, NOBODY)).toString("utf8");
}
