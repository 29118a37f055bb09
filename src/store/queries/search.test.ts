import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CASE_FIELDS, JOB_FIELDS, readSearch, searching, SearchProblem, SESSION_FIELDS } from "./search.ts";

describe("a search", () => {
  it.each([
    ["", []],
    ["toner", [{ field: "", value: "toner", not: false }]],
    ["-intent:spam", [{ field: "intent", value: "spam", not: true }]],
    [
      `service:raw "two words"`,
      [
        { field: "service", value: "raw", not: false },
        { field: "", value: "two words", not: false },
      ],
    ],
    [`name:"a \\"b\\" c\\\\"`, [{ field: "name", value: `a "b" c\\`, not: false }]],
    [`"http://toner.example/"`, [{ field: "", value: "http://toner.example/", not: false }]],
    ["2001:db8::1", [{ field: "source", value: "2001:db8::1", not: false }]],
    ["source:2001:db8::/32", [{ field: "source", value: "2001:db8::/32", not: false }]],
    [`"unfinished`, [{ field: "", value: `"unfinished`, not: false }]],
    ["-", [{ field: "", value: "-", not: false }]],
  ])("reads %s", (text, terms) => {
    expect(readSearch(text)).toEqual(terms);
  });

  it.each([
    ["colour:red", /no field "colour".*source/],
    ["constructor:x", /no field/],
    ["intent:evil", /none of exploit/],
    ["case:x", /not a number/],
    ["source:300.1.2.3", /neither an address nor a network/],
    ["source:10.0.0.1/8", /the network is 10\.0\.0\.0\/8/],
    ["is:red", /A case is/],
    ["a ".repeat(21), /at most 20/],
  ])("says what is wrong with %s", (text, message) => {
    expect(() => searching(text, CASE_FIELDS)).toThrow(message);
    expect(() => searching(text, CASE_FIELDS)).toThrow(SearchProblem);
  });

  it("is understood or refused, whatever it is", () => {
    const word = fc.constantFrom("source:", "is:", "intent:", '"', "\\", "-", ":", " ", "10.0.0.0/8", "raw", "%");
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string({ maxLength: 8 })), { maxLength: 12 }), (parts) => {
        for (const fields of [CASE_FIELDS, SESSION_FIELDS, JOB_FIELDS]) {
          try {
            searching(parts.join(""), fields);
          } catch (error) {
            expect(error).toBeInstanceOf(SearchProblem);
          }
        }
      }),
    );
  });
});
