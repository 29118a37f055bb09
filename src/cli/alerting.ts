/** The alerts of an installation, from what is configured. */
import { hostname } from "node:os";
import { Alerts } from "../outputs/alerts.ts";
import type { AlertSettings } from "../outputs/settings.ts";
import type { Logger } from "../util/log.ts";
import type { Networks } from "../util/network.ts";
import { VERSION } from "../util/package.ts";
import type { DataFolder } from "./data-folder.ts";

/** Throws Problems where something that the settings name cannot be read. */
export async function openAlerts(
  data: DataFolder,
  settings: AlertSettings,
  own: Networks,
  log: Logger,
  muted: () => ReadonlySet<string>,
): Promise<Alerts> {
  const demo = await data.isDemo();
  return Alerts.open({ folder: data.alerts, settings, own, muted, demo, log, version: VERSION, hostname: hostname() });
}
