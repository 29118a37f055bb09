/** Whether a configuration can work on this machine: everything that its form cannot tell. */
import { createServer } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { loadRules } from "../detect/load.ts";
import { openChannel } from "../outputs/channels.ts";
import { strangeNames } from "../outputs/ignore.ts";
import type { Persona } from "../printer/persona.ts";
import { SERVICES } from "../protocols/registry.ts";
import { foldAddress } from "../util/address.ts";
import { DATA_ROOT, VERSION } from "../util/package.ts";
import { type Problem, Problems } from "../util/problem.ts";
import { type Config, doorsOf, type Fault, type Overrides, readConfigFile } from "./config.ts";
import { personaIds, personaOf } from "./personas.ts";
import { findUser, type User } from "./user.ts";

export interface Checked {
  config: Config;
  /** The user to become; undefined when this process stays who it is. */
  user: User | undefined;
}

/** Reads and checks the configuration. Throws Problems with everything that is wrong, of its form and of its meaning. */
export async function checkedConfig(file: string | undefined, overrides: Overrides = {}): Promise<Checked> {
  const { config, problems, placed } = await readConfigFile(file, overrides);
  const { user, faults } = userFaults(config);
  const all = [
    ...personaFaults(config),
    ...(await addressFaults(config)),
    ...portFaults(config),
    ...ignoreFaults(config),
    ...faults,
  ];
  problems.push(...all.map(placed), ...(await channelProblems(config)));
  if (problems.length > 0) throw new Problems(problems);
  return { config, user };
}

function personaFaults({ persona }: Config): Fault[] {
  const known = personaIds();
  if (known.includes(persona)) return [];
  return [{ path: ["persona"], what: `there is no persona "${persona}"`, remedy: `Use one of: ${known.join(", ")}.` }];
}

const EVERY = new Set(["::", "0.0.0.0"]);

async function addressFaults({ listen }: Config): Promise<Fault[]> {
  const addresses = typeof listen === "string" ? [listen] : (listen ?? []);
  const seen = new Set<string>();
  const faults: Fault[] = [];
  for (const [i, text] of addresses.entries()) {
    const path = typeof listen === "string" ? ["listen"] : ["listen", i];
    const address = foldAddress(text);
    if (seen.has(address)) faults.push({ path, what: `"${text}" is named twice`, remedy: "Remove one of them." });
    else if (EVERY.has(address) && addresses.length > 1) {
      faults.push({ path, what: `"${text}" is every address already`, remedy: "Remove it, or remove the others." });
    } else if (!(await isHere(text))) {
      const remedy = `Use one of: ${ownAddresses().join(", ")}; or none, for every address.`;
      faults.push({ path, what: `"${text}" is not an address of this machine`, remedy });
    }
    seen.add(address);
  }
  return faults;
}

/** Whether a port could be opened at the address: tried with one that the system chooses. */
function isHere(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: address, port: 0 }, () => server.close(() => resolve(true)));
  });
}

function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.filter((entry) => !entry.address.startsWith("fe80:")).map((entry) => entry.address);
}

function portFaults(config: Config): Fault[] {
  const persona = loaded(config.persona);
  if (!persona) return [];
  const faults: Fault[] = [];
  const asked = new Map<number, string>();
  for (const { service, port } of doorsOf({ ...config, listen: "::" }, persona)) {
    const path = service in config.ports ? ["ports", service] : ["portOffset"];
    const other = asked.get(port);
    if (port > 65_535) {
      faults.push({ path, what: `the port of ${service} becomes ${port}`, remedy: "Ports end at 65535: add less." });
    } else if (other !== undefined) {
      const named = service in config.ports ? service : other;
      const what = `${other} and ${service} both have port ${port}`;
      faults.push({ path: ["ports", named], what, remedy: "Give one of them another port." });
    }
    asked.set(port, service);
  }
  return faults;
}

/** Rules that hold back alerts and name what does not exist. */
function ignoreFaults({ alerts: { ignore } }: Config): Fault[] {
  if (ignore.length === 0) return [];
  const { signatures, correlations } = loadRules(DATA_ROOT);
  const known = new Set([...signatures.keys(), ...correlations.map(({ rule }) => rule.id)]);
  const faults = strangeNames(ignore, { signatures: known, services: new Set(SERVICES.keys()) });
  return faults.map(({ path, ...fault }) => ({ path: ["alerts", "ignore", ...path], ...fault }));
}

/** Files that a channel of the alerts names and that cannot be read. */
async function channelProblems({ alerts }: Config): Promise<Problem[]> {
  const opened = alerts.channels.map((one) => openChannel(one, { version: VERSION, hostname: hostname() }));
  return (await Promise.allSettled(opened)).flatMap((result) => {
    if (result.status === "fulfilled") return [];
    if (!(result.reason instanceof Problems)) throw result.reason;
    return result.reason.list;
  });
}

/** A persona that does not load is told of where it is loaded. */
function loaded(id: string): Persona | undefined {
  try {
    return personaOf(id);
  } catch (error) {
    if (error instanceof Problems) return undefined;
    throw error;
  }
}

function userFaults({ user, group }: Config): { user: User | undefined; faults: Fault[] } {
  if (user === undefined) {
    if (group === undefined) return { user: undefined, faults: [] };
    const remedy = "Name the user with user:, or leave group: out.";
    return { user: undefined, faults: [{ path: ["group"], what: "a group without a user", remedy }] };
  }
  const found = findUser({ user, group });
  if (!Array.isArray(found)) return { user: found, faults: [] };
  return { user: undefined, faults: found.map(({ where, what, remedy }) => ({ path: [where], what, remedy })) };
}
