import { describe, expect, it } from "vitest";
import { escape, parseTranscript, rewrite, unescape } from "./transcript.ts";

const FILE = `persona: p
service: s
# a source

> A\\r\\n
> B\\x20
< C\\r\\n
! toy.greeting {"name":"A"}
# between
> D
>|
<|
`;

describe("transcripts", () => {
  it("reads exchanges", () => {
    const { persona, service, exchanges } = parseTranscript(FILE);
    expect({ persona, service }).toEqual({ persona: "p", service: "s" });
    expect(exchanges).toEqual([
      {
        said: Buffer.from("A\r\nB "),
        reply: "C\r\n",
        events: [{ type: "toy.greeting", data: { name: "A" } }],
        closes: false,
      },
      { said: Buffer.from("D"), end: {}, reply: "", events: [], closes: true },
    ]);
  });

  it("refuses what it cannot read", () => {
    expect(() => parseTranscript("persona: p\nservice: s\n< A\n")).toThrow("line 3");
    expect(() => parseTranscript("persona: p\nservice: s\n> A\nB\n")).toThrow("line 4");
    expect(() => parseTranscript("> A\n")).toThrow("persona");
  });

  it("rewrites the printer's side only, with the fields that were asked for", () => {
    const data = { name: "X", at: [0, 3] };
    const answers = [
      { reply: "E\r\n\fF", events: [{ type: "toy.greeting", data }], closes: false },
      { reply: "", events: [{ type: "toy.greeting", data }], closes: true },
    ];
    const [head, tail] = [FILE.slice(0, FILE.indexOf("< C")), FILE.slice(FILE.indexOf("# between"))];
    const greeting = '! toy.greeting {"name":"X"}\n';
    expect(rewrite(parseTranscript(FILE), answers)).toBe(
      `${head}< E\\r\\n\\f\n< F\n${greeting}${tail.replace("<|\n", `${greeting}<|\n`)}`,
    );
  });

  it("escapes every byte", () => {
    const all = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join("");
    expect(unescape(escape(all))).toBe(all);
    expect(escape("a \x1b\x00\\ ")).toBe("a \\e\\x00\\\\\\x20");
  });
});
