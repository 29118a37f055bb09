/** One emulated printer inside the test, as visitors meet it: a sensor on loopback without a collector, with all its pacing. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { personaOf } from "../../src/cli/personas.ts";
import { openDoors } from "../../src/sensor/listen.ts";
import { Sensor } from "../../src/sensor/sensor.ts";
import { silent } from "../../src/util/log.ts";

export interface Printer {
  readonly raw: number;
  readonly web: number;
  readonly sensor: Sensor;
  /** Milliseconds that its clock is ahead; time goes on from there. */
  ahead: number;
  /** Stops the program and starts it again on the same data. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** `at`: the time it is at the printer when it starts. */
export async function startPrinter(persona: string, at: number): Promise<Printer> {
  const folder = await mkdtemp(join(tmpdir(), "inktrap-printer-"));
  let sensor: Sensor;
  const start = async () => {
    const doors = await openDoors([
      { service: "raw", address: "127.0.0.1", port: 0 },
      { service: "web", address: "127.0.0.1", port: 0 },
    ]);
    sensor = await Sensor.start({
      id: "local",
      folder,
      persona: personaOf(persona),
      doors,
      clock: () => Date.now() + printer.ahead,
      pacing: true,
      version: "0.0.0",
      log: silent,
    });
  };
  const port = (service: string) => sensor.doors.find((door) => door.service === service)!.port;
  const printer: Printer = {
    ahead: at - Date.now(),
    get raw() {
      return port("raw");
    },
    get web() {
      return port("web");
    },
    get sensor() {
      return sensor;
    },
    restart: async () => {
      await sensor.stop("restart");
      await start();
    },
    close: async () => {
      await sensor.stop("test over");
      await rm(folder, { recursive: true });
    },
  };
  await start();
  return printer;
}
