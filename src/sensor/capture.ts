/** Tells in events, and to the operator, that capturing has stopped and that it goes on. */
import type { CaptureChange } from "../evidence/writer.ts";
import type { Logger } from "../util/log.ts";
import type { Stamp } from "./stamp.ts";

export interface CaptureParts {
  stamp: Stamp;
  reserveBytes: number;
  log: Logger;
}

/** A listener for {@link EvidenceWriter.onCapture}. */
export function captureTeller({ stamp, reserveBytes, log }: CaptureParts): (change: CaptureChange) => void {
  let stoppedAt = 0;
  return (change) => {
    const { freeBytes } = change;
    if (change.stopped) {
      stoppedAt = stamp.clock();
      const detail = change.error?.message.slice(0, 256) ?? "";
      stamp.sensorEvent({ type: "capture.stopped", data: { why: change.why, detail, freeBytes, reserveBytes } });
      log.error({ why: change.why, detail, freeBytes }, "capturing has stopped; visitors are still answered");
      return;
    }
    const { records: lostRecords, bytes: lostBytes, sessions: lostSessions } = change.lost;
    const data = { stoppedAt, freeBytes, lostSessions, lostRecords, lostBytes };
    stamp.sensorEvent({ type: "capture.resumed", data });
    log.warn(data, "capturing goes on");
  };
}
