/** What no alert is wanted for: rules that an operator wrote down, each with why and until when. */
import { isIP } from "node:net";
import { z } from "zod";
import type { CaseRecord, Reason } from "../detect/case.ts";
import { type Level, LEVELS } from "../detect/intent.ts";
import { sourceKey } from "../util/address.ts";
import { Networks, readNetwork } from "../util/network.ts";

const network = z.string().check((text) => {
  const read = readNetwork(text.value);
  if (typeof read === "string") text.issues.push({ code: "custom", input: text.value, message: read });
});

const CONDITIONS = ["source", "network", "service", "signature"] as const;

export const ignoreSettings = z
  .strictObject({
    source: z
      .string()
      .refine((text) => isIP(text) !== 0, "expected an address")
      .optional(),
    network: network.optional().describe("such as 192.0.2.0/24"),
    service: z.string().min(1).optional().describe("raw, web, …: what came only by it"),
    signature: z.string().min(1).optional().describe("id of a signature or correlation"),
    reason: z.string().min(1).describe("why; shown by `inktrap alerts`"),
    until: z
      .string()
      .refine((text) => /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text) && !Number.isNaN(Date.parse(text)), {
        error: "expected a day such as 2027-01-31, or a time such as 2027-01-31T12:00:00Z",
      })
      .describe("to the end of that day in UTC, or to that time; then it is as if it were not there"),
  })
  .refine(
    (rule) => CONDITIONS.some((name) => rule[name] !== undefined),
    `name at least one of ${CONDITIONS.join(", ")}`,
  );

export type IgnoreRule = z.output<typeof ignoreSettings>;

const DAY = 86_400_000;

/** Milliseconds since 1970 from which a rule does not count any more. */
export function endOf({ until }: IgnoreRule): number {
  return until.length === 10 ? Date.parse(until) + DAY : Date.parse(until);
}

export class Ignored {
  readonly #rules: readonly { rule: IgnoreRule; networks?: Networks; end: number }[];
  readonly #muted: () => ReadonlySet<string>;

  /** `muted`: signatures that were muted in the console. */
  constructor(rules: readonly IgnoreRule[], muted: () => ReadonlySet<string> = () => new Set()) {
    this.#rules = rules.map((rule) => ({
      rule,
      end: endOf(rule),
      ...(rule.network === undefined ? {} : { networks: new Networks([rule.network]) }),
    }));
    this.#muted = muted;
  }

  /**
   * Whether all that carries a case's intent, as sure as is wanted, is to be ignored at this time. All conditions of a
   * rule have to fit; of a service: everything a reason rests on came by it.
   */
  covers(record: CaseRecord, level: Level, now: number): boolean {
    const rules = this.#rules.filter(({ end }) => now < end);
    const muted = this.#muted();
    if (rules.length === 0 && muted.size === 0) return false;
    // Two that are likely make certain.
    const enough = Math.max(LEVELS.indexOf(level), LEVELS.indexOf("likely"));
    const carrying = record.reasons.filter(
      (reason) => reason.intent === record.intent && LEVELS.indexOf(reason.level) <= enough,
    );
    const reasons = carrying.length > 0 ? carrying : record.reasons;
    return reasons.every((reason) => muted.has(reason.rule) || rules.some((one) => this.#fits(one, record, reason)));
  }

  #fits(
    { rule, networks }: { rule: IgnoreRule; networks?: Networks },
    { source, sourceKey: key }: CaseRecord,
    reason: Reason,
  ): boolean {
    if (rule.source !== undefined && sourceKey(rule.source) !== key) return false;
    if (networks && !networks.has(source)) return false;
    if (rule.signature !== undefined && rule.signature !== reason.rule) return false;
    return rule.service === undefined || reason.evidence.every(({ service }) => service === rule.service);
  }
}

/** What is wrong with rules that name what does not exist: they would never fit. `path`: below the list of rules. */
export function strangeNames(
  rules: readonly IgnoreRule[],
  known: { signatures: ReadonlySet<string>; services: ReadonlySet<string> },
): { path: PropertyKey[]; what: string; remedy: string }[] {
  return rules.flatMap(({ signature, service }, i) => {
    const faults = [];
    if (signature !== undefined && !known.signatures.has(signature)) {
      const remedy = "Name one of docs/signatures.md, or remove the rule.";
      faults.push({ path: [i, "signature"], what: `there is no signature "${signature}"`, remedy });
    }
    if (service !== undefined && !known.services.has(service)) {
      const remedy = `Use one of: ${[...known.services].join(", ")}.`;
      faults.push({ path: [i, "service"], what: `there is no service "${service}"`, remedy });
    }
    return faults;
  });
}
