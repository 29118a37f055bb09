/** The state of one PJL conversation, and how replies are framed. */
import type { Payload } from "../../event/catalogue.ts";
import type { Device } from "../../printer/device.ts";
import type { Visitor } from "../contract.ts";
import { Environment } from "./environment.ts";
import { type Knowledge, knowledgeOf } from "./knowledge.ts";
import { Unsolicited } from "./unsolicited.ts";

export type Change = Omit<Payload<"device.changed">, "at">;

export class Talk {
  readonly device: Device;
  readonly visitor: Visitor;
  readonly knowledge: Knowledge;
  readonly environment: Environment;
  readonly unsolicited: Unsolicited;
  /** What unsolicited status was asked for, where it differs from the persona's. */
  readonly ustatus = new Map<string, string>();
  /** Between JOB and EOJ: the name it was given, the pages printed since, and when the last of them is out. */
  job: { name: string | undefined; pages: number; done: number } | undefined;
  /** SET SERVICEMODE gave the right word. */
  service = false;
  /** The device restarts: this connection is over. */
  over = false;
  /** What commands changed since this was last emptied. */
  readonly changes: Change[] = [];

  constructor(device: Device, visitor: Visitor) {
    this.device = device;
    this.visitor = visitor;
    this.knowledge = knowledgeOf(device.persona);
    this.environment = new Environment(device, visitor);
    this.unsolicited = new Unsolicited(this);
  }

  fill(template: string): string {
    return this.device.fill(template, this.visitor);
  }

  /** A reply, as byte text: the command repeated, the body's lines, a form feed. PJL Technical Reference Manual, chapter 7. */
  frame(head: string, body: string): string {
    return `@PJL ${head}${this.knowledge.lineEnd}${body}\f`;
  }

  /** Something in a line is not as it should be: its code in Appendix D of the manual. */
  wrong(code: number): void {
    this.unsolicited.wrong(code);
  }

  /** Pages go to the engine. Gives when the last is out, milliseconds since 1970. */
  printed(pages: number): number {
    const printing = this.device.print(this.visitor.key, pages);
    this.unsolicited.pages(printing, this.job?.pages ?? 0);
    if (this.job) {
      this.job.pages += printing.pages;
      this.job.done = printing.done;
    }
    return printing.done;
  }

  restart(factory: boolean): void {
    this.over = true;
    this.device.restart(this.visitor.key, factory);
  }
}
