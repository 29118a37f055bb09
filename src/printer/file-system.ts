/** The file system of a model, as data: files.yaml of a persona. A model without the file has no file system. */
import { z } from "zod";

/** Bytes of one file that is given by its size. */
const MAX_FILE = 128 * 1024;

const count = () => z.number().int().nonnegative();
const path = z.string().regex(/^\/$|^(\/[^/\\"]+)+$/, "is no absolute path");

/** A directory by the names in it; a file by its content, a template, or by its size where nobody knows the content. */
export type TreeNode = string | number | { [name: string]: TreeNode };

const node: z.ZodType<TreeNode> = z.lazy(() => z.union([count().max(MAX_FILE), z.string(), directory]));
const directory: z.ZodType<{ [name: string]: TreeNode }> = z.record(z.string().regex(/^[^/\\"]{1,100}$/), node);

const disk = z.strictObject({
  at: path.describe("the directory where it is mounted; one disk is mounted at /"),
  volume: z.string().regex(/^\d:$/).optional().describe("its name in PJL; a disk without one is reached by `..` only"),
  size: count().describe("bytes"),
  free: count().describe("bytes, with the model's own files on it"),
  location: z.string().default("").describe("as INFO FILESYS lists it"),
  label: z.string().default("?"),
  readOnly: z.boolean().default(false),
  ram: z.boolean().default(false).describe("is as the model has it after every restart"),
});

/** The section `fileSystem`, but for where it was learnt. */
export const fileSystemShape = {
  blockSize: z.number().int().positive().describe("bytes; a file takes whole blocks, a directory takes one"),
  disks: z.array(disk).nonempty(),
  tree: directory.describe("what is in /, in the order in which it is listed"),
};

export type Disk = z.output<typeof disk>;
export interface FileSystem {
  blockSize: number;
  disks: readonly Disk[];
  tree: { [name: string]: TreeNode };
}
