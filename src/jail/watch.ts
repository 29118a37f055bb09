/** Looks at a process's memory again and again, where the system tells it. */
import { readFile } from "node:fs/promises";

const EVERY_MS = 50;

export interface Watch {
  /** The most resident memory seen, bytes; 0 where it cannot be seen. */
  peakBytes(): number;
  stop(): void;
}

/** Calls `tooMuch` once when the process has had more than `limit` bytes resident. Ends by itself with the process. */
export function watchMemory(pid: number, limit: number, tooMuch: () => void): Watch {
  let peak = 0;
  let reading = false;
  const stop = (): void => clearInterval(timer);
  const look = async (): Promise<void> => {
    if (reading) return;
    reading = true;
    const bytes = await peakOf(pid);
    reading = false;
    if (bytes === null) return stop();
    peak = Math.max(peak, bytes);
    if (peak <= limit) return;
    stop();
    tooMuch();
  };
  const timer = setInterval(() => void look(), EVERY_MS);
  return { peakBytes: () => peak, stop };
}

/** The most memory a process ever had resident, bytes (proc(5): VmHWM); null when it is gone or the system has no /proc. */
async function peakOf(pid: number): Promise<number | null> {
  try {
    const line = /^VmHWM:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, "latin1"));
    return line ? Number(line[1]) * 1024 : null;
  } catch {
    return null;
  }
}
