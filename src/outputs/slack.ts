/** The body of a Slack incoming webhook: blocks of plain text, in which nothing is a mention, a link or an emoji. */
import type { Message } from "./message.ts";

/** The three characters that Slack reads, as it wants them written: no `<!channel>`, no `<http://…|…>`. */
const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Escaped, and no longer than Slack takes: it refuses the whole message otherwise. */
function escaped(text: string, max: number): string {
  let out = "";
  for (const character of text) {
    const next = ENTITIES[character] ?? character;
    if (out.length + next.length > max - 1) return `${out}…`;
    out += next;
  }
  return out;
}

const plainText = (text: string, max: number) => ({ type: "plain_text", text: escaped(text, max), emoji: false });

export const slack = {
  body: ({ title, lines, link }: Message) => ({
    // Shown in notifications.
    text: escaped(title, 2000),
    mrkdwn: false,
    parse: "none",
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: "header", text: plainText(title, 150) },
      { type: "section", text: plainText(lines.join("\n"), 3000) },
      ...(link === undefined
        ? []
        : [{ type: "actions", elements: [{ type: "button", text: plainText("Open", 75), url: link }] }]),
    ],
  }),
};
