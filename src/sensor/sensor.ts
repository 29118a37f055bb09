/** A sensor: doors, one device behind them, the evidence of who came, and the link that ships it. */
import type { Socket } from "node:net";
import { join } from "node:path";
import { toByteText } from "../event/bytes-text.ts";
import { LIMITS as EVENT_LIMITS } from "../event/catalogue.ts";
import type { Draft, Origin } from "../event/event.ts";
import { recover, type Recovered } from "../evidence/recover.ts";
import type { RetentionLimits } from "../evidence/retention.ts";
import { EvidenceWriter } from "../evidence/writer.ts";
import type { SensorStatus } from "../link/frames.ts";
import { LinkSender } from "../link/sender.ts";
import { LiveDevice } from "../printer/live-device.ts";
import type { Persona } from "../printer/persona.ts";
import type { Service } from "../protocols/contract.ts";
import { SERVICES } from "../protocols/registry.ts";
import { foldAddress, sourceKey } from "../util/address.ts";
import type { Logger } from "../util/log.ts";
import { Networks } from "../util/network.ts";
import { Admission } from "./admission.ts";
import { type OpenDoor, serve } from "./listen.ts";
import { captureTeller } from "./capture.ts";
import { closeLeftovers } from "./leftovers.ts";
import { type Endpoint, introduction } from "./proxy.ts";
import { Keeping } from "./keeping.ts";
import { readKept } from "./kept.ts";
import { memoryFolder, StoredMemories } from "./memory.ts";
import { Session, type SessionLimits } from "./session.ts";
import { type Clock, Stamp } from "./stamp.ts";
import { DeviceFile, nextEpoch } from "./state.ts";

export interface SensorOptions {
  id: string;
  /** Folder of this sensor: evidence, state. */
  folder: string;
  persona: Persona;
  /** Opened by listen.ts; the sensor closes them when it stops. */
  doors: readonly OpenDoor[];
  /** Unix socket of the collector; without it evidence is kept and shipped by a later run. */
  link?: string;
  /** The device takes the time that the persona says it takes; without it everything is done at once. */
  pacing?: boolean;
  limits?: { [L in keyof SensorLimits]?: SensorLimits[L] | undefined };
  /** Upstreams that say with a PROXY header who their visitors are. */
  upstreams?: Networks;
  /** How long evidence is kept and how much of it; `otherBytes` lie elsewhere and count as well. Without it all is kept. */
  retention?: RetentionLimits & { otherBytes?: () => Promise<number> };
  /** Bytes of the disk that are left free, default 256 MiB: when less is free, capturing stops. */
  reserveBytes?: number;
  clock?: Clock;
  version: string;
  log: Logger;
}

export interface SensorLimits extends SessionLimits {
  /** Visitors at once, per door. */
  sessions: number;
}

const LIMITS: SensorLimits = {
  sessionBytes: 2 * 2 ** 30,
  jobBytes: 2 ** 30,
  sessionMs: 6 * 3600_000,
  sessions: 4000,
};

/** Who is at the far end of a connection and where it arrived; `via` is the upstream that said so. */
interface Ends {
  source: Endpoint;
  target: Endpoint;
  via?: string;
}

/** How often the page counter is written, and how long a stop waits for the far end. */
const SAVE_MS = 1000;
const STOP_MS = 3000;
const RESERVE_BYTES = 256 * 1024 * 1024;

export class Sensor {
  readonly doors: readonly OpenDoor[];
  readonly device: LiveDevice;
  readonly #options: SensorOptions;
  readonly #limits: SensorLimits;
  readonly #clock: Clock;
  readonly #writer: EvidenceWriter;
  readonly #stamp: Stamp;
  readonly #sender: LinkSender | undefined;
  readonly #deviceFile: DeviceFile;
  readonly #stored: StoredMemories;
  /** Open sessions with the source keys of their visitors. */
  readonly #sessions = new Map<Session, string>();
  #stopping = false;
  readonly #upstreams: Networks;
  /** Connections of upstreams that have not said yet who is behind them. */
  readonly #unintroduced = new Set<Socket>();
  readonly #saving: NodeJS.Timeout;
  readonly #started: number;
  #keeping: Keeping | undefined;
  /** False while capturing has stopped. */
  #evidenceWritten = true;

  private constructor(
    options: SensorOptions,
    writer: EvidenceWriter,
    epoch: number,
    deviceFile: DeviceFile,
    stored: StoredMemories,
  ) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...defined(options.limits ?? {}) };
    this.#clock = options.clock ?? Date.now;
    this.#started = this.#clock();
    this.doors = options.doors;
    this.#upstreams = options.upstreams ?? new Networks([]);
    this.#writer = writer;
    this.#stamp = new Stamp(options.id, epoch, writer, this.#clock);
    this.#deviceFile = deviceFile;
    this.device = new LiveDevice({
      id: options.id,
      persona: options.persona,
      identity: deviceFile.state.identity,
      now: this.#clock,
      printedBefore: deviceFile.state.printed,
      lastPrint: deviceFile.state.lastPrint,
      pacing: options.pacing ?? false,
      onChange: (key) => stored.changed(key),
      // Not at once: the conversation that asked for it has something to say.
      onRestart: (key) => setImmediate(() => this.#breakOff(key)),
    });
    this.#stored = stored;
    stored.attach(this.device.memories);
    this.#saving = setInterval(() => void this.#saveDevice(), SAVE_MS);
    const reserveBytes = options.reserveBytes ?? RESERVE_BYTES;
    writer.onCapture(captureTeller({ stamp: this.#stamp, reserveBytes, log: options.log }));
    writer.onCapture(({ stopped }) => (this.#evidenceWritten = !stopped));
    if (options.link !== undefined) {
      this.#sender = new LinkSender({
        path: options.link,
        sensor: options.id,
        evidence: evidenceFolder(options.folder),
        safe: () => writer.safe.position,
        status: () => this.#status(),
      });
      writer.onSafe(() => this.#sender!.wake());
    }
  }

  /** Puts right what the last run left, and serves. */
  static async start(options: SensorOptions): Promise<Sensor> {
    const now = (options.clock ?? Date.now)();
    const evidence = evidenceFolder(options.folder);
    const left = await recover(evidence);
    const epoch = await nextEpoch(options.folder);
    const deviceFile = await DeviceFile.open(options.folder, options.persona, now);
    const writer = await EvidenceWriter.open({
      evidence,
      epoch,
      position: left.position,
      reserveBytes: options.reserveBytes ?? RESERVE_BYTES,
    });
    const stored = await StoredMemories.open(memoryFolder(options.folder, options.persona.id), options.log);
    const sensor = new Sensor(options, writer, epoch, deviceFile, stored);
    await sensor.#begin(left, evidence);
    return sensor;
  }

  /** Resolves when everything recorded so far is safe on disk. */
  flush(): Promise<void> {
    return this.#writer.room();
  }

  /** Says goodbye in order: sessions end, what they left is committed and, where somebody listens, shipped. */
  async stop(reason: string): Promise<void> {
    clearInterval(this.#saving);
    await this.#keeping?.stop();
    for (const door of this.doors) door.server.close();
    for (const socket of this.#unintroduced) socket.destroy();
    this.#stopping = true;
    for (const session of this.#sessions.keys()) session.stop();
    this.#stamp.sensorEvent({ type: "sensor.stopped", data: { reason } });
    await this.#writer.room();
    await this.#sender?.stop(STOP_MS);
    await this.#writer.close();
    await this.#stored.flush();
    await this.#saveDevice();
  }

  #saveDevice(): Promise<void> {
    return this.#deviceFile.save(this.device.pagesPrinted, this.device.lastPrint);
  }

  #breakOff(key: string): void {
    for (const [session, of] of this.#sessions) if (of === key) session.breakOff();
  }

  #status(): SensorStatus {
    return {
      started: this.#started,
      doors: this.doors.map(({ service, address, port, server }) => ({
        service,
        address,
        port,
        listening: server.listening,
      })),
      visitors: this.#sessions.size,
      evidenceWritten: this.#evidenceWritten,
    };
  }

  async #begin(left: Recovered, evidence: string): Promise<void> {
    await closeLeftovers(left, evidence, this.#stamp);
    const doors = this.doors.map(({ service, address, port }) => ({ service, address, port }));
    this.#stamp.sensorEvent({
      type: "sensor.started",
      data: { version: this.#options.version, persona: this.#options.persona.id, doors },
    } satisfies Draft);
    const { retention, log } = this.#options;
    if (retention) {
      const { otherBytes = () => Promise.resolve(0), ...limits } = retention;
      this.#keeping = new Keeping({ evidence, limits, otherBytes, stamp: this.#stamp, log });
    }
    for (const door of this.doors) {
      const service = SERVICES.get(door.service)!;
      const { connectionsPerSource } = service.manners(this.device.persona);
      const admission = new Admission(connectionsPerSource, this.#limits.sessions);
      serve(door, (socket) => this.#accept(socket, service, admission));
    }
  }

  #accept(socket: Socket, service: Service, admission: Admission): void {
    const { remoteAddress, remotePort, localAddress, localPort } = socket;
    if (remoteAddress === undefined || localAddress === undefined) {
      socket.destroy();
      return;
    }
    const ends: Ends = {
      source: { ip: foldAddress(remoteAddress), port: remotePort ?? 0 },
      target: { ip: foldAddress(localAddress), port: localPort ?? 0 },
    };
    if (this.#upstreams.has(ends.source.ip)) void this.#introduce(socket, ends, service, admission);
    else this.#admit(socket, ends, service, admission);
  }

  /** A connection of an upstream: who is behind it is said first, or it is not talked to. */
  async #introduce(socket: Socket, ends: Ends, service: Service, admission: Admission): Promise<void> {
    if (this.#unintroduced.size >= this.#limits.sessions) {
      socket.destroy();
      return;
    }
    this.#unintroduced.add(socket);
    socket.on("error", () => {});
    const opened = this.#clock();
    const said = await introduction(socket);
    this.#unintroduced.delete(socket);
    if (said && "relayed" in said && !socket.destroyed) {
      const via = ends.source.ip;
      this.#admit(socket, said.relayed ? { ...said.relayed, via } : ends, service, admission);
      return;
    }
    socket.destroy();
    if (!said || !("fault" in said)) return;
    const { fault, seen } = said;
    const { number, id } = this.#stamp.nextSession();
    const log = this.#stamp.session(number, this.#origin(ends, service, id));
    log.event({ type: "session.open", data: {} });
    log.inbound(seen);
    const what = `no PROXY header of version 2: ${fault}`;
    const sample = toByteText(seen.subarray(0, EVENT_LIMITS.line));
    log.event({ type: "protocol.odd", data: { protocol: "proxy", what, at: [0, seen.length], sample } });
    log.close("printer", opened);
  }

  #origin({ source, target, via }: Ends, service: Service, session: string): Origin {
    return {
      sensor: this.#options.id,
      device: this.device.id,
      persona: this.device.persona.id,
      service: service.name,
      session,
      transport: service.transport,
      source: { ...source, ...(via === undefined ? {} : { via }), verified: true },
      target,
    };
  }

  #admit(socket: Socket, ends: Ends, service: Service, admission: Admission): void {
    const { source, target } = ends;
    const key = sourceKey(source.ip);
    const loading = this.#stored.load(key);
    if (loading) {
      void loading.then(() => (this.#stopping ? socket.destroy() : this.#admit(socket, ends, service, admission)));
      return;
    }
    const enter = () => void socket.resume();
    const admitted = admission.ask(key, enter);
    if (admitted === "refused") {
      socket.destroy();
      return;
    }
    const { number, id } = this.#stamp.nextSession();
    const session = new Session({
      socket,
      dialogue: service.open(this.device, { key, ...source, localIp: target.ip, localPort: target.port }),
      id,
      log: this.#stamp.session(number, this.#origin(ends, service, id)),
      writer: this.#writer,
      limits: this.#limits,
      clock: this.#clock,
      kept: (bytes) => readKept(evidenceFolder(this.#options.folder), this.#writer, bytes),
      idleMs: service.manners(this.device.persona).idleSeconds * 1000,
      onFault: (error) =>
        this.#options.log.error({ err: error, session: id }, "a dialogue failed; its session was ended"),
      onClosed: () => {
        this.#sessions.delete(session);
        this.device.memories.release(key);
        admission.leave(key, enter);
      },
    });
    this.#sessions.set(session, key);
    this.device.memories.hold(key);
    if (!this.device.answers(key)) session.breakOff();
    else if (admitted === "now") socket.resume();
  }
}

function defined<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

export function evidenceFolder(sensorFolder: string): string {
  return join(sensorFolder, "evidence");
}
