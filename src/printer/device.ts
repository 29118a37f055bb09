/**
 * A persona alive: one device with an identity, counters and a memory of what each visitor changed.
 * All services of a device ask here, so they agree with each other at every moment.
 */
import type { Identity } from "./identity.ts";
import type { Persona } from "./persona.ts";

/** A file that a visitor wrote: bodies that were kept as evidence, one after the other; the first may be the model's own content. */
export interface WrittenFile {
  parts: readonly { sha256: string; bytes: number }[];
}

/** A message that waits for somebody to come to the panel; until then the device is offline. Times in milliseconds since 1970. */
export interface Attention {
  /** Status code: 40048 for OPMSG, 40049 for STMSG. */
  code: number;
  /** Byte text. */
  text: string;
  since: number;
  /** When somebody presses the key. */
  until: number;
}

/** A restart, in milliseconds since 1970: from `at` to `until` nobody answers. */
export interface Restart {
  at: number;
  until: number;
}

/** What one source has changed, seen by that source on every service and by nobody else. All but `jobsNow` outlasts a restart. */
export interface SourceMemory {
  /** The text that RDYMSG put on the panel, as byte text; undefined while the device shows its own. */
  readyMessage: string | undefined;
  /** User defaults (DEFAULT) that differ from the factory's, by variable key such as `COPIES` or `LPARM:PCL PITCH`. */
  readonly defaults: Map<string, string>;
  /** What the source did to the device's files, by absolute path (`/hpmnt/x`); `deleted` hides what the model has there. See volume.ts. */
  readonly files: Map<string, WrittenFile | "directory" | "deleted">;
  /** The message that takes the device offline, also when its time is over. */
  attention: Attention | undefined;
  /** When the source last made the device restart. */
  restart: Restart | undefined;
  /** The serial number that was set in service mode. */
  serial: string | undefined;
  /** What was added to the page counter in service mode. */
  pageShift: number;
  /** When the source last woke the device, and until when its jobs keep the engine busy; milliseconds since 1970. */
  awakeAt: number;
  busyUntil: number;
  /** Jobs of this source that are being received now. */
  jobsNow: number;
}

/** What the panel shows and PJL reports. `code` and `display` as in PJL INFO STATUS. */
export interface PanelStatus {
  code: number;
  display: string;
  online: boolean;
  /** Further conditions, the gravest first; left out where there are none. */
  also?: readonly { code: number; display: string }[];
}

/** Pages on their way; times in milliseconds since 1970. `pages` is 0 where the device prints nothing. */
export interface Printing {
  pages: number;
  /** When the first page is out, and how long each further one takes. */
  first: number;
  each: number;
  done: number;
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
  /**
   * The memory of a source; made when first asked for. With too many, the least recent that nobody uses goes; it is there again
   * when it was written down and the source comes back.
   */
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
   * - `status.device` (the number of hrDeviceStatus)
   * - `disk.lock` (`ENABLED`, `DISABLED`), `tray.state` (a word of the persona's)
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
  /** A job or test page of a source is printed; the counter goes up at once, the pages take their time. */
  print(key: string, pages: number): Printing;
  /** Whether a new job of a source is read now; while another of its jobs comes in or is printed, it waits. */
  takesJob(key: string): boolean;
  /** How long the device keeps a connection whose job is being printed, in milliseconds. */
  closesIn(key: string): number;
  /** A source sends something that makes a sleeping device get up; to print it has to warm up too. */
  wake(key: string, toPrint: boolean): void;
  /** A source puts up a message that takes the device offline until somebody comes. */
  attend(key: string, code: number, text: string): Attention;
  /** Whether the device answers this source; it does not while it restarts. */
  answers(key: string): boolean;
  /** A source makes the device restart: what is not kept is gone; `factory`: its settings too. */
  restart(key: string, factory: boolean): void;
}
