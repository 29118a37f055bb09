/**
 * A persona alive: one device with an identity, counters and a memory of what each visitor changed.
 * All services of a device ask here, so they agree with each other at every moment.
 */
import type { Identity } from "./identity.ts";
import type { Persona } from "./persona.ts";

/** What one source has changed, seen by that source on every service and by nobody else. */
export interface SourceMemory {
  /** The text that RDYMSG put on the panel, as byte text; undefined while the device shows its own. */
  readyMessage: string | undefined;
  /** User defaults (DEFAULT) that differ from the factory's, by variable key such as `COPIES` or `LPARM:PCL PITCH`. */
  readonly defaults: Map<string, string>;
  /** Jobs of this source that are being received now. */
  jobsNow: number;
}

/** What the panel shows and PJL reports. `code` and `display` as in PJL INFO STATUS. */
export interface PanelStatus {
  code: number;
  display: string;
  online: boolean;
}

/** A question asked by one visitor: whose changes to show, and by which address the device was reached. */
export interface Asker {
  key: string;
  localIp: string;
}

export interface Device {
  readonly id: string;
  readonly persona: Persona;
  readonly identity: Identity;
  /** Milliseconds since 1970, from the clock the device was given. */
  now(): number;
  /** The memory of a source; made when first asked for, forgotten least recent first when there are too many. */
  memory(key: string): SourceMemory;
  status(asker: Asker): PanelStatus;
  /**
   * Named values for reply and page templates: `model`, `serial`, `mac`, `ip`, `hostName`, `pageCount`, `uptime`,
   * `status.code`, `status.display`, `status.online`, every key of the persona's facts and of its identity numbers.
   * Undefined for an unknown name; the loader has made sure that templates name known ones only.
   */
  value(name: string, asker: Asker): string | undefined;
  /** `template` with each `{name}` replaced by {@link value}; `{{` and `}}` stand for braces. */
  fill(template: string, asker: Asker): string;
  /** Pages came out; the device's page counter goes up for everybody. */
  printed(pages: number): void;
}
