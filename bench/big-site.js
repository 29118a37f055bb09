/** Inktrap on a data folder with a large store, and somebody who asks its console as the pages do. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { DataFolder } from "../dist/cli/data-folder.js";
import { contract } from "../dist/collector/contract.js";
import { INTENT_ORDER } from "../dist/detect/intent.js";
import { openDuckdbStore } from "../dist/store/duckdb/duckdb-store.js";
import { makeBodies, writeBodies, writeLog } from "./big-evidence.js";
import { fillStore, sizes } from "./big-store.js";

const PROGRAM = fileURLToPath(new URL("../bin/inktrap.js", import.meta.url));

/** Makes a data folder with so many events, the last of them in the hour before `end`. */
export async function makeFolder(path, events, end) {
  mkdirSync(path, { recursive: true });
  const folder = new DataFolder(path);
  await folder.prepare();
  await (await openDuckdbStore({ file: folder.storeFile })).close();
  const bodies = makeBodies(sizes(events).bodies);
  const { sensors, kept } = await fillStore(folder.storeFile, {
    events,
    end,
    bodies: [...bodies.keys()],
    intents: INTENT_ORDER,
  });
  for (const { sensor, sessions } of sensors) writeLog(join(folder.sensor(sensor), "evidence"), sessions, end);
  writeBodies(folder.sensors, bodies, kept);
}

/** Starts the program; resolves when its console answers. */
export async function start(path) {
  const offset = String(20_000 + Math.floor(Math.random() * 20_000));
  const words = ["start", "--json", "--data", path, "--listen", "127.0.0.1", "--port-offset", offset];
  const child = spawn(process.execPath, [PROGRAM, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk) => (said += chunk));
  const lines = createInterface(child.stdout);
  const [line] = await Promise.race([
    once(lines, "line"),
    once(child, "exit").then(([code]) => Promise.reject(new Error(`it ended with code ${code}: ${said}`))),
  ]);
  lines.on("line", () => {});
  return {
    ...JSON.parse(line).console,
    stop: async () => {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

/** Takes what the system has read of files out of its memory. Tells how. */
export function forgetFiles(path) {
  spawnSync("sync");
  try {
    writeFileSync("/proc/sys/vm/drop_caches", "3");
    return "all files dropped from memory (/proc/sys/vm/drop_caches)";
  } catch {
    for (const name of readdirSync(path, { recursive: true, withFileTypes: true })) {
      if (name.isFile())
        spawnSync("dd", [`if=${join(name.parentPath, name.name)}`, "iflag=nocache", "count=0", "status=none"]);
    }
    return "the folder's files dropped from memory (POSIX_FADV_DONTNEED)";
  }
}

/** One who asks, with the connections that a browser has. */
export class Asker {
  cookie;
  url;
  #agent = new Agent({ keepAlive: true, maxSockets: 6 });

  /** Makes the first account. */
  async begin(firstLink) {
    const body = { link: firstLink.split("#")[1], name: "ada", password: "correct horse battery staple" };
    await this.ask("useLink", body);
  }

  /** The answer to a question of the contract. Rejects when it is refused, and when the signal is aborted. */
  ask(question, asked = {}, signal = undefined) {
    const { method, path } = contract[question];
    const left = { ...asked };
    const filled = path.replaceAll(/:(\w+)/g, (_, name) => {
      const value = left[name];
      delete left[name];
      return encodeURIComponent(value);
    });
    const query = new URLSearchParams(Object.entries(left).filter(([, value]) => value !== undefined)).toString();
    const url = method === "GET" && query !== "" ? `${this.url}${filled}?${query}` : `${this.url}${filled}`;
    const headers = { ...(this.cookie && { cookie: this.cookie }), "content-type": "application/json" };
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, headers, agent: this.#agent, signal }, (reply) => {
        const chunks = [];
        reply.on("data", (chunk) => chunks.push(chunk));
        reply.on("error", reject);
        reply.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          if (reply.statusCode !== 200) return reject(new Error(`${question} ${filled}: ${reply.statusCode} ${text}`));
          this.cookie = reply.headers["set-cookie"]?.[0].split(";")[0] ?? this.cookie;
          resolve(JSON.parse(text));
        });
      });
      sent.on("error", reject);
      sent.end(method === "GET" ? undefined : JSON.stringify(left));
    });
  }
}
