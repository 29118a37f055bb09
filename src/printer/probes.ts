/** A persona's probes: questions with the answers the modelled device gives to them. They are the persona's tests. */
import { z } from "zod";
import { provenance, sources } from "./persona.ts";

/** Exact bytes as byte text, in YAML's double quotes with its escapes (`\r\n`, `\f`, `\e`, `\x04`); a list is joined. */
const bytes = z
  .union([z.string(), z.array(z.string())])
  .transform((text) => (typeof text === "string" ? text : text.join("")));

const probeSchema = z
  .strictObject({
    ...provenance,
    name: z.string(),
    service: z.enum(["raw", "web"]),
    ask: bytes.describe("what a visitor sends on a new connection before it half-closes"),
    expect: bytes.optional().describe("the whole answer, a template; empty when the device is silent"),
    contains: z.array(z.string()).nonempty().optional().describe("templates that stand in the answer in this order"),
  })
  .refine((probe) => (probe.expect === undefined) !== (probe.contains === undefined), {
    error: "one of `expect` and `contains` is needed, and not both",
  });

export const probesSchema = z.strictObject({
  sources: sources.default({}),
  probes: z.array(probeSchema).nonempty(),
});
export type Probe = z.output<typeof probeSchema>;

/**
 * What is wrong with the device's `answer` (byte text) to a probe, or undefined when it is as expected.
 * `fill` puts the device's values into a template, as `Device.fill` does.
 */
export function probeFault(probe: Probe, answer: string, fill: (template: string) => string): string | undefined {
  if (probe.expect !== undefined) {
    const expected = fill(probe.expect);
    return answer === expected ? undefined : `answered ${JSON.stringify(answer)}, not ${JSON.stringify(expected)}`;
  }
  let from = 0;
  for (const template of probe.contains ?? []) {
    const piece = fill(template);
    const found = answer.indexOf(piece, from);
    if (found < 0) return `${JSON.stringify(answer)} has no ${JSON.stringify(piece)} after its byte ${from}`;
    from = found + piece.length;
  }
  return undefined;
}
