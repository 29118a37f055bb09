/** The configuration file as a document: docs/configuration.md. */
import { fieldTable } from "../event/document.ts";
import { configSchema } from "./config.ts";

export const EXAMPLE = `persona: hp-laserjet-4250
listen: [192.0.2.61, "2001:db8::61"]
ports:
  web: 8080
limits:
  jobBytes: 104857600
`;

/** docs/configuration.md */
export function configurationDocument(): string {
  return `# Configuration

Made from \`src/cli/config.ts\` by \`npm run docs\`. Do not edit.

Inktrap needs no configuration. What shall differ from the defaults is written in a YAML file and given with
\`--config <file>\`; \`--persona\`, \`--listen\` and \`--port-offset\` stand above the file.
\`npx inktrap check --config <file>\` tells everything that is wrong in it, with line and remedy, and changes nothing.

${fieldTable(configSchema)}

An example:

\`\`\`yaml
${EXAMPLE}\`\`\`

The variable \`INKTRAP_LOG\` sets how much is told on standard error: \`error\`, \`warn\` (the default), \`info\` or \`debug\`.
\`NO_COLOR\` turns colours off.
`;
}
