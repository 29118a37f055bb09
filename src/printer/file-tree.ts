/** The files that a model has from its factory, ready to be looked up by path. */
import { createHash } from "node:crypto";
import type { FileSystem, TreeNode } from "./file-system.ts";

/** A directory with the names in it, or a file: its content as a template, or the number of its bytes. */
export type Base = { names: readonly string[] } | { leaf: string | number };

/** By absolute path: `/`, `/bin`, `/bin/sh`. */
export type BaseTree = ReadonlyMap<string, Base>;

const trees = new WeakMap<FileSystem, BaseTree>();

export function baseTree(files: FileSystem): BaseTree {
  let tree = trees.get(files);
  if (!tree) {
    const map = new Map<string, Base>();
    add(map, "/", files.tree);
    trees.set(files, (tree = map));
  }
  return tree;
}

function add(map: Map<string, Base>, path: string, node: TreeNode): void {
  if (typeof node !== "object") map.set(path, { leaf: node });
  else {
    map.set(path, { names: Object.keys(node) });
    for (const [name, inner] of Object.entries(node)) add(map, join(path, name), inner);
  }
}

export function join(path: string, name: string): string {
  return path === "/" ? `/${name}` : `${path}/${name}`;
}

export function parent(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** Whether `path` is `folder` or lies in it. */
export function within(path: string, folder: string): boolean {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`);
}

export function leafSize(leaf: string | number, fill: (template: string) => string): number {
  return typeof leaf === "number" ? leaf : fill(leaf).length;
}

/** What is in a file of the model. Of files with a size only, bytes that follow from the path: nobody's firmware. */
export function leafContent(leaf: string | number, path: string, fill: (template: string) => string): Buffer {
  if (typeof leaf === "string") return Buffer.from(fill(leaf), "latin1");
  return leaf === 0 ? Buffer.alloc(0) : createHash("shake256", { outputLength: leaf }).update(path).digest();
}
