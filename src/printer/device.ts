/**
 * A persona alive: one device with an identity, counters and a memory of what each visitor changed.
 * All services of a device ask here, so they agree with each other at every moment.
 */
import type { Identity } from "./identity.ts";
import type { Persona } from "./persona.ts";

/** A file that a visitor wrote: bodies that were kept as evidence, one after the other. */
export interface WrittenFile {
  parts: readonly { sha256: string; bytes: number }[];
}

/** What one source has changed, seen by that source on every service and by nobody else. */
export interface SourceMemory {
  /** The text that RDYMSG put on the panel, as byte text; undefined while the device shows its own. */
  readyMessage: string | undefined;
  /** User defaults (DEFAULT) that differ from the factory's, by variable key such as `COPIES` or `LPARM:PCL PITCH`. */
  readonly defaults: Map<string, string>;
  /** What the source did to the device's volumes, by path (`0:\\dir\\name`); `deleted` hides what the model has there. */
  readonly files: Map<string, WrittenFile | "directory" | "deleted">;
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
   * Named values for reply and page templates. Undefined for an unknown name; the loader has made sure that templates name
   * known ones only. Known are every key of the persona's facts and of its identity numbers, and:
   *
   * - `serial`, `hostName`, `ip` (the address the asker reached the device by)
   * - `mac` (12 capital digits), `mac.colons` (`00:25:B3:…`), `mac6` (its last six digits)
   * - `pageCount` (pages ever printed), `lastUse` (day of the last page, `YYYYMMDD`, UTC)
   * - `uptime` (seconds), `uptime.text` (`3 days, 4:05:06`)
   * - `status.code`, `status.display` (byte text; may be a visitor's), `status.online` (`TRUE`, `FALSE`)
   * - `toner.percent`, `toner.lifePercent`, `toner.pagesLeft`, `toner.low` (`0`, `1`), `toner.pages` (printed with this
   *   cartridge), `toner.serial`, `toner.madeOn` (`YYYYMMDD`), `toner.coverage` (percent of a page)
   * - `kit.percent`, `kit.pagesLeft` (maintenance kit; 100 and 0 for a device without)
   */
  value(name: string, asker: Asker): string | undefined;
  /**
   * `template` with each `{name}` replaced by {@link value}, which `escape` may make fit for where it goes (HTML).
   * `{{` and `}}` stand for braces. The name of no value stays as it is, braces and all.
   */
  fill(template: string, asker: Asker, escape?: (value: string) => string): string;
  /** Pages came out; the device's page counter goes up for everybody. */
  printed(pages: number): void;
}
