import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkCodec, decode, inputs } from "../../../test/support/codec.ts";
import { joinData, PJL_LAWS } from "../../../test/support/pjl-codec.ts";
import { MAX_BLANKS, MAX_LINE, PjlDecoder } from "./codec.ts";

const UEL = "\x1b%-12345X";
const messages = (text: string) => joinData(decode(new PjlDecoder(), [Buffer.from(text, "latin1")]));
/** Lines as text, jobs as `[body]`, UELs as `|`. */
const outline = (text: string) =>
  (messages(text) as { kind?: string; text?: string; body?: string }[])
    .filter((message) => message.kind !== "data-end")
    .map((message) => (message.body === undefined ? (message.text ?? "|") : `[${message.body}]`))
    .join(" ");

describe("PJL codec", () => {
  it("reads lines with LF and CRLF, with and without UEL, with their place in the stream", () => {
    expect(messages(`@PJL INFO ID\n${UEL}@PJL ECHO x\r\n`)).toEqual([
      { kind: "line", text: "@PJL INFO ID", ended: "line end", at: [0, 13] },
      { kind: "uel", at: [13, 22] },
      { kind: "line", text: "@PJL ECHO x", ended: "line end", at: [22, 35] },
    ]);
  });

  it("takes what is not PJL for a job, up to the next UEL or the end", () => {
    expect(messages(`text${UEL}@PJL\nmore`)).toEqual([
      { body: "text" },
      { kind: "data-end", by: "uel", at: [0, 4] },
      { kind: "uel", at: [4, 13] },
      { kind: "line", text: "@PJL", ended: "line end", at: [13, 18] },
      { body: "more" },
      { kind: "data-end", by: "end", at: [18, 22] },
    ]);
    expect(outline("@pjl info id\r\n")).toBe("[@pjl info id\r\n]");
    expect(outline("@PJ")).toBe("[@PJ]");
    expect(outline("\x1b%-1")).toBe("[\x1b%-1]");
    expect(outline(`\x1b%-1${UEL}`)).toBe("[\x1b%-1] |");
  });

  it("takes everything after ENTER LANGUAGE for data until the UEL", () => {
    expect(outline(`@PJL ENTER LANGUAGE = PCL\r\n@PJL INFO ID\n${UEL}@PJL ECHO\n`)).toBe(
      "@PJL ENTER LANGUAGE = PCL [@PJL INFO ID\n] | @PJL ECHO",
    );
    expect(outline(`@PJL enter language=pcl\n${UEL}`)).toBe("@PJL enter language=pcl |");
    expect(outline(`@PJL ENTER\n@PJL ECHO\n`)).toBe("@PJL ENTER @PJL ECHO");
  });

  it("makes no job of blanks, and no loss of them before data", () => {
    expect(outline(`\r\n\0\x04${UEL}@PJL ECHO\r\n \r\n\r\n${UEL} \r\n`)).toBe("| @PJL ECHO |");
    expect(outline("@PJL ECHO\n\r\n  text")).toBe("@PJL ECHO [\r\n  text]");
    const blanks = " ".repeat(MAX_BLANKS);
    expect(outline(blanks)).toBe("");
    expect(outline(`${blanks} ${UEL}`)).toBe(`[${blanks} ] |`);
  });

  it("says how a line ended that did not end in order", () => {
    const long = `@PJL COMMENT ${"x".repeat(MAX_LINE)}`;
    expect(messages(`@PJL INFO ID${UEL}${long}\n@PJL ECHO`)).toEqual([
      { kind: "line", text: "@PJL INFO ID", ended: "uel", at: [0, 12] },
      { kind: "uel", at: [12, 21] },
      { kind: "line", text: long.slice(0, MAX_LINE), ended: "too long", at: [21, 22 + long.length] },
      { kind: "line", text: "@PJL ECHO", ended: "end", at: [22 + long.length, 31 + long.length] },
    ]);
  });

  it("takes as many bytes as SIZE says for data, whatever they are", () => {
    expect(messages(`@PJL FSDOWNLOAD FORMAT:BINARY SIZE=12 NAME="0:\\a"\r\n${UEL}@PJ\r\n${UEL}`)).toEqual([
      {
        kind: "line",
        text: '@PJL FSDOWNLOAD FORMAT:BINARY SIZE=12 NAME="0:\\a"',
        ended: "line end",
        at: [0, 51],
        data: 12,
      },
      { body: `${UEL}@PJ` },
      { kind: "data-end", by: "size", at: [51, 63] },
      { kind: "uel", at: [65, 74] },
    ]);
    expect(outline(`@PJL UPGRADE SIZE = 1\nx@PJL ECHO\n`)).toBe("@PJL UPGRADE SIZE = 1 [x] @PJL ECHO");
    expect(outline(`@PJL FSAPPEND SIZE=9 NAME="0:a"\nend`)).toBe('@PJL FSAPPEND SIZE=9 NAME="0:a" [end]');
  });

  it("takes all up to the UEL for the data of a file without SIZE, or with an impossible one", () => {
    for (const size of ["", " SIZE=-1", " SIZE=9999999999", " SIZE=x"]) {
      expect(outline(`@PJL FSAPPEND${size}\n@PJL ECHO\n${UEL}@PJL ECHO\n`)).toBe(
        `@PJL FSAPPEND${size} [@PJL ECHO\n] | @PJL ECHO`,
      );
    }
    expect(outline("@PJL UPGRADE\n@PJL ECHO\n")).toBe("@PJL UPGRADE @PJL ECHO");
  });

  it("ends the data of a line that announced some, even where there is none", () => {
    expect(outline(`@PJL FSAPPEND SIZE=0\n@PJL ECHO\n`)).toBe("@PJL FSAPPEND SIZE=0 [] @PJL ECHO");
    expect(outline(`@PJL FSAPPEND\n${UEL}`)).toBe("@PJL FSAPPEND [] |");
    expect(outline(`@PJL FSAPPEND SIZE=2\n`)).toBe("@PJL FSAPPEND SIZE=2 []");
    expect(outline(`@PJL FSAPPEND SIZE=2${UEL}ab`)).toBe("@PJL FSAPPEND SIZE=2 | [ab]");
  });

  it("knows no data behind a command that the device does not know", () => {
    const decoder = new PjlDecoder((command) => command !== "FSDOWNLOAD");
    const texts = decode(decoder, [Buffer.from("@PJL FSDOWNLOAD SIZE=9\n@PJL FSAPPEND SIZE=1\n@")]);
    expect(texts.map((message) => message.kind)).toEqual(["line", "line", "data", "data-end"]);
  });

  it("keeps the laws of every codec", () => checkCodec({ ...PJL_LAWS, runs: 400 }));

  it("leaves no byte out but blanks", () => {
    fc.assert(
      fc.property(inputs(PJL_LAWS.samples, PJL_LAWS.words), (input) => {
        let done = 0;
        for (const message of decode(new PjlDecoder(), [input])) {
          if (message.kind === "data-end") continue;
          const [start, end] = message.at;
          expect(start).toBeGreaterThanOrEqual(done);
          expect(input.subarray(done, start).toString("latin1")).toMatch(/^[\0\x04\t\r\n ]*$/);
          if (message.kind === "data") expect(Buffer.from(message.bytes)).toEqual(input.subarray(start, end));
          done = end;
        }
        expect(input.subarray(done).toString("latin1")).toMatch(/^[\0\x04\t\r\n ]*$/);
      }),
      { numRuns: 400 },
    );
  });
});
