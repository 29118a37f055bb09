/** Evidence of a large store: logs in which every session has the same conversation in as many bytes, and job bodies. */
import { createHash } from "node:crypto";
import { closeSync, linkSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import { jobFile, logFolder, safeFile, safeText, SEGMENT_BYTES, segmentFile } from "../dist/evidence/folder.js";
import { FIRST_POSITION, HEADER, KIND, writeRecord } from "../dist/evidence/record.js";

/** Bytes of a session in the log. */
export const SESSION_BYTES = 512;
const UEL = "\u001b%-12345X";
const SAID = [
  [KIND.inbound, `${UEL}@PJL INFO ID\r\n`],
  [KIND.outbound, '@PJL INFO ID\r\n"HP LaserJet 4250"\r\n\f'],
  [KIND.inbound, "@PJL INFO STATUS\r\n"],
  [KIND.outbound, '@PJL INFO STATUS\r\nCODE=10001\r\nDISPLAY="Ready"\r\nONLINE=TRUE\r\n\f'],
].map(([kind, text]) => ({ kind, payload: Buffer.from(text, "latin1") }));
// The last record takes what is left.
const rest = SESSION_BYTES - SAID.reduce((bytes, { payload }) => bytes + HEADER + payload.length, 0);
SAID.at(-1).payload = Buffer.concat([SAID.at(-1).payload, Buffer.alloc(rest, " ")]);
/** Where each record of a session begins. */
const STARTS = SAID.map((_, i) => SAID.slice(0, i).reduce((bytes, { payload }) => bytes + HEADER + payload.length, 0));

/** Position of the last record of a sensor's session, as an SQL expression over its number within the sensor. */
export const sessionEnd = (k) => `(${FIRST_POSITION} + (${k} - 1) * ${SESSION_BYTES} + ${STARTS.at(-1)})`;

/** Writes the log of a sensor that had so many sessions. `time`: milliseconds since 1970 of all of them. */
export function writeLog(evidence, sessions, time) {
  mkdirSync(logFolder(evidence), { recursive: true });
  const each = SEGMENT_BYTES / SESSION_BYTES;
  const segment = Buffer.alloc(SEGMENT_BYTES);
  for (let first = 0; first < sessions; first += each) {
    const count = Math.min(each, sessions - first);
    for (let i = 0; i < count; i++) {
      const base = FIRST_POSITION + (first + i) * SESSION_BYTES;
      SAID.forEach((record, n) => {
        const previous = n === 0 ? 0 : base + STARTS[n - 1];
        const at = i * SESSION_BYTES + STARTS[n];
        if (first === 0) writeRecord(segment, at, { ...record, time, session: first + i + 1, previous });
        else change(segment, at, record.payload.length, first + i + 1, previous);
      });
    }
    const file = openSync(segmentFile(evidence, FIRST_POSITION + first * SESSION_BYTES), "w");
    writeSync(file, segment, 0, count * SESSION_BYTES);
    closeSync(file);
  }
  const position = FIRST_POSITION + sessions * SESSION_BYTES;
  writeFileSync(safeFile(evidence), safeText({ epoch: 1, position, low: position }));
}

/** Makes a record of the segment before one of this segment. */
function change(segment, at, payload, session, previous) {
  segment.writeUIntLE(session, at + 16, 6);
  segment.writeUIntLE(previous, at + 22, 6);
  segment.writeUInt32LE(crc32(segment.subarray(at + 8, at + HEADER + payload)), at + 4);
}

/** Different job bodies, by their SHA-256. */
export function makeBodies(count) {
  const bodies = Array.from({ length: count }, (_, n) => Buffer.from(`BUY CHEAP TONER ${n}\r\n`.repeat(400)));
  return new Map(bodies.map((body) => [createHash("sha256").update(body).digest("hex"), body]));
}

/** Puts bodies where the sensors that received them keep them. `kept`: rows of sensor and sha256. */
export function writeBodies(sensors, bodies, kept) {
  const written = new Map();
  const folders = new Set();
  for (const { sensor, sha256 } of kept) {
    const file = jobFile(join(sensors, sensor, "evidence"), sha256);
    if (!folders.has(dirname(file))) mkdirSync(dirname(file), { recursive: true });
    folders.add(dirname(file));
    if (written.has(sha256)) linkSync(written.get(sha256), file);
    else writeFileSync(file, bodies.get(sha256));
    written.set(sha256, file);
  }
}
