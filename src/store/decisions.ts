/**
 * What people decided about cases and signatures. Rows are added and marked as undone, never changed otherwise: of each
 * kind the latest one that is not undone holds. Applied on top of what is judged by the view `case_now`.
 */
import { type Intent, INTENT_ORDER } from "../detect/intent.ts";
import { append, type Shared } from "./engine.ts";
import type { DecisionTable } from "./tables.ts";

export type DecisionKind = "intent" | "note" | "close" | "reopen" | "mute";

/** What is decided: about a case with a number, or about a signature. */
export interface NewDecision {
  kind: DecisionKind;
  about: { case: number } | { rule: string };
  value: string;
  why?: string | undefined;
  until?: number | null | undefined;
  by: string;
  at: number;
}

/** A mute that holds, unless its time is over. */
export type Mute = Pick<DecisionTable, "number" | "until" | "by_name" | "at"> & { rule: string; reason: string };

export class Decisions {
  readonly #shared: Shared;
  #last = 0;
  /** By rule, the latest that is not undone. */
  readonly #mutes = new Map<string, Mute>();
  /** Corrected intents by case number, the latest that are not undone. */
  readonly #intents = new Map<number, string>();

  private constructor(shared: Shared) {
    this.#shared = shared;
  }

  static async open(shared: Shared): Promise<Decisions> {
    const decisions = new Decisions(shared);
    const { db } = shared.engine;
    const last = await db.selectFrom("decision").select(db.fn.max("number").as("number")).executeTakeFirst();
    decisions.#last = Number(last?.number ?? 0);
    await decisions.#readStanding();
    return decisions;
  }

  /** Mutes that hold at a time, by rule. */
  mutes(now: number): ReadonlyMap<string, Mute> {
    return new Map([...this.#mutes].filter(([, { until }]) => until === null || until > now));
  }

  /** Writes a decision down. Undefined when there is no such case. */
  decide(what: NewDecision): Promise<DecisionTable | undefined> {
    return this.#shared.inTurn(async () => {
      const number = "case" in what.about ? what.about.case : null;
      const judged = number === null ? undefined : await this.#judged(number);
      if (number !== null && !judged) return undefined;
      const row: DecisionTable = {
        number: this.#last + 1,
        kind: what.kind,
        subject: "case" in what.about ? `C-${number}` : what.about.rule,
        case_number: number,
        value: what.value,
        why: what.why ?? null,
        gravity: what.kind === "intent" ? INTENT_ORDER.indexOf(what.value as Intent) : null,
        said: judged?.said ?? null,
        until: what.until ?? null,
        by_name: what.by,
        at: what.at,
        undone_by: null,
        undone_at: null,
      };
      await this.#shared.engine.write(append("decision", [row]));
      this.#last = row.number;
      await this.#readStanding(row.kind);
      return row;
    });
  }

  /** Undoes a decision, once. Undefined when there is none. */
  undo(number: number, by: string, at: number): Promise<DecisionTable | undefined> {
    return this.#shared.inTurn(async () => {
      const { engine } = this.#shared;
      const { db } = engine;
      const row = await db.selectFrom("decision").selectAll().where("number", "=", number).executeTakeFirst();
      if (!row || row.undone_at !== null) return row;
      const undone = { undone_by: by, undone_at: at };
      await engine.write([db.updateTable("decision").set(undone).where("number", "=", number).compile()]);
      await this.#readStanding(row.kind);
      return { ...row, ...undone };
    });
  }

  #judged(number: number) {
    const query = this.#shared.engine.db.selectFrom("case_now").select("said").where("number", "=", number);
    return query.executeTakeFirst();
  }

  /** What a person said a case is. */
  intentOf(number: number): string | undefined {
    return this.#intents.get(number);
  }

  /** Reads what stands, after a decision of this kind. */
  async #readStanding(changed?: string): Promise<void> {
    const kinds = ["mute", "intent"].filter((kind) => changed === undefined || kind === changed);
    if (kinds.length === 0) return;
    const query = this.#shared.engine.db.selectFrom("decision").selectAll().where("kind", "in", kinds);
    const rows = await query.where("undone_at", "is", null).orderBy("number").execute();
    if (kinds.includes("mute")) this.#mutes.clear();
    if (kinds.includes("intent")) this.#intents.clear();
    for (const { kind, subject, case_number, value, number, until, by_name, at } of rows) {
      if (kind === "mute") this.#mutes.set(subject, { rule: subject, reason: value, number, until, by_name, at });
      else this.#intents.set(case_number!, value);
    }
  }
}
