/** The envelope of an event, and who may write what into it. */
import type { EventType, Payload } from "./catalogue.ts";

/**
 * Where something happened and who came. Stamped once, by the session, when the connection is accepted;
 * nothing a visitor sends can reach these fields.
 */
export interface Origin {
  sensor: string;
  device: string;
  /** Persona id, as the folder under data/personas is named. */
  persona: string;
  /** Service of the device: `raw`, `web`, … */
  service: string;
  /** Unique within the sensor: `<epoch>-<number>`, both in base 36. */
  session: string;
  transport: "tcp" | "udp";
  /** `verified`: the address completed a handshake, so it was not forged. IPv4-mapped IPv6 is written as IPv4. */
  source: { ip: string; port: number; via?: string; verified: boolean };
  target: { ip: string; port: number };
}

/** What a dialogue or a session has to say, before it is known who said it when. */
export type Draft = { [T in EventType]: { type: T; data: Payload<T> } }[EventType];

/** One event. (sensor, epoch, seq) is its identity; epoch counts the starts of a sensor, seq the events since then. */
export type Event = Draft & {
  sensor: string;
  epoch: number;
  seq: number;
  /** Milliseconds since 1970-01-01T00:00:00Z, by the sensor's clock. */
  time: number;
  /** Absent on events about the sensor itself. */
  origin?: Origin;
};

/** An event of one given type. */
export type EventOf<T extends EventType> = Extract<Event, { type: T }>;
