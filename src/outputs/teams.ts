/** The body of a Microsoft Teams workflow webhook: an Adaptive Card whose text runs are not Markdown. */
import type { Message } from "./message.ts";

/** Of all elements only runs of a RichTextBlock are taken as they are; a TextBlock reads Markdown. */
const textBlock = (text: string, more: object = {}) => ({
  type: "RichTextBlock",
  inlines: [{ type: "TextRun", text, ...more }],
});

export const teams = {
  body: ({ title, lines, link }: Message) => ({
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          body: [textBlock(title, { weight: "Bolder", size: "Medium" }), ...lines.map((line) => textBlock(line))],
          actions: link === undefined ? [] : [{ type: "Action.OpenUrl", title: "Open", url: link }],
        },
      },
    ],
  }),
};
