/**
 * The volumes of a device as one source sees them: the files of the model, and over them what the source has written.
 * Nothing here is a file of the host. Names lead out of a volume by `..` as on the real devices (CVE-2010-4107),
 * into the system that the model's tree lists. Every operation gives its result or a refusal, and never throws.
 */
import { hash } from "node:crypto";
import type { Asker, Device, SourceMemory, WrittenFile } from "./device.ts";
import { type FileError, parsePath, refused } from "./file-path.ts";
import { baseTree, type BaseTree, join, leafContent, leafSize, parent, within } from "./file-tree.ts";
import type { Disk, FileSystem } from "./file-system.ts";

export interface Entry {
  name: string;
  /** Bytes; undefined for a directory. */
  size: number | undefined;
}

/** A piece of a file: bytes of the model, or a part of a body that was kept. */
export type Piece = Buffer | { sha256: string; offset: number; length: number };

/** What a write changed: texts for people, empty where there was or is nothing. */
export interface FileChange {
  what: "file" | "directory" | "volume";
  name: string;
  before: string;
  after: string;
}

export interface VolumeState {
  name: string;
  size: number;
  free: number;
  location: string;
  label: string;
  readOnly: boolean;
}

type Node = { kind: "directory" } | { kind: "written"; file: WrittenFile } | { kind: "model"; leaf: string | number };

/** Paths that one source may change, and parts of a file: each question goes through all of them. */
const [MAX_PATHS, MAX_PARTS] = [500, 250];

const TEXT = { directory: "directory", volume: "empty" } as const;

export class Volumes {
  readonly #files: FileSystem;
  readonly #tree: BaseTree;
  readonly #changed: SourceMemory["files"];
  readonly #fill: (template: string) => string;

  constructor(files: FileSystem, changed: SourceMemory["files"], fill: (template: string) => string) {
    this.#files = files;
    this.#tree = baseTree(files);
    this.#changed = changed;
    this.#fill = fill;
  }

  /** Undefined for a device that has no file system. */
  static of(device: Device, asker: Asker): Volumes | undefined {
    const { fileSystem } = device.persona;
    const fill = (template: string) => device.fill(template, asker);
    return fileSystem && new Volumes(fileSystem, device.memory(asker.key).files, fill);
  }

  volumes(): VolumeState[] {
    return this.#files.disks.flatMap((disk) => {
      const { volume, size, location, label, readOnly } = disk;
      return volume === undefined ? [] : [{ name: volume, size, free: this.#free(disk), location, label, readOnly }];
    });
  }

  query(name: string): Entry | FileError {
    const found = this.#find(name);
    if ("error" in found) return found;
    return found.node ? { name, size: this.#size(found.node) } : refused("notFound");
  }

  /** `count` entries of a directory from number `entry` on, counted from 1, `.` and `..` first. */
  list(name: string, entry: number, count: number): Entry[] | FileError {
    const found = this.#find(name);
    if ("error" in found) return found;
    const { path, node } = found;
    if (!node) return refused("notFound");
    if (node.kind !== "directory") return refused("isFile");
    if (!(entry >= 1 && count >= 1)) return refused("invalidParameter");
    const names = [".", "..", ...this.#names(path)].slice(entry - 1, entry - 1 + count);
    return names.map((name) => {
      const inner = /^\.\.?$/.test(name) ? undefined : this.#lookup(join(path, name));
      return { name, size: inner && this.#size(inner) };
    });
  }

  /** At most `size` bytes from `offset` on, no more than there are. */
  read(name: string, offset: number, size: number): { bytes: number; pieces: Piece[] } | FileError {
    const found = this.#find(name);
    if ("error" in found) return found;
    const { path, node } = found;
    if (!node) return refused("notFound");
    if (node.kind === "directory") return refused("isDirectory");
    if (!(offset >= 0 && size >= 0)) return refused("invalidParameter");
    const all = this.#size(node)!;
    const bytes = Math.min(size, Math.max(0, all - offset));
    const pieces: Piece[] = [];
    let [skip, left] = [offset, bytes];
    for (const part of this.#parts(path, node)) {
      const length = Math.min(left, part.bytes - skip);
      if (length > 0) {
        pieces.push(
          part.model ? part.model.subarray(skip, skip + length) : { sha256: part.sha256, offset: skip, length },
        );
        left -= length;
      }
      skip = Math.max(0, skip - part.bytes);
    }
    return { bytes, pieces };
  }

  /** Makes a file of `body`, or puts it to the end of one; a body of no bytes needs no hash. */
  write(name: string, body: { sha256: string; bytes: number }, append: boolean): FileChange | FileError {
    const found = this.#find(name);
    if ("error" in found) return found;
    const { path, node } = found;
    if (node?.kind === "directory") return refused("isDirectory");
    const old = node ? this.#size(node)! : 0;
    const bytes = body.bytes + (append ? old : 0);
    const disk = this.#disk(path);
    if (disk.readOnly) return refused("readOnly");
    if (this.#blocks(bytes) - this.#blocks(old) > this.#free(disk) / this.#files.blockSize) return refused("full");
    const before = append && node ? this.#parts(path, node).map(({ sha256, bytes }) => ({ sha256, bytes })) : [];
    const parts = [...before, body].filter((part) => part.bytes > 0);
    if (parts.length > MAX_PARTS || !this.#set(path, { parts })) return refused("full");
    return { what: "file", name, before: node ? `${old} bytes` : "", after: `${bytes} bytes` };
  }

  makeDirectory(name: string): FileChange | FileError {
    const found = this.#find(name);
    if ("error" in found) return found;
    const { path, node } = found;
    if (node) return refused("exists");
    const disk = this.#disk(path);
    if (disk.readOnly) return refused("readOnly");
    if (this.#free(disk) < this.#files.blockSize || !this.#set(path, "directory")) return refused("full");
    this.#hideModel(path);
    return { what: "directory", name, before: "", after: TEXT.directory };
  }

  /** Takes away a file or an empty directory. */
  remove(name: string): FileChange | FileError {
    const found = this.#find(name);
    if ("error" in found) return found;
    const { path, node } = found;
    if (!node) return refused("notFound");
    if (path === "/" || this.#files.disks.some(({ at }) => at === path)) return refused("deletesRoot");
    if (this.#disk(path).readOnly) return refused("readOnly");
    if (node.kind === "directory" && this.#names(path).length > 0) return refused("notEmpty");
    const size = this.#size(node);
    this.#forgetBelow(path);
    if (!this.#tree.has(path)) this.#changed.delete(path);
    else if (!this.#set(path, "deleted")) return refused("full");
    return size === undefined
      ? { what: "directory", name, before: TEXT.directory, after: "" }
      : { what: "file", name, before: `${size} bytes`, after: "" };
  }

  /** Takes everything away that is on a volume, given with or without its colon. Undefined where there is nothing. */
  format(name: string): FileChange | FileError | undefined {
    const path = parsePath(/^[0-9A-Za-z]$/.test(name) ? `${name}:` : name, this.#volumeNames());
    if ("error" in path) return path;
    if (path.items.length > 0) return refused("illegalName");
    const disk = this.#volume(path.volume);
    if (disk.readOnly) return refused("readOnly");
    if (this.#names(disk.at).length === 0) return undefined;
    const used = disk.size - this.#free(disk);
    this.#forgetBelow(disk.at);
    this.#hideModel(disk.at);
    return { what: "volume", name: path.volume, before: `${used} bytes`, after: TEXT.volume };
  }

  /** The device restarts: what was in its memory is as the model has it. */
  restart(): void {
    for (const path of this.#changed.keys()) if (this.#disk(path).ram) this.#changed.delete(path);
  }

  #volumeNames(): string[] {
    return this.#files.disks.flatMap(({ volume }) => volume ?? []);
  }

  #volume(name: string): Disk {
    return this.#files.disks.find(({ volume }) => volume === name)!;
  }

  /** The disk that a path lies on: the one mounted deepest. */
  #disk(path: string): Disk {
    const on = this.#files.disks.filter(({ at }) => within(path, at));
    return on.reduce((deepest, disk) => (disk.at.length > deepest.at.length ? disk : deepest));
  }

  /** Where a name leads, and what is there; on the way all must be directories. */
  #find(name: string): { path: string; node: Node | undefined } | FileError {
    const parsed = parsePath(name, this.#volumeNames());
    if ("error" in parsed) return parsed;
    let path = this.#volume(parsed.volume).at;
    let node = this.#lookup(path);
    for (const item of parsed.items) {
      if (node?.kind !== "directory") return refused("notFound");
      if (item === "..") path = parent(path);
      else if (item !== ".") path = join(path, item);
      node = this.#lookup(path);
    }
    return { path, node };
  }

  /** What is at a path whose parents are there. */
  #lookup(path: string): Node | undefined {
    const changed = this.#changed.get(path);
    if (changed === "deleted") return undefined;
    if (changed === "directory") return { kind: "directory" };
    if (changed) return { kind: "written", file: changed };
    const base = this.#tree.get(path);
    if (!base) return undefined;
    return "names" in base ? { kind: "directory" } : { kind: "model", leaf: base.leaf };
  }

  #names(path: string): string[] {
    const names = this.#modelNames(path).filter((name) => this.#lookup(join(path, name)) !== undefined);
    for (const key of this.#changed.keys()) {
      if (parent(key) === path && !this.#tree.has(key)) names.push(key.slice(key.lastIndexOf("/") + 1));
    }
    return names;
  }

  #size(node: Node): number | undefined {
    if (node.kind === "directory") return undefined;
    if (node.kind === "model") return leafSize(node.leaf, this.#fill);
    return node.file.parts.reduce((sum, part) => sum + part.bytes, 0);
  }

  /** The parts of a file in order; those that are the model's come with their bytes. */
  #parts(path: string, node: Node): { sha256: string; bytes: number; model?: Buffer }[] {
    if (node.kind === "directory") return [];
    const base = this.#tree.get(path);
    const model = base && "leaf" in base ? leafContent(base.leaf, path, this.#fill) : undefined;
    const sha256 = model && hash("sha256", model);
    if (node.kind === "model") return [{ sha256: sha256!, bytes: model!.length, model: model! }];
    return node.file.parts.map((part) => (part.sha256 === sha256 ? { ...part, model: model! } : part));
  }

  /** Gives whether the source may remember that much. */
  #set(path: string, value: WrittenFile | "directory" | "deleted"): boolean {
    if (this.#changed.size >= MAX_PATHS && !this.#changed.has(path)) return false;
    this.#changed.set(path, value);
    return this.#changed.get(path) === value;
  }

  #forgetBelow(path: string): void {
    for (const key of this.#changed.keys()) if (key !== path && within(key, path)) this.#changed.delete(key);
  }

  /** What the model has in a directory is not there any more. */
  #hideModel(path: string): void {
    for (const name of this.#modelNames(path)) this.#set(join(path, name), "deleted");
  }

  #modelIsDirectory(path: string): boolean {
    const base = this.#tree.get(path);
    return base !== undefined && "names" in base;
  }

  #modelNames(path: string): readonly string[] {
    const base = this.#tree.get(path);
    return base && "names" in base ? base.names : [];
  }

  #blocks(bytes: number): number {
    return Math.ceil(bytes / this.#files.blockSize);
  }

  /** Blocks that the model's file or directory takes, with all that is in it. */
  #modelBlocks(path: string): number {
    const base = this.#tree.get(path);
    if (!base) return 0;
    if ("leaf" in base) return this.#blocks(leafSize(base.leaf, this.#fill));
    return base.names.reduce((sum, name) => sum + this.#modelBlocks(join(path, name)), 1);
  }

  /** Bytes free on a disk: those of the model, less what the source wrote, and what it took away. */
  #free(disk: Disk): number {
    let blocks = 0;
    for (const [path, changed] of this.#changed) {
      if (this.#disk(path) !== disk) continue;
      if (changed === "deleted") blocks += this.#modelBlocks(path);
      else if (changed === "directory") blocks += this.#modelIsDirectory(path) ? 0 : this.#modelBlocks(path) - 1;
      else blocks += this.#modelBlocks(path) - this.#blocks(this.#size({ kind: "written", file: changed })!);
    }
    return Math.min(disk.size, disk.free + blocks * this.#files.blockSize);
  }
}
