import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BoundedMemory } from "./source-memory.ts";
import { type Piece, Volumes } from "./volume.ts";

const MODEL = {
  blockSize: 10,
  disks: [
    { at: "/", size: 1000, free: 100, location: "", label: "", readOnly: false, ram: false },
    { at: "/rom", size: 100, free: 0, location: "", label: "", readOnly: true, ram: false },
    { at: "/ram", volume: "0:", size: 500, free: 200, location: "RAM", label: "?", readOnly: false, ram: true },
  ],
  tree: {
    ram: { a: { x: "made by {model}", big: 95 }, note: "hello", empty: {} },
    rom: { system: 40 },
    passwd: "root::0:0",
  },
};
const fill = (text: string) => text.replace("{model}", "us");
const bodies = new Map<string, Buffer>();

function open(memory = new BoundedMemory()) {
  return new Volumes(MODEL, memory.files, fill);
}
function body(text: string) {
  const bytes = Buffer.from(text, "latin1");
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  bodies.set(sha256, bytes);
  return { sha256, bytes: bytes.length };
}
const text = (pieces: readonly Piece[]) =>
  pieces
    .map((piece) =>
      Buffer.isBuffer(piece) ? piece : bodies.get(piece.sha256)!.subarray(piece.offset, piece.offset + piece.length),
    )
    .map((bytes) => bytes.toString("latin1"))
    .join("");
/** What a whole file reads as, or the number of the refusal. */
function cat(volumes: Volumes, name: string, offset = 0, size = 1e9): string | number {
  const read = volumes.read(name, offset, size);
  return "error" in read ? read.error : text(read.pieces);
}
const ls = (volumes: Volumes, name: string) => {
  const list = volumes.list(name, 1, 1e9);
  return "error" in list ? list.error : list.map((entry) => entry.name).join(" ");
};
const free = (volumes: Volumes) => volumes.volumes()[0]!.free;
const error = (result: object | undefined) => (result && "error" in result ? result.error : undefined);

describe("volumes", () => {
  it("shows the model's files, by backslash and slash, from anywhere", () => {
    const volumes = open();
    expect(ls(volumes, "0:")).toBe(". .. a note empty");
    expect(ls(volumes, "0:\\a\\")).toBe(". .. x big");
    expect(cat(volumes, "0:/a//x")).toBe("made by us");
    expect(volumes.query("0:\\a\\x")).toEqual({ name: "0:\\a\\x", size: 10 });
    expect(volumes.query("0:\\a")).toEqual({ name: "0:\\a", size: undefined });
    expect(cat(volumes, "0:\\A\\x")).toBe(3);
    expect(ls(volumes, "0:\\..\\..\\..")).toBe(". .. ram rom passwd");
    expect(cat(volumes, "0:\\..\\passwd", 4, 3)).toBe("::0");
    expect(cat(volumes, "0:\\a\\.\\..\\note")).toBe("hello");
    expect(cat(volumes, "0:\\note\\..\\note")).toBe(3);
  });

  it("makes up the bytes of files known by their size, always the same", () => {
    const whole = cat(open(), "0:\\a\\big") as string;
    expect(whole).toHaveLength(95);
    expect(cat(open(), "0:/a/big", 90, 10)).toBe(whole.slice(90));
  });

  it("lists a part of a directory", () => {
    expect(open().list("0:\\", 3, 2)).toEqual([
      { name: "a", size: undefined },
      { name: "note", size: 5 },
    ]);
    expect(open().list("0:\\", 99, 2)).toEqual([]);
    for (const [entry, count] of [
      [0, 1],
      [1, 0],
      [NaN, 1],
    ] as const) {
      expect(open().list("0:\\", entry, count)).toEqual({ error: 17 });
    }
  });

  it("writes over the model, for this source only", () => {
    const memory = new BoundedMemory();
    expect(open(memory).write("0:\\note", body("new"), false)).toEqual({
      what: "file",
      name: "0:\\note",
      before: "5 bytes",
      after: "3 bytes",
    });
    expect(cat(open(memory), "0:\\note")).toBe("new");
    expect(cat(open(), "0:\\note")).toBe("hello");
  });

  it("appends to what was written, to what the model has, and to nothing", () => {
    const volumes = open();
    for (const name of ["0:\\note", "0:\\fresh", "0:\\a\\x"]) {
      volumes.write(name, body(" one"), true);
      volumes.write(name, body(" two"), true);
    }
    expect(cat(volumes, "0:\\note")).toBe("hello one two");
    expect(cat(volumes, "0:\\note", 4, 4)).toBe("o on");
    expect(cat(volumes, "0:\\fresh")).toBe(" one two");
    expect(cat(volumes, "0:\\a\\x")).toBe("made by us one two");
    expect(volumes.write("0:\\touched", { sha256: "", bytes: 0 }, true)).toMatchObject({ after: "0 bytes" });
    expect(cat(volumes, "0:\\touched")).toBe("");
  });

  it("refuses what does not fit, and counts blocks", () => {
    const volumes = open();
    expect(free(volumes)).toBe(200);
    expect(error(volumes.write("0:\\b", body("x".repeat(201)), false))).toBe(2);
    volumes.write("0:\\b", body("x".repeat(191)), false);
    expect(free(volumes)).toBe(0);
    expect(error(volumes.makeDirectory("0:\\c"))).toBe(2);
    expect(volumes.write("0:\\b", body("yyyyyyyyy"), true)).toMatchObject({ after: "200 bytes" });
    expect(error(volumes.write("0:\\b", body("z"), true))).toBe(2);
    volumes.remove("0:\\a\\big");
    expect(free(volumes)).toBe(100);
    volumes.write("0:\\b", body(""), false);
    expect(free(volumes)).toBe(300);
  });

  it("refuses by number", () => {
    const volumes = open();
    const cases: [result: object | undefined, number: number][] = [
      [volumes.write("0:\\none\\x", body("x"), false), 3],
      [volumes.write("0:\\a", body("x"), false), 9],
      [volumes.write("0:\\..\\rom\\x", body("x"), false), 12],
      [volumes.makeDirectory("0:\\a"), 6],
      [volumes.makeDirectory("0:\\note"), 6],
      [volumes.remove("0:\\a"), 14],
      [volumes.remove("0:\\none"), 3],
      [volumes.remove("0:\\"), 8],
      [volumes.remove("0:\\..\\ram"), 8],
      [volumes.remove("0:\\..\\rom\\system"), 12],
      [volumes.read("0:\\a", 0, 1), 9],
      [volumes.list("0:\\note", 1, 1), 10],
      [volumes.query("1:\\a"), 1],
      [volumes.query("7:\\a"), 54],
      [volumes.query("a"), 7],
      [volumes.query(""), 27],
      [volumes.query(`0:\\${"x".repeat(101)}`), 7],
      [volumes.format("1:"), 1],
      [volumes.format("0:\\a"), 7],
    ];
    for (const [result, number] of cases) expect(error(result)).toBe(number);
  });

  it("forgets a directory's old contents when it is made again, and all of a volume when it is formatted", () => {
    const volumes = open();
    for (const name of ["0:\\a\\x", "0:\\a\\big", "0:\\a"]) expect(error(volumes.remove(name))).toBeUndefined();
    expect(ls(volumes, "0:")).toBe(". .. note empty");
    volumes.makeDirectory("0:\\a");
    expect(ls(volumes, "0:\\a")).toBe(". ..");
    volumes.write("0:\\..\\outside", body("stays"), false);
    volumes.write("0:\\a\\y", body("goes"), false);
    expect(volumes.format("0")).toMatchObject({ what: "volume", name: "0:", after: "empty" });
    expect(volumes.format("0")).toBeUndefined();
    expect(ls(volumes, "0:")).toBe(". ..");
    expect(free(volumes)).toBe(200 + 10 * (1 + 1 + 10 + 1 + 1));
    expect(cat(volumes, "0:\\..\\outside")).toBe("stays");
    volumes.makeDirectory("0:\\a");
    expect(ls(volumes, "0:\\a")).toBe(". ..");
  });

  it("loses what was in memory when the device restarts", () => {
    const volumes = open();
    volumes.write("0:\\note", body("new"), false);
    volumes.remove("0:\\a\\x");
    volumes.write("0:\\..\\kept", body("stays"), false);
    volumes.restart();
    expect(cat(volumes, "0:\\note")).toBe("hello");
    expect(ls(volumes, "0:\\a")).toBe(". .. x big");
    expect(cat(volumes, "0:\\..\\kept")).toBe("stays");
  });

  it("remembers so many paths, and so many parts of a file", () => {
    const memory = new BoundedMemory();
    const name = (i: number) => `0:\\${"n".repeat(90)}${i}`;
    const taken = Array.from({ length: 2000 }, (_, i) => open(memory).write(name(i), body(""), false));
    const refused = taken.findIndex((one) => "error" in one);
    expect(taken[refused]).toEqual({ error: 2 });
    expect(memory.files.size).toBeLessThanOrEqual(500);
    expect(open(memory).write(name(0), body("again"), false)).toMatchObject({ after: "5 bytes" });
    const [root, rom, ram] = MODEL.disks;
    const one = new Volumes(
      { ...MODEL, disks: [root!, rom!, { ...ram!, free: 400 }] },
      new BoundedMemory().files,
      fill,
    );
    const appended = Array.from({ length: 300 }, () => one.write("0:\\log", body("."), true));
    expect(appended.filter((result) => "error" in result)).toHaveLength(50);
    expect(cat(one, "0:\\log")).toBe(".".repeat(250));
  });

  it("refuses at the end of the source's memory", () => {
    const full = new (class extends Map<string, never> {
      override set(): this {
        return this;
      }
    })();
    const volumes = new Volumes(MODEL, full, fill);
    expect(volumes.write("0:\\x", body("x"), false)).toEqual({ error: 2 });
    expect(volumes.makeDirectory("0:\\x")).toEqual({ error: 2 });
    expect(volumes.remove("0:\\note")).toEqual({ error: 2 });
  });
});

/** The same operations on a plain tree of directories (Map) and files (string). */
type Plain = Map<string, Plain | string>;
const plainRoot = (): Plain =>
  new Map<string, Plain | string>([
    ["a", new Map([["x", "made by us"]])],
    ["note", "hello"],
    ["empty", new Map()],
  ]);

function walk(root: Plain, items: readonly string[]): Plain | string | undefined {
  let at: Plain | string | undefined = root;
  for (const item of items) at = at instanceof Map ? at.get(item) : undefined;
  return at;
}

describe("volumes against a plain tree", () => {
  const item = fc.constantFrom("a", "x", "note", "empty", "b");
  const items = fc.array(item, { minLength: 1, maxLength: 3 });
  const operation = fc.record({
    kind: fc.constantFrom("write", "append", "mkdir", "remove", "format", "read"),
    items,
    text: fc.constantFrom("", "1", "22", "333"),
  });

  it("agrees", () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
        const memory = new BoundedMemory();
        const files = { ...MODEL, tree: { ram: { a: { x: "made by us" }, note: "hello", empty: {} }, rom: {} } };
        const volumes = new Volumes(files, memory.files, fill);
        const root = plainRoot();
        for (const { kind, items, text } of operations) {
          const name = `0:\\${items.join("\\")}`;
          const folder = walk(root, items.slice(0, -1));
          const last = items.at(-1)!;
          const old = walk(root, items);
          if (kind === "write" || kind === "append") {
            const may = folder instanceof Map && !(old instanceof Map);
            expect("error" in volumes.write(name, body(text), kind === "append")).toBe(!may);
            if (may) folder.set(last, kind === "append" ? `${(old as string | undefined) ?? ""}${text}` : text);
          } else if (kind === "mkdir") {
            const may = folder instanceof Map && old === undefined;
            expect("error" in volumes.makeDirectory(name)).toBe(!may);
            if (may) folder.set(last, new Map());
          } else if (kind === "remove") {
            const may = old !== undefined && !(old instanceof Map && old.size > 0);
            expect("error" in volumes.remove(name)).toBe(!may);
            if (may) (folder as Plain).delete(last);
          } else if (kind === "format" && text === "333") {
            volumes.format("0:");
            root.clear();
          }
          expect(cat(volumes, name)).toEqual(plainCat(walk(root, items)));
          expect(same(volumes, "0:", root)).toBe(true);
          const used = 500 - free(volumes);
          expect(used).toBe(300 - 40 + usedBy(root));
        }
      }),
      { numRuns: 300 },
    );
  });

  const plainCat = (found: Plain | string | undefined) => (found instanceof Map ? 9 : (found ?? 3));
  /** Blocks of the model above: a directory, a file of one block, another, a directory. */
  function usedBy(node: Plain | string): number {
    if (typeof node === "string") return 10 * Math.ceil(node.length / 10);
    return [...node.values()].reduce<number>((sum, inner) => sum + usedBy(inner) + (inner instanceof Map ? 10 : 0), 0);
  }
  function same(volumes: Volumes, name: string, plain: Plain): boolean {
    const list = volumes.list(name, 3, 1e9);
    if ("error" in list || list.length !== plain.size) return false;
    return list.every((entry) => {
      const inner = plain.get(entry.name);
      if (inner instanceof Map) return entry.size === undefined && same(volumes, `${name}\\${entry.name}`, inner);
      return inner !== undefined && entry.size === inner.length;
    });
  }
});
