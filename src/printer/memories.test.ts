import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJournal, writeJournal } from "./journal.ts";
import { Memories } from "./memories.ts";
import { BoundedMemory, SOURCE_LIMIT } from "./source-memory.ts";

const LIMITS = { sources: 100, bytes: 2 ** 20, mostBytes: 4 * 2 ** 20 };

describe("BoundedMemory", () => {
  it("takes changes up to its limit and ignores those beyond", () => {
    const memory = new BoundedMemory();
    memory.readyMessage = "x".repeat(SOURCE_LIMIT - 2000);
    memory.defaults.set("PAPER", "y".repeat(2000));
    expect(memory.defaults.size).toBe(0);
    memory.defaults.set("PAPER", "A4");
    memory.readyMessage = "z".repeat(SOURCE_LIMIT);
    expect(memory.readyMessage.length).toBe(SOURCE_LIMIT - 2000);
    memory.readyMessage = undefined;
    memory.defaults.set("JOBNAME", "y".repeat(200_000));
    expect(memory.defaults.get("JOBNAME")?.length).toBe(200_000);
    memory.defaults.clear();
    expect([memory.bytes, memory.empty]).toEqual([new BoundedMemory().bytes, true]);
    memory.jobsNow--;
    expect(memory.jobsNow).toBe(0);
  });

  it("is never longer in writing than it says, whatever bytes are in it", () => {
    const memory = new BoundedMemory();
    const all = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join("");
    for (let n = 0; n < 2000; n++) {
      memory.defaults.set(`${n}${all}`, all);
      memory.files.set(`0:\\${n}${all}`, { parts: [{ sha256: "a".repeat(64), bytes: 2 ** 40 }] });
    }
    expect(Buffer.byteLength(writeJournal("2001:db8::/64", memory))).toBeLessThanOrEqual(memory.bytes);
    expect(memory.bytes).toBeLessThanOrEqual(SOURCE_LIMIT);
  });
});

describe("journal", () => {
  const bytes = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((c) => String.fromCharCode(c)) });
  const file = fc.oneof(
    fc.constantFrom("directory" as const, "deleted" as const),
    fc.record({ parts: fc.array(fc.record({ sha256: fc.constant("b".repeat(64)), bytes: fc.nat() })) }),
  );
  const option = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

  it("gives back what was written, for any changes", () => {
    fc.assert(
      fc.property(
        fc.record({
          readyMessage: option(bytes),
          attention: option(fc.record({ code: fc.nat(), text: bytes, since: fc.nat(), until: fc.nat() })),
          restart: option(fc.record({ at: fc.nat(), until: fc.nat() })),
          serial: option(bytes),
          pageShift: fc.integer(),
          awakeAt: fc.nat(),
          busyUntil: fc.nat(),
          defaults: fc.array(fc.tuple(bytes, bytes), { maxLength: 8 }),
          files: fc.array(fc.tuple(bytes, file), { maxLength: 8 }),
        }),
        ({ defaults, files, ...fields }) => {
          const memory = Object.assign(new BoundedMemory(), fields);
          for (const [key, value] of defaults) memory.defaults.set(key, value);
          for (const [key, value] of files) memory.files.set(key, value);
          const back = new BoundedMemory();
          expect(readJournal(writeJournal("k", memory), "k", back)).toBeUndefined();
          expect(writeJournal("k", back)).toBe(writeJournal("k", memory));
          expect(back.bytes).toBe(memory.bytes);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("says what is wrong with anything else, and fills nothing in", () => {
    const good = writeJournal("k", Object.assign(new BoundedMemory(), { readyMessage: "x" }));
    const bad = ["", "{", "null", "[]", "{}", good.replace('"version":1', '"version":2'), `${good.slice(0, -3)}`];
    for (const text of [...bad, good.replace('"x"', "5"), good.replace("{", '{"more":1,')]) {
      const memory = new BoundedMemory();
      expect(readJournal(text, "k", memory), text).toBeTypeOf("string");
      expect(memory.empty).toBe(true);
    }
    expect(readJournal(good, "other", new BoundedMemory())).toMatch("another source");
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readJournal(text, "k", new BoundedMemory())).toBeTypeOf("string");
      }),
    );
  });
});

describe("Memories", () => {
  it("forgets the least recent that is written down and not in use", () => {
    const unsaved = new Set<string>();
    const memories = new Memories(LIMITS, (key) => unsaved.add(key));
    memories.hold("used");
    for (let n = 0; n < 150; n++) memories.get(`s${n}`).readyMessage = `m${n}`;
    expect(memories.size).toBe(151);
    expect(unsaved.size).toBe(150);
    for (const key of unsaved) expect(memories.saved(key, memories.get(key).revision)).toBe(true);
    memories.get("new");
    expect(memories.size).toBeLessThanOrEqual(LIMITS.sources);
    expect(memories.peek("s149")?.readyMessage).toBe("m149");
    expect([memories.peek("s0"), memories.peek("used")?.readyMessage]).toEqual([undefined, undefined]);
    expect(memories.peek("used")).toBeDefined();
  });

  it("keeps nothing of sources that changed nothing", () => {
    const memories = new Memories(LIMITS);
    memories.hold("a");
    memories.get("a").readyMessage = "x";
    memories.get("a").readyMessage = undefined;
    memories.hold("a");
    memories.release("a");
    expect(memories.size).toBe(1);
    memories.saved("a", memories.get("a").revision);
    memories.release("a");
    expect([memories.size, memories.bytes]).toEqual([0, 0]);
  });

  it("tells of a change made while an earlier one was being written", () => {
    const told: string[] = [];
    const memories = new Memories(LIMITS, (key) => told.push(key));
    const memory = memories.get("a");
    memory.readyMessage = "1";
    const { revision } = memory;
    memory.readyMessage = "2";
    expect(told).toEqual(["a"]);
    expect(memories.saved("a", revision)).toBe(false);
    expect(memories.saved("a", memory.revision)).toBe(true);
    memory.readyMessage = "3";
    expect(told).toEqual(["a", "a"]);
  });

  it("lets nothing grow beyond what all may take together", () => {
    const memories = new Memories(LIMITS);
    for (let n = 0; n < 60; n++) {
      memories.hold(`s${n}`);
      memories.get(`s${n}`).readyMessage = "x".repeat(100_000);
    }
    expect(memories.bytes).toBeLessThanOrEqual(LIMITS.mostBytes + 60 * 1024);
    expect(memories.get("s59").readyMessage).toBeUndefined();
  });

  it("takes back what was written without wanting to write it again", () => {
    const told: string[] = [];
    const memories = new Memories(LIMITS, (key) => told.push(key));
    memories.restore("a", (memory) => (memory.readyMessage = "x"));
    expect([told, memories.peek("a")?.readyMessage]).toEqual([[], "x"]);
    memories.get("a").serial = "y";
    expect(told).toEqual(["a"]);
  });
});
