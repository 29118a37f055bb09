/** Tries the examples that every rule carries. */
import { payloadProblems } from "../event/catalogue.ts";
import { evaluate } from "./correlation.ts";
import type { Correlation, Signature } from "./rule.ts";
import type { RuleSet } from "./rules.ts";
import { completePayload, sampleEvent, serviceOf } from "./samples.ts";
import { type CaseState, openCase, remember } from "./summary.ts";

/** Told of something wrong, with the path in the rule's file. */
export type Fault = (path: (string | number)[], what: string) => void;

export function signatureExampleProblems(rule: Signature, rules: RuleSet, fault: Fault): void {
  for (const kind of ["hits", "misses"] as const) {
    rule.examples[kind].forEach(({ from, service, ...fragment }, i) => {
      const path = ["examples", kind, i];
      const data = completePayload(rule.on, fragment);
      const problems = payloadProblems(rule.on, data);
      for (const problem of problems) fault(path, `is no ${rule.on}: ${problem}`);
      if (problems.length > 0) return;
      const event = sampleEvent(rule.on, data);
      if (typeof from === "string") event.origin!.source.ip = from;
      if (typeof service === "string") event.origin!.service = service;
      const spoke = rules.match(event).some(({ signature }) => signature.rule.id === rule.id);
      if (spoke !== (kind === "hits")) fault(path, spoke ? "should not match but does" : "should match but does not");
    });
  }
}

export function correlationExampleProblems(rule: Correlation, rules: RuleSet, fault: Fault): void {
  const correlation = rules.correlations.find((one) => one.rule === rule)!;
  for (const kind of ["hits", "misses"] as const) {
    rule.examples[kind].forEach((sequence, i) => {
      const path = ["examples", kind, i];
      const unknown = sequence.map(([id]) => id).filter((id) => !rules.signatures.has(id));
      for (const id of new Set(unknown)) fault(path, `there is no signature "${id}"`);
      if (unknown.length > 0) return;
      const held = evaluate(correlation, stateOf(sequence, rule, rules)) !== undefined;
      if (held !== (kind === "hits")) fault(path, held ? "should not hold but does" : "should hold but does not");
    });
  }
}

/** The state of a case in which the signatures spoke at the given seconds: [signature, seconds, session, value or device]. */
function stateOf(sequence: Correlation["examples"]["hits"][0], rule: Correlation, rules: RuleSet): CaseState {
  const state = openCase(sampleEvent("session.open", {}), "198.51.100.23");
  sequence.forEach(([id, seconds, session = "a", extra], seq) => {
    remember(state, id, {
      time: seconds * 1000,
      sensor: "s1",
      epoch: 1,
      seq,
      session,
      device: rule.distinct === "devices" ? (extra ?? "d") : "d",
      service: serviceOf(rules.signatures.get(id)!.rule.on),
      ...(rule.distinct === "values" && extra !== undefined && { value: extra }),
    });
  });
  return state;
}
