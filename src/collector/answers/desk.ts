/** The rules, and what people decide about cases and rules. */
import type { Correlation, Signature } from "../../detect/rule.ts";
import type { RuleSet } from "../../detect/rules.ts";
import { listCases } from "../../store/queries/cases.ts";
import { listDecisions } from "../../store/queries/desk.ts";
import { type RuleCount, ruleCounts } from "../../store/queries/rules.ts";
import type { Mute, NewDecision } from "../../store/decisions.ts";
import type { DecisionTable } from "../../store/tables.ts";
import type { SignatureLine } from "../contract.ts";
import { decisionView } from "../lines.ts";
import { NotFound, Refused } from "../refusals.ts";
import { type Answers, iso, isoOrNull, type Room } from "../room.ts";
import type { Who } from "../who.ts";
import { alone, caseViews } from "./cases.ts";
import { beforeOf, nextOf } from "./evidence.ts";

/** Cases that are shown with a rule. */
const LATEST = 20;

type Desk =
  "signatures" | "signature" | "decisions" | "correct" | "note" | "closeCase" | "reopenCase" | "mute" | "undo";

export function deskAnswers(room: Room): Answers<Desk> {
  const { db, decisions } = room.store;
  const decide = async (what: Omit<NewDecision, "by" | "at">, who: Who) => {
    const row = await decisions.decide({ ...what, by: who.name, at: room.clock() });
    if (!row) throw new NotFound(`There is no case C-${"case" in what.about ? what.about.case : ""}`);
    return { decision: decisionView(row) };
  };
  return {
    signatures: async () => {
      const counts = await ruleCounts(db);
      const mutes = decisions.mutes(room.clock());
      return { signatures: rulesOf(room).map((rule) => lineOf(rule, counts, mutes)) };
    },
    signature: async ({ id }, who) => {
      const found = rulesOf(room).find((one) => one.rule.id === id);
      if (!found) throw new NotFound(`There is no signature ${id}`);
      const [counts, { cases }] = await Promise.all([
        ruleCounts(db),
        listCases(db, { rule: id, order: "newest", limit: LATEST }),
      ]);
      return {
        ...lineOf(found, counts, decisions.mutes(room.clock())),
        hitExamples: [...found.rule.examples.hits],
        missExamples: [...found.rule.examples.misses],
        latest: await caseViews(room, cases.map(alone), who, { excerpts: "none" }),
      };
    },
    decisions: async ({ subject, limit, after }) => {
      const rows = await listDecisions(db, { subject, limit, before: beforeOf(after) });
      return { decisions: rows.map(decisionView), next: nextOf(rows, limit) };
    },
    correct: ({ number, intent, why }, who) =>
      decide({ kind: "intent", about: { case: number }, value: intent, why }, who),
    note: ({ number, text }, who) => decide({ kind: "note", about: { case: number }, value: text }, who),
    closeCase: ({ number, why }, who) => decide({ kind: "close", about: { case: number }, value: why }, who),
    reopenCase: ({ number, why }, who) => decide({ kind: "reopen", about: { case: number }, value: why }, who),
    mute: async ({ id, reason, until }, who) => {
      if (!rulesOf(room).some(({ rule }) => rule.id === id)) throw new NotFound(`There is no signature ${id}`);
      if (until && until.getTime() <= room.clock()) throw new Refused(400, "`until` is in the past.");
      return decide({ kind: "mute", about: { rule: id }, value: reason, until: until?.getTime() ?? null }, who);
    },
    undo: async ({ number }, who) => {
      const row: DecisionTable | undefined = await decisions.undo(number, who.name, room.clock());
      if (!row) throw new NotFound(`There is no decision ${number}`);
      return { decision: decisionView(row) };
    },
  };
}

type Rule = { family: string } & (
  { kind: "signature"; rule: Signature } | { kind: "correlation"; rule: Correlation; of: readonly string[] }
);

const listed = new WeakMap<RuleSet, Rule[]>();

function rulesOf({ rules }: Room): Rule[] {
  if (!rules) return [];
  let all = listed.get(rules);
  if (!all) {
    all = [
      ...[...rules.signatures.values()].map(({ rule, family }) => ({ kind: "signature" as const, rule, family })),
      ...rules.correlations.map(({ rule, steps }) => {
        return { kind: "correlation" as const, rule, family: "correlation", of: [...new Set(steps.flat())] };
      }),
    ];
    listed.set(rules, all);
  }
  return all;
}

function lineOf(one: Rule, counts: ReadonlyMap<string, RuleCount>, mutes: ReadonlyMap<string, Mute>): SignatureLine {
  const { rule, family, kind } = one;
  const counted = counts.get(rule.id);
  const mute = mutes.get(rule.id);
  return {
    id: rule.id,
    kind,
    family,
    title: rule.title,
    description: rule.description,
    intent: rule.intent ?? null,
    level: rule.level ?? null,
    on: one.kind === "signature" ? one.rule.on : null,
    of: one.kind === "correlation" ? [...one.of] : [],
    attack: rule.attack,
    references: rule.references,
    falsePositives: rule.falsePositives,
    status: rule.status,
    cases: counted?.cases ?? 0,
    hits: counted?.hits ?? 0,
    last: isoOrNull(counted?.last ?? null),
    mute: mute
      ? {
          decision: mute.number,
          reason: mute.reason,
          by: mute.by_name,
          at: iso(mute.at),
          until: isoOrNull(mute.until),
        }
      : null,
  };
}
