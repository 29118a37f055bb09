/** The body of a Discord webhook: an embed in which nothing is Markdown and nobody is mentioned. */
import type { Message } from "./message.ts";
import { cut } from "./text.ts";

/** Every punctuation mark with a backslash is itself and begins nothing: no `**`, no `[…](…)`, no `@everyone`, no `<@…>`. */
const escaped = (text: string) => text.replace(/[!-/:-@[-`{-~]/g, "\\$&");

const COLOURS = { grave: 0xb0104f, harm: 0xb87906, note: 0x454c52 };

export const discord = {
  body: ({ title, lines, link, urgency }: Message) => ({
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: escaped(cut(title, 120)),
        description: within(lines.map(escaped), 4000),
        color: COLOURS[urgency],
        ...(link === undefined ? {} : { url: link }),
      },
    ],
  }),
};

/** As many whole lines as there is room for: half an escape would set the next mark free. */
function within(lines: readonly string[], max: number): string {
  let text = "";
  for (const line of lines) {
    if (text.length + line.length + 1 > max) break;
    text += text === "" ? line : `\n${line}`;
  }
  return text;
}
