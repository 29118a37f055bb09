/** Is it working? Asked every few seconds, shown on every page. */
import type { Reply, StatusView } from "../../src/collector/contract.ts";
import { ask, type Failure } from "./api.ts";
import { ago, clock, count, duration, number, size } from "./words.ts";

const EVERY_MS = 5000;
const HOUR_MS = 3_600_000;
/** The lists behind the counters at the menu change more seldom. */
const SELDOM = 6;

class Health {
  status = $state.raw<StatusView>();
  sensors = $state.raw<Reply<"sensors">>();
  undecided = $state(0);
  /** Since when the collector has not answered. */
  lost = $state<number>();
  now = $state(Date.now());
  #timer: ReturnType<typeof setInterval> | undefined;
  #times = 0;

  begin(): void {
    if (this.#timer) return;
    this.#timer = setInterval(() => void this.look(), EVERY_MS);
    void this.look();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#times = 0;
  }

  async look(): Promise<void> {
    if (document.visibilityState === "hidden") return;
    try {
      this.status = await ask("status", {});
      this.lost = undefined;
      if (this.#times++ % SELDOM === 0) {
        [this.sensors, { count: this.undecided }] = await Promise.all([
          ask("sensors", {}),
          ask("undecided", { limit: 0 }),
        ]);
      }
    } catch (error) {
      if ((error as Failure).status === 0) this.lost ??= Date.now();
    }
    this.now = Date.now();
  }

  get mark(): { state: "ok" | "wait" | "bad"; word: string } {
    if (this.lost !== undefined) return { state: "bad", word: `No answer since ${clock(this.lost, true)}` };
    const { status } = this;
    if (!status) return { state: "wait", word: "Asking" };
    if (!status.receiving) {
      const last = Math.max(0, ...status.sensors.map((one) => Date.parse(one.checked ?? "") || 0));
      return { state: "bad", word: last > 0 ? `Not receiving since ${clock(last)}` : "Not receiving" };
    }
    if (!status.lastVisit) return { state: "wait", word: "Waiting for a visit" };
    const quiet = this.now - Date.parse(status.lastVisit.opened);
    if (quiet >= HOUR_MS) return { state: "ok", word: `Receiving, quiet for ${duration(quiet, 1)}` };
    return { state: "ok", word: `Receiving, ${ago(this.now - quiet, this.now)}` };
  }

  get connected(): string {
    const all = this.status?.sensors ?? [];
    return `${number(all.filter((one) => one.connected).length)} of ${count(all.length, "sensor")} connected`;
  }

  get disk(): string {
    const disk = this.sensors?.disk;
    if (!disk) return this.status ? `Disk ${size(this.status.disk.freeBytes)} free` : "";
    const used = Math.round((1 - disk.freeBytes / Math.max(1, disk.totalBytes)) * 100);
    const left = disk.daysLeft === null ? `${size(disk.freeBytes)} free` : `${count(disk.daysLeft, "day")} left`;
    return `Disk ${used} %, ${left}`;
  }

  get troubled(): number {
    return this.sensors?.sensors.filter((one) => one.state !== "ok").length ?? 0;
  }

  /** One sentence for an empty list. */
  get quiet(): string {
    const all = this.status?.sensors ?? [];
    const delivering = all.filter((one) => one.connected).length;
    if (all.length > 0 && delivering > 0)
      return `${number(delivering)} of ${count(all.length, "sensor")} ${delivering === 1 ? "is" : "are"} delivering, so this is quiet, not broken.`;
    return "No sensor is delivering, so this may be broken and not quiet.";
  }
}

export const health = new Health();
