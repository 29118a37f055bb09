/** The body of a Slack incoming webhook: blocks of plain text, in which nothing is a mention, a link or an emoji. */
import type { Message } from "./message.ts";
import { cut } from "./text.ts";

/** The three characters that Slack reads, as it wants them written: no `<!channel>`, no `<http://…|…>`. */
const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const plainText = (text: string) => ({ type: "plain_text", text: escaped(text), emoji: false });

export const slack = {
  body: ({ title, lines, link }: Message) => ({
    // Shown in notifications.
    text: escaped(title),
    mrkdwn: false,
    parse: "none",
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: "header", text: plainText(cut(title, 150)) },
      { type: "section", text: plainText(cut(lines.join("\n"), 2500)) },
      ...(link === undefined
        ? []
        : [{ type: "actions", elements: [{ type: "button", text: plainText("Open"), url: link }] }]),
    ],
  }),
};
