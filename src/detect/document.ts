/** The rules as a document: docs/signatures.md. */
import { spanText } from "./headline.ts";
import { INTENTS } from "./intent.ts";
import type { Correlation, Signature } from "./rule.ts";
import type { RuleSet } from "./rules.ts";

const HEAD = `# Signatures and correlations

Made from \`data/signatures\`, \`data/correlations\` and \`src/detect\` by \`npm run docs\`.

A **signature** speaks about one event, a **correlation** about what several signatures said of one source. Each is a YAML file
that carries examples which it must match and examples which it must not; a file without both, or whose examples fail, does not load.
Rules without an intent are facts: they only serve other rules.

## How a verdict is reached

1. A case is all visits of one source (an IPv4 address, an IPv6 /64) with less than 30 days of silence between them. An event
   that reaches the collector so late that an earlier case of its source is closed is counted to the latest case: that takes a
   sensor that was cut off for a month.
2. A rule may account for weaker evidence (\`explains\`): a survey that says who it is accounts for its questions. What is accounted
   for is listed as considered and dropped. Nothing graver than reconnaissance can be accounted for in this way; within one
   session a driver's page also accounts for changes that are only possible tampering, such as the settings drivers write.
3. The intent is the gravest that is left with a level of certain or likely; where all is only possible, the gravest of that;
   where nothing is left, \`unknown\`.
4. The confidence is certain when a rule that carries the intent is certain, or when two are likely and neither is built on what
   the other is built on; likely when one is likely; else possible.

A survey is known by its address when it is listed in \`data/sources\`, with where that was learnt and when. That accounts for its
questions, but not for what it prints, and not where the address could be forged.

What the rules see of a job is its first 4 KiB, and of a session its first few dozen commands; how many more there were is told.

A page without any sign of a driver and without words that advertise, threaten or boast is \`unknown\` when its sender asked nothing
before, and likely spam when he did.

## Intents, gravest first

| intent | a visitor who … |
|---|---|
${Object.entries(INTENTS)
  .map(([intent, about]) => `| \`${intent}\` | ${about} |`)
  .join("\n")}
`;

/** The document, in Markdown. */
export function signaturesDocument(rules: RuleSet): string {
  const signatures = [...rules.signatures.values()];
  const families = [...new Set(signatures.map(({ family }) => family))];
  const ofFamily = (name: string) => signatures.filter(({ family }) => family === name).map(({ rule }) => rule);
  const chapter = (family: string) => {
    const members = ofFamily(family);
    return [`### ${family}\n`, table(members), members.map(section).join("\n")].join("\n");
  };
  return [
    HEAD,
    "## Signatures\n",
    ...families.map(chapter),
    "## Correlations\n",
    table(rules.correlations.map(({ rule }) => rule)),
    ...rules.correlations.map(({ rule }) => section(rule)),
  ].join("\n");
}

type Rule = Signature | Correlation;

function table(rules: readonly Rule[]): string {
  const rows = rules.map((rule) => `| \`${rule.id}\` | ${rule.title} | ${verdictOf(rule)} |`);
  return ["| rule | says | carries |", "|---|---|---|", ...rows, ""].join("\n");
}

const verdictOf = ({ intent, level }: Rule) => (intent === undefined ? "a fact" : `${intent}, ${level}`);

function section(rule: Rule): string {
  const lines = [
    `#### ${rule.id}\n`,
    `${rule.description.trim()}\n`,
    "on" in rule ? `- On \`${rule.on}\`` : `- ${builtOn(rule)}`,
    ...listed("Accounts for", rule.explains),
    ...listed("In its session accounts for possible", "explainsInSession" in rule ? rule.explainsInSession : []),
    ...listed("ATT&CK", rule.attack),
    ...listed("May also be", rule.falsePositives),
    ...listed("See", rule.references),
    ...(rule.status === "experimental" ? ["- Experimental"] : []),
  ];
  return `${lines.join("\n")}\n`;
}

function builtOn(rule: Correlation): string {
  const steps = rule.of.map((step) => step.map((id) => `\`${id}\``).join(" or "));
  const span = `within ${spanText(rule.within)}`;
  const sessions =
    rule.sessions === "any" ? "" : `, in ${rule.sessions === "same" ? "one session" : "different sessions"}`;
  switch (rule.kind) {
    case "temporal":
      return `Built on ${steps.join(" and ")}, in any order ${span}${sessions}`;
    case "temporal-ordered":
      return `Built on ${steps.join(", then ")}, ${span}${sessions}`;
    case "count":
      return `Built on ${rule.atLeast} times ${steps.join(" or ")} ${span}`;
    case "spread":
      return `Built on ${rule.atLeast} different ${rule.distinct} of ${steps.join(", ")} ${span}`;
  }
}

function listed(label: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`- ${label}: ${items.join("; ")}`];
}
