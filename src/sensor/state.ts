/** What a sensor keeps beside its evidence: how often it started, and its device's identity. */
import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Identity, makeIdentity } from "../printer/identity.ts";
import type { OfficeJob } from "../printer/office.ts";
import type { Persona } from "../printer/persona.ts";
import { readJsonFile, writeJsonFile } from "../util/json-file.ts";

/** One file per persona, so that a device that comes back is the same one. */
interface DeviceState {
  identity: Identity;
  /** Pages printed for visitors since the installation, and the last job of them. */
  printed: number;
  lastPrint?: OfficeJob | undefined;
}

/** Counts this start and returns its number, from 1. */
export async function nextEpoch(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, "epoch.json");
  const epoch = ((await readJsonFile<{ epoch: number }>(path))?.epoch ?? 0) + 1;
  await writeJsonFile(path, { epoch });
  return epoch;
}

export class DeviceFile {
  readonly #path: string;
  readonly state: DeviceState;
  #writing: Promise<void> = Promise.resolve();
  #written: number;

  private constructor(path: string, state: DeviceState) {
    this.#path = path;
    this.state = state;
    this.#written = state.printed;
  }

  /** The device of a persona in this installation, made when it is first asked for. */
  static async open(folder: string, persona: Persona, now: number): Promise<DeviceFile> {
    await mkdir(folder, { recursive: true });
    const path = join(folder, `device-${persona.id}.json`);
    const known = await readJsonFile<DeviceState>(path);
    if (known) return new DeviceFile(path, known);
    const file = new DeviceFile(path, {
      identity: makeIdentity(persona, randomBytes(16).toString("hex"), now),
      printed: 0,
    });
    await writeJsonFile(path, file.state);
    return file;
  }

  /** Writes the page counter when it has moved. */
  save(printed: number, lastPrint: OfficeJob | undefined): Promise<void> {
    if (printed === this.#written) return this.#writing;
    this.#written = printed;
    this.state.printed = printed;
    this.state.lastPrint = lastPrint;
    this.#writing = this.#writing.then(() => writeJsonFile(this.#path, this.state)).catch(() => {});
    return this.#writing;
  }
}
