/** What a visitor sent is text at every exit: it decides about no header, no structure, no link, no mention. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSyslog } from "../../test/support/rfc5424.ts";
import { alertOf, gather } from "./alert.ts";
import { caseOf } from "./cases.fixture.ts";
import { cef } from "./cef.ts";
import { discord } from "./discord.ts";
import { alertMessage, digestMessage, type Message, numberRanges } from "./message.ts";
import { ntfy } from "./ntfy.ts";
import { slack } from "./slack.ts";
import { syslogMessage } from "./syslog.ts";
import { teams } from "./teams.ts";
import { defanged, plain, quoted } from "./text.ts";

const HOSTILE = [
  "a\r\nBcc: victim@office.example\r\n\r\nbody",
  "<!channel> <!everyone> <@U012345> <http://evil.example|click> *bold* `code`",
  "@everyone @here <@&1234> [click](http://evil.example) **b** ||s|| \\",
  "<at>all</at> <script>alert(1)</script> <img src=//evil.example/x> [x](javascript:1) &lt;",
  'x"] [evil@1 a="b"] \n<13>1 - - - - - - forged',
  "a|b=c\\d\\|e cs1=forged\nCEF:0|x",
  "\u001B]0;owned\u0007\u001B[31mred\u001B[0m",
  "safe\u202Egnp.exe\u2066x\u2069\u200B\u00AD",
  "\uD800 half \uDC00 pairs \uFEFF",
  '=HYPERLINK("http://evil.example")',
  "\0".repeat(100) + "A".repeat(100_000),
  "https://evil.example/?q=1 www.evil.example mail@evil.example HTTP://EVIL.example",
];

const NOW = Date.UTC(2026, 10, 16, 8, 11, 18);
const AROUND = { version: "0.1.0", hostname: "collector 1\n.office.example" };
const FRAME = { console: "https://inktrap.office.example", demo: false };
const SYSLOG = { facility: "local0", enterprise: 32473, transport: "tcp" as const };

/** A message with the text wherever text of a visitor can be, also where only rules write now. */
function messageOf(text: string): Message {
  const bytes = Buffer.from(text, "utf8").toString("latin1");
  const [reason] = caseOf(12).record.reasons;
  const reasons = [{ ...reason!, title: text, evidence: [{ ...reason!.evidence[0]!, words: [bytes, text] }] }];
  return alertMessage(alertOf("i", caseOf(12, { headline: text, reasons, source: text })), FRAME, NOW);
}

const both = (text: string) => {
  const alert = alertOf("i", caseOf(12, { headline: text, source: text }));
  return [messageOf(text), digestMessage("i.q.digest-1", gather(undefined, alert, NOW), FRAME, NOW)];
};

/** Every string in a JSON value. */
function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [];
}

const HIDDEN = /[\0-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Cs}/u;

describe.each(HOSTILE.map((text) => [text.slice(0, 30), text]))("%j", (_, text) => {
  const messages = both(text);

  it("is visible, on one line and short in every message", () => {
    for (const { title, lines } of messages) {
      for (const line of [title, ...lines]) {
        expect(line).not.toMatch(HIDDEN);
        expect(line).not.toContain("\n");
        expect(line.length).toBeLessThanOrEqual(1000);
      }
      expect(title.length).toBeLessThanOrEqual(200);
    }
    expect(quoted(text)).not.toMatch(/https?:\/\/|www\.|\w@\w/i);
  });

  it("stays text in Slack", () => {
    for (const message of messages) {
      const body = slack.body(message);
      const texts = strings(body).filter((one) => one !== message.link);
      for (const one of texts) expect(one).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
      const types = [...JSON.stringify(body).matchAll(/"type":"(\w+)"/g)].map(([, type]) => type);
      expect(["header", "section", "actions", "button", "plain_text"]).toEqual(expect.arrayContaining(types));
      expect(body.mrkdwn).toBe(false);
      expect(body.blocks[0]!.text!.text.length).toBeLessThanOrEqual(150);
      expect(body.blocks[1]!.text!.text.length).toBeLessThanOrEqual(3000);
    }
  });

  it("stays text in Discord", () => {
    for (const message of messages) {
      const [embed] = discord.body(message).embeds;
      for (const one of [embed!.title, embed!.description]) {
        // Nothing but letters, digits, blanks and escaped marks.
        expect(one.replace(/\\[!-/:-@[-`{-~]/g, "")).not.toMatch(/[!-/:-@[-`{-~]/);
      }
      expect(embed!.title.length).toBeLessThanOrEqual(256);
      expect(embed!.description.length).toBeLessThanOrEqual(4096);
      expect(discord.body(message).allowed_mentions).toEqual({ parse: [] });
    }
  });

  it("stays text in Teams", () => {
    for (const message of messages) {
      const { content } = teams.body(message).attachments[0]!;
      const elements = content.body.flatMap(({ type, inlines }) => [type, ...inlines.map((one) => one.type)]);
      expect(new Set(elements)).toEqual(new Set(["RichTextBlock", "TextRun"]));
      expect(content).not.toHaveProperty("msteams");
    }
  });

  it("stays text in ntfy", () => {
    for (const message of messages) {
      const body = ntfy.body(message, new URL("https://ntfy.example/a/topic"));
      expect(body).toMatchObject({ topic: "topic", markdown: false, priority: 4 });
      expect(Buffer.byteLength(body.message)).toBeLessThanOrEqual(4096);
      expect(Object.keys(body).sort()).toEqual(["click", "markdown", "message", "priority", "title", "topic"]);
    }
  });

  it("stays text in syslog", () => {
    for (const message of messages) {
      const parsed = parseSyslog(syslogMessage(message, { ...SYSLOG, format: "rfc5424" }, AROUND));
      expect(Object.keys(parsed.data)).toEqual(["inktrap@32473"]);
      expect(parsed.data["inktrap@32473"]).toMatchObject({ id: message.id });
      expect(parsed).toMatchObject({
        facility: 16,
        hostname: "collector1.office.example",
        msgId: message.kind,
        utf8: true,
      });
      expect(parsed.text).not.toMatch(/[\r\n\0]/);
      const short = syslogMessage(message, { ...SYSLOG, transport: "udp", format: "rfc5424" }, AROUND);
      expect(short.length).toBeLessThanOrEqual(2048);
      expect(parseSyslog(short).msgId).toBe(message.kind);
    }
  });

  it("stays text in CEF", () => {
    for (const message of messages) {
      const { text: event } = parseSyslog(syslogMessage(message, { ...SYSLOG, format: "cef" }, AROUND));
      const { header, extension } = parseCef(event);
      expect(header.slice(0, 4)).toEqual(["CEF:0", "Inktrap", "Inktrap", "0.1.0"]);
      expect(header).toHaveLength(7);
      expect(header[5]).toBe(message.title);
      expect(extension["msg"]).toBe(message.lines.join(" "));
      const known = /^(externalId|cat|src|start|end|cnt|msg|cs\d(Label)?)$/;
      expect(Object.keys(extension).filter((name) => !known.test(name))).toEqual([]);
    }
  });
});

/** Reads an event of CEF as receivers do: bars and equals signs count where no backslash stands before them. */
function parseCef(text: string): { header: string[]; extension: Record<string, string> } {
  const parts = text.match(/(?:[^|\\]|\\.)*(?:\||$)/gs)!;
  const header = parts.slice(0, 7).map((part) => part.replace(/\|$/, "").replace(/\\([\\|])/g, "$1"));
  const rest = text.slice(parts.slice(0, 7).join("").length);
  const extension: Record<string, string> = {};
  for (const [, name, value] of rest.matchAll(/(?:^| )(\w+)=((?:[^\\=]|\\.)*?)(?= \w+=|$)/gs)) {
    expect(extension).not.toHaveProperty(name!);
    extension[name!] = value!.replace(/\\([\\=])/g, "$1");
  }
  return { header, extension };
}

describe("any text", () => {
  it("makes well-formed syslog and CEF", () => {
    const character = fc.constantFrom(...'ab=|\\"][]<>@ \n\r\0\u202e\ud83d\ude00\ud800é');
    fc.assert(
      fc.property(fc.array(character, { maxLength: 400 }), (characters) => {
        const message = messageOf(characters.join(""));
        expect(parseSyslog(syslogMessage(message, { ...SYSLOG, format: "rfc5424" }, AROUND)).msgId).toBe("alert");
        expect(parseCef(cef(message, [["source", message.title]], "1")).extension["src"]).toBe(message.title);
      }),
      { numRuns: 200 },
    );
  });

  it("is cut between characters", () => {
    expect(plain("\u{1F600}".repeat(10), 4)).toBe("\u{1F600}…");
    expect(plain("abcdef", 4)).toBe("abc…");
  });

  it("is defanged without losing what it said", () => {
    expect(defanged("see https://toner.example/a or www.x.example, mail a@b.example, 1.20 EUR, v2.0")).toBe(
      "see hxxps://toner[.]example/a or www[.]x[.]example, mail a[@]b[.]example, 1.20 EUR, v2.0",
    );
  });
});

describe("a digest", () => {
  it("names all of its cases", () => {
    expect(numberRanges([5, 3, 4, 9, 11, 10, 7])).toBe("C-3 to C-5, C-7, C-9 to C-11");
    let digest = gather(undefined, alertOf("i", caseOf(1)), NOW);
    for (let i = 2; i <= 990; i++)
      digest = gather(digest, alertOf("i", caseOf(i, i === 700 ? { intent: "exploit" } : {})), NOW);
    const { title, lines, data, urgency } = digestMessage("d", digest, FRAME, NOW);
    expect(title).toBe("990 alerts: 1 exploit, 989 spam");
    expect(urgency).toBe("grave");
    expect(lines[2]).toContain("C-700 exploit");
    expect(lines).toContain("Cases: C-1 to C-990");
    expect((data["cases"] as string[]).length).toBe(990);
    expect(lines[2]).toContain("https://inktrap.office.example/cases/C-700");
  });

  it("says on every message that it is a demonstration", () => {
    const alert = alertOf("i", caseOf(1));
    const frame = { demo: true };
    for (const { title, data } of [
      alertMessage(alert, frame, NOW),
      digestMessage("d", gather(undefined, alert, NOW), frame, NOW),
    ]) {
      expect(title).toMatch(/^\[demonstration\] /);
      expect(data["demonstration"]).toBe(true);
    }
  });
});
