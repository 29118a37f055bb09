/** The state of one PJL conversation, and how replies are framed. */
import type { Payload } from "../../event/catalogue.ts";
import type { Device } from "../../printer/device.ts";
import type { Visitor } from "../contract.ts";
import { Environment } from "./environment.ts";
import { type Knowledge, knowledgeOf } from "./knowledge.ts";

export type Change = Omit<Payload<"device.changed">, "at">;

export class Talk {
  readonly device: Device;
  readonly visitor: Visitor;
  readonly knowledge: Knowledge;
  readonly environment: Environment;
  /** What unsolicited status was asked for, where it differs from the persona's. */
  readonly ustatus = new Map<string, string>();
  /** Between JOB and EOJ: the name it was given, and the pages printed since. */
  job: { name: string | undefined; pages: number } | undefined;
  /** What commands changed since this was last emptied. */
  readonly changes: Change[] = [];

  constructor(device: Device, visitor: Visitor) {
    this.device = device;
    this.visitor = visitor;
    this.knowledge = knowledgeOf(device.persona);
    this.environment = new Environment(device, visitor);
  }

  fill(template: string): string {
    return this.device.fill(template, this.visitor);
  }

  /** A reply, as byte text: the command repeated, the body's lines, a form feed. PJL Technical Reference Manual, chapter 7. */
  frame(head: string, body: string): string {
    return `@PJL ${head}${this.knowledge.lineEnd}${body}\f`;
  }
}
