/**
 * What a protocol is made of. Nothing here knows a socket, a clock or a file: a conversation is a function
 * from bytes to steps, so that a transcript is an exact test.
 */
import type { Draft } from "../event/event.ts";
import type { Payload } from "../event/catalogue.ts";
import type { Device } from "../printer/device.ts";
import type { Persona } from "../printer/persona.ts";

/**
 * Turns bytes into messages. Never throws, and gives the same messages however the bytes are cut.
 * Messages that carry a piece of a longer body may be cut differently; joined they are the same.
 */
export interface Decoder<M> {
  /** The messages that are whole now. The decoder does not keep `bytes`, it copies what it still needs. */
  push(bytes: Uint8Array): M[];
  /** The messages that only the end of the stream makes whole. */
  end(): M[];
}

/** What a dialogue knows of a job; the session adds its identity, size, hash and first bytes. */
export type JobFacts = Omit<Payload<"job.captured">, "job" | "bytes" | "sha256" | "head">;

/** A job on its way to its file. One job at a time; `begin` first, then any number of `bytes`, then `end`. */
export type JobStep = { begin: true } | { bytes: Uint8Array; at: number } | { end: JobFacts };

/** A part of a body that was kept earlier, named by its SHA-256: what a visitor stored and now reads back. */
export interface KeptBytes {
  sha256: string;
  offset: number;
  length: number;
}

/** One thing for the session to do, in this order: drafts, job, reply, send, waitMs, close. */
export interface Step {
  reply?: Uint8Array;
  /** Sent after `reply`; where the body is gone, zeroes go in its place. */
  send?: KeptBytes;
  drafts?: readonly Draft[];
  job?: JobStep;
  /** Wait before the next step: what the modelled device takes for it. */
  waitMs?: number;
  /** Call {@link Dialogue.wake} after so many milliseconds, unless a later step names another time; 0 takes it back. */
  wakeMs?: number;
  close?: boolean;
}

/** Who is on the other side, as far as the device can know, and the source key under which it is remembered. */
export interface Visitor {
  /** See util/address.ts `sourceKey`. */
  key: string;
  ip: string;
  port: number;
  /** The device's own address and port as the visitor reached it. */
  localIp: string;
  localPort: number;
}

/** One conversation. Total: no input makes it throw. */
export interface Dialogue {
  receive(bytes: Uint8Array): Step[];
  /**
   * No more bytes will come. Called exactly once.
   * `cut` says why when the visitor did not end the stream in order (`reset`, `idle`, `limit`, `sensor-stopped`).
   */
  end(cut?: string): Step[];
  /** The time that a step named in `wakeMs` has come. */
  wake?(): Step[];
}

/** How a service treats connections, as the persona says. */
export interface Manners {
  /** Where it listens on a real device. */
  port: number;
  /** How long a visitor may be silent before the device hangs up. */
  idleSeconds: number;
  /** Connections of one source at once; more wait until one ends. */
  connectionsPerSource: number;
}

/** One protocol of a device. */
export interface Service {
  name: string;
  transport: "tcp" | "udp";
  manners(persona: Persona): Manners;
  open(device: Device, visitor: Visitor): Dialogue;
}
