/** A log read whole, as a test that nothing in it is broken. */
import { LogReader } from "../../src/evidence/reader.ts";
import { FIRST_POSITION, HEADER, type LogRecord } from "../../src/evidence/record.ts";

/** All records of a log that must read from its beginning to its end without a gap, payloads copied. */
export async function wholeLog(evidence: string, from = FIRST_POSITION): Promise<LogRecord[]> {
  const reader = new LogReader(evidence);
  const records: LogRecord[] = [];
  try {
    for (let position = from; ;) {
      const { records: found, next, torn } = await reader.read(position);
      if (torn > 0) throw new Error(`${torn} bytes at ${next} are no record`);
      if (found.length === 0) break;
      for (const record of found) {
        if (record.position !== position) throw new Error(`a gap from ${position} to ${record.position}`);
        position += HEADER + record.payload.length;
        records.push({ ...record, payload: Buffer.from(record.payload) });
      }
    }
  } finally {
    await reader.close();
  }
  return records;
}
