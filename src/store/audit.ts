/** Who did what, when: rows that are only added. */
import { append, type Shared } from "./engine.ts";
import type { AuditTable } from "./tables.ts";

export type NewEntry = Omit<AuditTable, "number" | "detail"> & { detail: Record<string, unknown> };

export class Audit {
  readonly #shared: Shared;
  #last: number;

  private constructor(shared: Shared, last: number) {
    this.#shared = shared;
    this.#last = last;
  }

  static async open(shared: Shared): Promise<Audit> {
    const { db } = shared.engine;
    const last = await db.selectFrom("audit").select(db.fn.max("number").as("number")).executeTakeFirst();
    return new Audit(shared, Number(last?.number ?? 0));
  }

  /** Resolves when the entry is on disk. */
  add(entry: NewEntry): Promise<void> {
    return this.#shared.inTurn(async () => {
      const row: AuditTable = { number: this.#last + 1, ...entry, detail: JSON.stringify(entry.detail) };
      await this.#shared.engine.write(append("audit", [row]));
      this.#last = row.number;
    });
  }
}
