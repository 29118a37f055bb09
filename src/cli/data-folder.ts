/**
 * The data folder of one installation: who owns it, in which format, and where things lie in it.
 *
 *   format.json       version of the layout, and whether it is a demonstration
 *   sensors/<id>/     evidence and device of a sensor
 *   store/            what was committed and judged, and pictures of the pages of jobs
 *   console/          certificate that was made for the console
 *   alerts/           what was told of and what waits to be sent
 *   own.json          own networks of the last run
 *   run/              sockets of the running processes (elsewhere when the path would be too long for a socket)
 */
import { createHash } from "node:crypto";
import { access, constants, mkdir, readdir, stat, statfs, unlink } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { readJsonFile, writeJsonFile } from "../util/json-file.ts";
import { Networks } from "../util/network.ts";
import { bringForward, formatOf, STEPS } from "./data-format.ts";
import { Problems } from "../util/problem.ts";

/** Unix socket paths end here on every system that Node runs on (sun_path, with room for the name). */
const SOCKET_PATH = 80;

interface Format {
  format: number;
  /** Invented visits, played by `inktrap demo`. */
  demonstration?: boolean;
}

export class DataFolder {
  readonly path: string;
  readonly #run: string;
  readonly #steps: typeof STEPS;

  constructor(path: string, steps = STEPS) {
    this.path = resolve(path);
    this.#steps = steps;
    const run = join(this.path, "run");
    const short = createHash("sha256").update(this.path).digest("hex").slice(0, 16);
    this.#run = run.length <= SOCKET_PATH ? run : join(tmpdir(), `inktrap-${short}`);
  }

  get sensors(): string {
    return join(this.path, "sensors");
  }

  sensor(id: string): string {
    return join(this.sensors, id);
  }

  get storeFile(): string {
    return join(this.path, "store", "inktrap.duckdb");
  }

  /** Pictures of the pages of jobs. */
  get pages(): string {
    return join(this.path, "store", "pages");
  }

  /** The console's own certificate. */
  get console(): string {
    return join(this.path, "console");
  }

  get alerts(): string {
    return join(this.path, "alerts");
  }

  /** Where the running collector answers questions. */
  get apiSocket(): string {
    return join(this.#run, "api.sock");
  }

  get linkSocket(): string {
    return join(this.#run, "link.sock");
  }

  get #lockSocket(): string {
    return join(this.#run, "lock.sock");
  }

  /**
   * Makes the folder where it is missing and checks its format. A folder is made for a demonstration or for real visits
   * and stays what it is. Throws Problems.
   */
  async prepare(kind: "real" | "demonstration" = "real"): Promise<void> {
    try {
      await this.#checkKind(kind);
      await mkdir(this.path, { recursive: true, mode: 0o700 });
      await mkdir(this.#run, { recursive: true, mode: 0o700 });
      await access(this.path, constants.W_OK);
      await this.checkFormat();
      // Data of an older format stay what they are until this process has the lock.
      const known = await readJsonFile<Format>(this.#formatFile);
      const marked = kind === "demonstration" ? { demonstration: true } : {};
      const format = known?.format ?? formatOf(this.#steps);
      await writeJsonFile(this.#formatFile, { format, ...marked } satisfies Format);
    } catch (error) {
      if (error instanceof Problems) throw error;
      throw unusable(this.path, error as NodeJS.ErrnoException);
    }
  }

  /** Refuses data of a newer version, and folders that hold something else. */
  async checkFormat(): Promise<void> {
    const known = await readJsonFile<Format>(this.#formatFile);
    const newest = formatOf(this.#steps);
    if (known && known.format > newest) {
      const what = `holds data of format ${known.format}, this Inktrap knows formats up to ${newest}`;
      throw new Problems([{ where: this.path, what, remedy: "Use the newer Inktrap, or another folder with --data." }]);
    }
  }

  /** Refuses what cannot be read as it is: also data of an older version, which are changed only by who has the lock. */
  async checkReadable(): Promise<void> {
    await this.checkFormat();
    const known = await readJsonFile<Format>(this.#formatFile);
    if (!known || known.format === formatOf(this.#steps)) return;
    const what = `holds data of an older Inktrap, format ${known.format}`;
    throw new Problems([{ where: this.path, what, remedy: "Run inktrap start once: it brings them forward." }]);
  }

  /** Brings data of an older version to the format of this one. */
  async #bringForward(): Promise<void> {
    const known = await readJsonFile<Format>(this.#formatFile);
    if (!known) return;
    const reached = (format: number) => writeJsonFile(this.#formatFile, { ...known, format } satisfies Format);
    await bringForward(this.path, known.format, this.#steps, reached).catch((error: Error) => {
      const what = `holds data of format ${known.format}, which could not be brought forward: ${error.message}`;
      throw new Problems([{ where: this.path, what, remedy: "Put that right and start again; nothing is lost." }]);
    });
  }

  /** Whether it holds demonstration data. */
  async isDemo(): Promise<boolean> {
    return (await readJsonFile<Format>(this.#formatFile))?.demonstration ?? false;
  }

  /** Invented visits never come among real ones: neither is ever added to a folder of the other. */
  async #checkKind(kind: "real" | "demonstration"): Promise<void> {
    const known = await readJsonFile<Format>(this.#formatFile);
    const demo = known?.demonstration ?? false;
    if (kind === "real") {
      if (!demo) return;
      const remedy = "Use another folder with --data, or look at it with inktrap demo.";
      throw new Problems([{ where: this.path, what: "holds demonstration data", remedy }]);
    }
    if (demo) return;
    const found = await readdir(this.path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
    if (found.length === 0) return;
    const what = "holds something else than a demonstration";
    throw new Problems([{ where: this.path, what, remedy: "Give a folder that is new or empty with --data." }]);
  }

  /** Whether the folder can be written, or made where it is missing. Throws Problems; changes nothing. */
  async checkWritable(): Promise<void> {
    for (let path = this.path; ; path = dirname(path)) {
      try {
        if (!(await stat(path)).isDirectory()) throw Object.assign(new Error(), { code: "ENOTDIR" });
        await access(path, constants.W_OK | constants.X_OK);
        return;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== "ENOENT" || path === dirname(path)) throw unusable(this.path, error as NodeJS.ErrnoException);
      }
    }
  }

  async exists(): Promise<boolean> {
    return access(this.path).then(
      () => true,
      () => false,
    );
  }

  /**
   * Takes the folder for this process, and brings data of an older version forward. The lock is a listening socket: it ends with the process, however that ends.
   * Throws Problems naming the process that has it.
   */
  async lock(): Promise<Server> {
    for (let attempt = 0; attempt < 3; attempt++) {
      const server = await listenOn(this.#lockSocket);
      if (server) {
        await this.#bringForward().catch((error: unknown) => {
          server.close();
          throw error;
        });
        return server;
      }
      const owner = await askOwner(this.#lockSocket);
      if (owner !== undefined) {
        const what = `is in use by another Inktrap, process ${owner}`;
        throw new Problems([{ where: this.path, what, remedy: "Stop that one, or use another folder with --data." }]);
      }
      await unlink(this.#lockSocket).catch(() => {});
    }
    throw new Problems([{ where: this.#lockSocket, what: "cannot be made", remedy: "Remove it and start again." }]);
  }

  /** Remembers the own networks, so that the reading commands leave them out when nothing runs. */
  keepOwn(networks: readonly string[]): Promise<void> {
    return writeJsonFile(this.#ownFile, { networks });
  }

  /** The own networks of the last run. */
  async own(): Promise<Networks> {
    return new Networks((await readJsonFile<{ networks: string[] }>(this.#ownFile))?.networks ?? []);
  }

  get #formatFile(): string {
    return join(this.path, "format.json");
  }

  get #ownFile(): string {
    return join(this.path, "own.json");
  }

  /** Bytes free for data. */
  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.path);
    return bavail * bsize;
  }
}

function unusable(path: string, error: NodeJS.ErrnoException): Problems {
  const reasons: Record<string, string> = {
    EACCES: "may not be written",
    EROFS: "lies on a read-only file system",
    ENOTDIR: "is not a folder",
    EEXIST: "is not a folder",
    ENOSPC: "lies on a full disk",
  };
  const what = reasons[error.code ?? ""] ?? `cannot be used: ${error.message}`;
  return new Problems([{ where: path, what, remedy: "Give a folder that may be written with --data." }]);
}

/** A server on the path that tells who asks which process it is; undefined where the path is taken. */
function listenOn(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.end(String(process.pid));
    });
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** The process that listens on the path; undefined where nobody does. */
function askOwner(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let text = "";
    socket.setTimeout(2000, () => socket.destroy());
    socket.on("data", (chunk) => (text += chunk.toString()));
    socket.on("error", () => resolve(undefined));
    socket.on("close", () => resolve(text || "unknown"));
  });
}
