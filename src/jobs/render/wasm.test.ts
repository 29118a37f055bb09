import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { boundedWasm, WASM_BYTES, webAssembly } from "./wasm.ts";

const folder = mkdtempSync(join(tmpdir(), "inktrap-wasm-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A module with one memory, exported as `m`. `limits`: its type (WebAssembly Core Specification, 5.3.8). */
function moduleOf(limits: number[]): string {
  const section = (id: number, body: number[]): number[] => [id, body.length, ...body];
  const exported = section(7, [1, 1, 0x6d, 2, 0]);
  const bytes = [
    0,
    0x61,
    0x73,
    0x6d,
    1,
    0,
    0,
    0,
    ...section(0, [1, 0x78, 5, 1]),
    ...section(5, [1, ...limits]),
    ...exported,
  ];
  const path = join(folder, `${limits.join("-")}.wasm`);
  writeFileSync(path, Uint8Array.from(bytes));
  return path;
}

interface Memory {
  grow(pages: number): number;
  buffer: ArrayBuffer;
}

it("lets a module have so much memory and no more", async () => {
  const bytes = boundedWasm(moduleOf([1, 1, 0x80, 0x80, 2])); // from 1 to 32768 pages of 64 KiB
  const instance = (await webAssembly.instantiate(await webAssembly.compile(bytes), {})) as { exports: { m: Memory } };
  const { m } = instance.exports;
  expect(m.grow(WASM_BYTES / 65536 - 1)).toBe(1);
  expect(m.buffer.byteLength).toBe(WASM_BYTES);
  expect(() => m.grow(1)).toThrow();
});

it("refuses a module that would not be bounded", () => {
  expect(() => boundedWasm(moduleOf([0, 1]))).toThrow(/no memory of its own/);
});
