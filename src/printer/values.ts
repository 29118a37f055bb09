/** The named values of every device, for the templates of replies and pages; see `Device.value` for what they are. */
import type { Asker, PanelStatus, SourceMemory } from "./device.ts";
import type { Identity } from "./identity.ts";
import type { Toner } from "./supplies.ts";

/** A device at one moment, as one visitor sees it. */
export interface Moment {
  asker: Asker;
  identity: Identity;
  now: number;
  /** What the asker has changed. */
  memory: SourceMemory | undefined;
  pageCount(): number;
  /** When the last page was printed, milliseconds since 1970. */
  lastUse(): number;
  trayState(): string;
  status(): PanelStatus;
  toner(): Toner;
  kit(): [number, number] | undefined;
}

const TABLE: Record<string, (m: Moment) => string | number> = {
  serial: (m) => m.memory?.serial ?? m.identity.serial,
  hostName: (m) => m.identity.hostName,
  ip: (m) => m.asker.localIp,
  mac: (m) => m.identity.mac,
  "mac.colons": (m) => m.identity.mac.match(/../g)!.join(":"),
  mac6: (m) => m.identity.mac.slice(6),
  pageCount: (m) => m.pageCount() + (m.memory?.pageShift ?? 0),
  lastUse: (m) => day(m.lastUse()),
  uptime: (m) => uptime(m),
  "uptime.text": (m) => duration(uptime(m)),
  "status.code": (m) => m.status().code,
  "status.display": (m) => m.status().display,
  "status.online": (m) => (m.status().online ? "TRUE" : "FALSE"),
  "status.device": (m) => deviceStatus(m.status()),
  "disk.lock": (m) => (m.memory?.defaults.get("DISKLOCK") === "ON" ? "ENABLED" : "DISABLED"),
  "tray.state": (m) => m.trayState(),
  "toner.percent": (m) => m.toner().percent,
  "toner.lifePercent": (m) => m.toner().lifePercent,
  "toner.pagesLeft": (m) => m.toner().pagesLeft,
  "toner.low": (m) => (m.toner().low ? 1 : 0),
  "toner.pages": (m) => m.toner().pages,
  "toner.serial": (m) => m.toner().serial,
  "toner.madeOn": (m) => day(m.toner().madeOn),
  "toner.coverage": (m) => m.toner().coverage,
  "kit.percent": (m) => m.kit()?.[0] ?? 100,
  "kit.pagesLeft": (m) => m.kit()?.[1] ?? 0,
};

export const VALUES: ReadonlyMap<string, (m: Moment) => string | number> = new Map(Object.entries(TABLE));

/** hrDeviceStatus, RFC 2790: running, warning or down. */
function deviceStatus({ online, also }: PanelStatus): number {
  return online ? (also ? 3 : 2) : 5;
}

/** Seconds since the device was switched on, or the asker made it restart. */
function uptime(m: Moment): number {
  return Math.max(0, Math.floor((m.now - (m.memory?.restart?.until ?? m.identity.bootTime)) / 1000));
}

/** `YYYYMMDD`, UTC. */
function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10).replaceAll("-", "");
}

/** `3 days, 4:05:06` */
function duration(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const clock = `${Math.floor(seconds / 3600) % 24}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${Math.floor(seconds / 86_400)} days, ${clock}`;
}
