/** The rules, and what people decide about cases and rules. */
import { z } from "zod";
import { after, decided, limit, next, nothing, number, ruleId, text, type Entry, why } from "./asks.ts";
import { caseLine, decision, intent, signatureLine } from "../shapes.ts";

export const decisionsEntries = {
  signatures: {
    method: "GET",
    path: "/api/signatures",
    role: "viewer",
    about: "All rules, with how often they spoke and whether they are muted.",
    ask: nothing,
    reply: z.strictObject({ signatures: z.array(signatureLine) }),
  },
  signature: {
    method: "GET",
    path: "/api/signatures/:id",
    role: "viewer",
    about: "One rule with its examples and its latest cases.",
    ask: z.strictObject({ id: ruleId }),
    reply: signatureLine.extend({
      hitExamples: z.array(z.unknown()),
      missExamples: z.array(z.unknown()),
      latest: z.array(caseLine).describe("brief"),
    }),
  },
  decisions: {
    method: "GET",
    path: "/api/decisions",
    role: "viewer",
    about: "What people decided, newest first.",
    ask: z.strictObject({ subject: z.string().max(100).optional(), limit: limit(100), after }),
    reply: z.strictObject({ decisions: z.array(decision), next }),
  },
  correct: {
    method: "POST",
    path: "/api/cases/:number/intent",
    role: "analyst",
    about: "Correct the intent of a case.",
    ask: number.extend({ intent, why: why.optional() }),
    reply: decided,
  },
  note: {
    method: "POST",
    path: "/api/cases/:number/notes",
    role: "analyst",
    about: "Write a note to a case.",
    ask: number.extend({ text }),
    reply: decided,
  },
  closeCase: {
    method: "POST",
    path: "/api/cases/:number/close",
    role: "analyst",
    about: "Close a case: it needs no decision until it says something new.",
    ask: number.extend({ why: why.default("") }),
    reply: decided,
  },
  reopenCase: {
    method: "POST",
    path: "/api/cases/:number/reopen",
    role: "analyst",
    about: "Open a closed case again.",
    ask: number.extend({ why: why.default("") }),
    reply: decided,
  },
  mute: {
    method: "POST",
    path: "/api/signatures/:id/mute",
    role: "analyst",
    about: "Mute a signature: it counts for no alert and no decision that is needed.",
    ask: z.strictObject({ id: ruleId, reason: text, until: z.coerce.date().nullable().default(null) }),
    reply: decided,
  },
  undo: {
    method: "POST",
    path: "/api/decisions/:number/undo",
    role: "analyst",
    about: "Undo a decision: what stood before it stands again.",
    ask: number,
    reply: decided,
  },
} as const satisfies Record<string, Entry>;
