/** The configuration file as a document: docs/configuration.md. */
import { fieldTable } from "../event/document.ts";
import { CHANNELS } from "../outputs/channels.ts";
import { configSchema } from "./config.ts";

export const EXAMPLE = `persona: hp-laserjet-4250
listen: [192.0.2.61, "2001:db8::61"]
ports:
  web: 8080
limits:
  jobBytes: 104857600
`;

export const ALERTS_EXAMPLE = `alerts:
  console: https://inktrap.office.example
  quiet: { from: "22:00", to: "06:30", zone: Europe/Berlin }
  ignore:
    - network: 192.0.2.0/28
      signature: several-devices-probed
      reason: our own vulnerability scan
      until: 2027-01-31
  channels:
    - name: duty
      type: mail
      host: mail.office.example
      user: inktrap
      passwordFile: /etc/inktrap/mail-password
      from: inktrap@office.example
      to: [duty@office.example]
    - name: team
      type: webhook
      preset: slack
      url: https://hooks.chat.example/services/T000/B000/XXXX
    - name: siem
      type: syslog
      host: siem.office.example
      transport: tls
      perHour: 1000
      quiet: false
`;

/** docs/configuration.md */
export function configurationDocument(): string {
  return `# Configuration

Made from \`src/cli/config.ts\` by \`npm run docs\`. Do not edit.

Inktrap needs no configuration. What shall differ from the defaults is written in a YAML file and given with
\`--config <file>\`; \`--persona\`, \`--listen\` and \`--port-offset\` stand above the file.
\`npx inktrap check --config <file>\` tells everything that is wrong in it, with line and remedy, and changes nothing.

${fieldTable(configSchema)}

[inktrap.example.yaml](inktrap.example.yaml) has every key with a comment. A short example:

\`\`\`yaml
${EXAMPLE}\`\`\`

## Alerts

A case that is new or became graver, and is as grave and as sure as \`alerts\` asks for, is told once to every channel, and
once more for each graver intent. Above \`perHour\` messages in an hour, and in quiet hours, alerts are gathered: one digest
counts them, names all cases and tells of the gravest. Cases of \`own\` networks are never told. What could not be sent is tried
again for a day, with the same id, so that a receiver can drop what it has; a message may come twice, but none is
forgotten. \`npx inktrap alerts test\` sends a test message to every channel, \`npx inktrap alerts\` tells what was sent,
waits, failed or was held back.

An ignore rule holds back alerts while everything that carries the verdict fits it: all of its conditions have to hold.
Cases are recorded all the same.

A webhook with a secret is signed: \`Inktrap-Signature\` is \`v1=\` and the HMAC-SHA256, in hexadecimal, of
\`Inktrap-Timestamp\`, a full stop and the body. \`Inktrap-Id\` is the same however often a message is sent.

${Object.entries(CHANNELS)
  .map(([type, { settings }]) => `Fields of a channel with \`type: ${type}\`:\n\n${fieldTable(settings)}`)
  .join("\n\n")}

An example:

\`\`\`yaml
${ALERTS_EXAMPLE}\`\`\`

## Environment

The variable \`INKTRAP_LOG\` sets how much is told on standard error: \`error\`, \`warn\` (the default), \`info\` or \`debug\`.
\`NO_COLOR\` turns colours off.
`;
}
