/** The contract as a document: docs/api.md. */
import { CASE_FIELDS, JOB_FIELDS, SESSION_FIELDS } from "../store/queries/search.ts";
import { contract } from "./contract.ts";
import type { Download, Entry } from "./contract/asks.ts";
import { downloads } from "./contract/downloads.ts";
import { scopeOf } from "./roles.ts";

const named = (fields: object) =>
  Object.keys(fields)
    .filter((name) => name !== "")
    .map((name) => `\`${name}\``)
    .join(", ");

function rows(entries: Record<string, Entry | Download>): string {
  const lines = Object.entries(entries).map(([name, entry]) => {
    const scope = entry.role === "public" ? "" : `\`${scopeOf(entry)}\``;
    const about = entry.about.replaceAll("|", "\\|");
    return `| \`${entry.method} ${entry.path}\` | ${name} | ${entry.role} | ${scope} | ${about} |`;
  });
  return ["| call | name | role | scope of a token | about |", "|---|---|---|---|---|", ...lines].join("\n");
}

/** docs/api.md */
export function apiDocument(): string {
  return `# API

Made from \`src/collector/contract.ts\` by \`npm run docs\`. Do not edit.

The console is served over HTTP; what its pages ask, programs may ask too. \`/api/openapi.json\` has every field.

- A program sends a token: \`Authorization: Bearer inktrap_…\`. Tokens are made in the settings, shown once, and never do
  more than the account they belong to.
- A browser has a cookie; what changes something carries the header \`x-inktrap-csrf\` that \`/api/access\` gives.
- What is asked for by GET stands in the query, else in a JSON body. What goes wrong is told as RFC 9457 says.
- Lists are asked on with \`after\`: the \`next\` of an earlier answer, \`null\` where there is no more.
- Text of a visitor is *byte text*: one character for each byte, U+0000 to U+00FF. It is hostile: escape it at every exit.
- Roles: \`viewer\` sees everything but what was printed; \`analyst\` sees that too, and decides; \`admin\` lets people in and
  removes evidence. A question that a role may not ask is answered 403.

${rows(contract)}

## Files and news

Files come as attachments. CSV is written so that no cell is a formula.

${rows(downloads)}

## Search

\`q\` narrows a list: \`source:10.0.0.0/8 service:raw -intent:spam "some text"\`. All words must hold; a minus turns a word
round; text with blanks or colons stands in quotes. A word without a field is looked for in what the rows show.

| list | fields |
|---|---|
| cases | ${named(CASE_FIELDS)} |
| sessions | ${named(SESSION_FIELDS)} |
| jobs | ${named(JOB_FIELDS)} |
`;
}
