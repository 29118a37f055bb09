/** Paths of fields in rules: where they lead, and whether an event type has them. */
import type { z } from "zod";
import { catalogue, type EventType } from "../event/catalogue.ts";
import type { Event } from "../event/event.ts";

export type FieldValue = string | number | boolean | readonly string[] | undefined;
export type Getter = (event: Event) => FieldValue;

const ORIGIN = ["service", "transport", "persona"] as const;

/**
 * How to read a field of an event: a key of the payload, `header.<name>` of an http.request (all its values, whatever
 * the order and case of the headers), or `origin.service`, `origin.transport`, `origin.persona`.
 * Undefined when the event type has no such field.
 */
export function getterOf(type: EventType, path: string): Getter | undefined {
  const [first = "", second = ""] = path.split(".", 2) as [string, string?];
  if (first === "origin") {
    const key = ORIGIN.find((name) => name === second);
    return key && ((event) => event.origin?.[key]);
  }
  if (first === "header" && type === "http.request") {
    const name = path.slice("header.".length).toLowerCase();
    return (event) => headerValues((event.data as { headers: [string, string][] }).headers, name);
  }
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
