/** Paths of fields in rules: where they lead, and whether an event type has them. */
import type { z } from "zod";
import { catalogue, type EventType, LIMITS } from "../event/catalogue.ts";
import type { Event, EventOf } from "../event/event.ts";
import type { Surveys } from "./surveys.ts";

export type FieldValue = string | number | boolean | readonly string[] | undefined;
export type Getter = (event: Event) => FieldValue;

const ORIGIN = ["service", "transport", "persona"] as const;

/** What follows from a payload without being a key of it. */
const DERIVED: { [T in EventType]?: Record<string, (event: EventOf<T>) => FieldValue> } = {
  "pjl.command": {
    /** `crlf`, `lf`, or `none` where a UEL or the end came first; absent for a line that was kept in part. */
    lineEnd: ({ data: { line, at } }) =>
      line.length < LIMITS.line ? LINE_ENDS[at[1] - at[0] - line.length] : undefined,
    /** Bytes of the session before the line. */
    offset: ({ data }) => data.at[0],
  },
  "job.captured": {
    /** A PostScript interpreter would read of it: by its first bytes, by the language named, or from some place on. */
    postscript: ({ data: { language, declared, head } }) =>
      language === "postscript" || declared?.startsWith("POSTSCRIPT") === true || head.includes("%!"),
  },
  "session.close": {
    /** Commands, requests and jobs beyond what a session writes down. */
    notWritten: ({ data: { uncounted } }) => SAID.reduce((sum, type) => sum + (uncounted[type] ?? 0), 0),
  },
};
const SAID: readonly EventType[] = ["pjl.command", "http.request", "job.captured"];
const LINE_ENDS = ["none", "lf", "crlf"] as const;

/**
 * How to read a field of an event: a key of the payload or what follows from it, `header.<name>` of an http.request
 * (all its values, whatever the order and case of the headers), `origin.service`, `origin.transport`,
 * `origin.persona`, or `origin.survey`: the known survey whose address came, where the address is no forgery.
 * Undefined when the event type has no such field.
 */
export function getterOf(type: EventType, path: string, surveys: Surveys): Getter | undefined {
  const [first = "", second = ""] = path.split(".", 2) as [string, string?];
  if (path === "origin.survey") {
    return ({ origin }) => (origin?.source.verified ? surveys.nameOf(origin.source.ip) : undefined);
  }
  if (first === "origin") {
    const key = ORIGIN.find((name) => name === second);
    return key && ((event) => event.origin?.[key]);
  }
  if (first === "header" && type === "http.request") {
    const name = path.slice("header.".length).toLowerCase();
    return (event) => headerValues((event.data as { headers: [string, string][] }).headers, name);
  }
  const derived = DERIVED[type]?.[path] as Getter | undefined;
  if (derived) return derived;
  const shape = (catalogue[type].data as z.ZodObject).shape;
  if (!Object.hasOwn(shape, path)) return undefined;
  return (event) => (event.data as Record<string, FieldValue>)[path];
}

function headerValues(headers: readonly (readonly [string, string])[], name: string): string[] | undefined {
  let values: string[] | undefined;
  for (const [key, value] of headers) {
    if (key.length === name.length && key.toLowerCase() === name) (values ??= []).push(value);
  }
  return values;
}

/** How many bytes of an event's range come before a field; undefined where the field is no piece of the visitor's bytes. */
export function offsetInEvent(event: Event, path: string): number | undefined {
  if (event.type === "job.captured") return path === "head" ? 0 : undefined;
  if (event.type !== "pjl.command") return undefined;
  const { line, argument } = event.data;
  if (path === "line") return 0;
  return path === "argument" && line.endsWith(argument) ? line.length - argument.length : undefined;
}
