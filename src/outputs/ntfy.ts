/**
 * The body of an ntfy message, published as JSON: https://docs.ntfy.sh/publish/#publish-as-json. The address configured
 * is that of the topic; the request goes to the server's root, and nothing of the message becomes a header.
 */
import type { Message } from "./message.ts";
import { utf8Within } from "./text.ts";

/** Bytes that a message may have before a server makes an attachment of it. */
const LONGEST = 4096;
const PRIORITIES = { grave: 5, harm: 4, note: 3 };
const topicOf = (url: URL) => url.pathname.slice(url.pathname.lastIndexOf("/") + 1);

export const ntfy = {
  url: (url: URL) => new URL("./", url),
  body: ({ title, lines, link, urgency }: Message, url: URL) => ({
    topic: topicOf(url),
    title,
    message: utf8Within(lines.join("\n"), LONGEST).toString(),
    priority: PRIORITIES[urgency],
    markdown: false,
    ...(link === undefined ? {} : { click: link }),
  }),
};
