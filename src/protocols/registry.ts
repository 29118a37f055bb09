/** The services that a device can have. A new protocol is a line here. */
import type { Service } from "./contract.ts";
import { web } from "./http/web.ts";
import { raw } from "./raw/service.ts";

const ALL: readonly Service[] = [raw, web];

export const SERVICES: ReadonlyMap<string, Service> = new Map(ALL.map((service) => [service.name, service]));
