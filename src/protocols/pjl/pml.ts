/**
 * PML, the binary requests inside DMINFO and DMCMD: get or set an object by its number. A request is a command byte, then fields
 * of a type and a length in two bytes (six bits and ten) and the value: the object's number, and for set the new value. The
 * reply repeats it with an outcome. Source: HPLIP, io/hpmud/pml.h and pml.c.
 */

const [GET, SET, REPLY] = [0x00, 0x04, 0x80];
const TYPE = { object: 0x00, enumeration: 0x04, integer: 0x08, string: 0x10 } as const;
/** Strings begin with their symbol set: 8U, Roman-8. */
const ROMAN8 = Buffer.from([0x01, 0x15]);

export const OUTCOME = { ok: 0x00, unknownObject: 0x83, notSupported: 0x84, badValue: 0x85 } as const;
export type PmlType = "enumeration" | "integer" | "string";

export interface PmlRequest {
  command: "get" | "set";
  /** The object's number, such as `2.5.1.1.3.1`. */
  object: string;
  /** What to set it to: type and length, and the value. */
  field: Buffer;
  /** The value as a number; undefined for strings and long ones. */
  number: number | undefined;
}

/** Reads a request in hexadecimal digits; undefined where it is none. */
export function readPml(hex: string): PmlRequest | undefined {
  if (!/^(?:[0-9a-fA-F]{2}){4,512}$/.test(hex)) return undefined;
  const bytes = Buffer.from(hex, "hex");
  const command = bytes[0] === GET ? "get" : bytes[0] === SET ? "set" : undefined;
  const object = fieldAt(bytes, 1);
  if (!command || object?.type !== TYPE.object || object.value.length === 0) return undefined;
  const value = command === "set" ? fieldAt(bytes, object.end) : undefined;
  if (command === "set" && !value) return undefined;
  const short = value && value.type !== TYPE.string && value.value.length > 0 && value.value.length <= 4;
  return {
    command,
    object: [...object.value].join("."),
    field: value ? bytes.subarray(object.end, value.end) : Buffer.alloc(0),
    number: short ? value.value.readUIntBE(0, value.value.length) : undefined,
  };
}

function fieldAt(bytes: Buffer, at: number): { type: number; value: Buffer; end: number } | undefined {
  if (at + 2 > bytes.length) return undefined;
  const start = at + 2;
  const end = start + ((bytes[at]! & 0x03) << 8) + bytes[at + 1]!;
  return end > bytes.length ? undefined : { type: bytes[at]! & 0xfc, value: bytes.subarray(start, end), end };
}

/** The reply to a request in capital hexadecimal digits. `field`: the value, type and length first; none unless it went well. */
export function writePml({ command, object }: PmlRequest, outcome: number, field: Uint8Array): string {
  const number = Buffer.from(object.split(".").map(Number));
  const code = REPLY | (command === "get" ? GET : SET);
  const parts = [Buffer.from([code, outcome]), makeField(TYPE.object, number), field];
  return Buffer.concat(parts).toString("hex").toUpperCase();
}

/** A value with its type and length. `text`: a number in digits, or byte text, cut to what a field holds. */
export function pmlField(type: PmlType, text: string): Buffer {
  if (type === "string") return makeField(TYPE.string, Buffer.concat([ROMAN8, Buffer.from(text, "latin1")]));
  const digits = (Number(text) >>> 0).toString(16);
  return makeField(TYPE[type], Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex"));
}

function makeField(type: number, value: Buffer): Buffer {
  const cut = value.subarray(0, 0x3ff);
  return Buffer.concat([Buffer.from([type | (cut.length >> 8), cut.length & 0xff]), cut]);
}
