/** Compiles a WASM package so that it can never have more memory than it is given here. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What of the language's own interface is used; TypeScript has it only among what browsers have. */
interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(compiled: object, imports: object): Promise<object>;
}
export const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;

/** WASM memory of one renderer, bytes. */
export const WASM_BYTES = 256 * 1024 * 1024;
const PAGE_BYTES = 64 * 1024;
const MEMORY_SECTION = 5;
const HAS_MAXIMUM = 0x01;

/** The bytes of a module whose own memory ends at {@link WASM_BYTES}. Throws when it has no memory with a maximum. */
export function boundedWasm(path: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(readFileSync(path));
  const [from, to] = maximumField(bytes);
  // The same number of bytes, so that no length changes: LEB128 may be longer than it needs to be.
  let left = WASM_BYTES / PAGE_BYTES;
  for (let at = from; at < to; at++) {
    bytes[at] = (left & 0x7f) | (at + 1 < to ? 0x80 : 0);
    left >>>= 7;
  }
  return bytes;
}

/** First and past-the-last byte of the memory's maximum (WebAssembly Core Specification, 5.5.8 and 5.3.8). */
function maximumField(bytes: Uint8Array): [number, number] {
  let at = 8;
  while (at < bytes.length) {
    const id = bytes[at];
    const size = leb(bytes, at + 1);
    if (id === MEMORY_SECTION && bytes[size.next] === 1 && bytes[size.next + 1] === HAS_MAXIMUM) {
      const least = leb(bytes, size.next + 2);
      return [least.next, leb(bytes, least.next).next];
    }
    at = size.next + size.value;
  }
  throw new Error("the WASM module has no memory of its own with a maximum");
}

/** An unsigned LEB128 number and where it ends. */
function leb(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]!;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, next: at };
  }
}

/** MuPDF with bounded memory, for whoever draws with it. Without warnings on the console: a document may cause many. */
export async function loadMupdf(): Promise<typeof import("mupdf")> {
  const key = "$libmupdf_wasm_Module";
  const world = globalThis as { [key]?: object };
  const path = fileURLToPath(new URL("mupdf-wasm.wasm", import.meta.resolve("mupdf")));
  const silent = (): void => {};
  world[key] ??= { wasmBinary: boundedWasm(path), print: silent, printErr: silent };
  return import("mupdf");
}
