/**
 * Surveys of the Internet that are known by address: who scans from which networks, where that was learnt and when.
 * An address is asked for by binary search, as it is asked of every session.
 */
import { z } from "zod";
import { sortableAddress } from "../util/address.ts";
import { Networks, readNetwork } from "../util/network.ts";
import { id, VALUE_LENGTH } from "./rule.ts";

const network = z.string().superRefine((text, context) => {
  const read = readNetwork(text);
  if (typeof read === "string") context.addIssue({ code: "custom", message: read });
});

/** One YAML file is one survey. */
export const surveySchema = z.strictObject({
  id,
  name: z.string().min(2).max(VALUE_LENGTH).describe("as it is shown in verdicts"),
  site: z.url().describe("where it says who it is, or how to be left out"),
  entries: z
    .array(
      z.strictObject({
        networks: z.array(network).nonempty(),
        from: z.string().min(8).describe("where it was learnt"),
        on: z.iso.date().describe("state of that source"),
      }),
    )
    .nonempty(),
});
export type Survey = z.output<typeof surveySchema>;

/** First and last address in sortable form, and whose they are. */
type Span = [first: string, last: string, name: string];

export class Surveys {
  readonly #spans: readonly Span[];

  private constructor(spans: readonly Span[]) {
    this.#spans = spans;
  }

  /** `fault` is told of networks that lie in others: an address has one survey. */
  static of(surveys: readonly { value: Survey; fault: (path: (string | number)[], what: string) => void }[]): Surveys {
    const all = surveys.flatMap(({ value: { name, entries }, fault }) =>
      entries.flatMap(({ networks }, entry) =>
        new Networks(networks).ranges().map(([first, last], i) => {
          const span: Span = [first, last, name];
          const tell = (what: string) => fault(["entries", entry, "networks", i], `"${networks[i]}" ${what}`);
          return { span, tell };
        }),
      ),
    );
    all.sort((a, b) => (a.span[0] < b.span[0] ? -1 : 1));
    all.forEach(({ span, tell }, i) => {
      const before = all[i - 1]?.span;
      if (before && before[1] >= span[0]) tell(`overlaps with another network of ${before[2]}`);
    });
    return new Surveys(all.map(({ span }) => span));
  }

  /** The survey that scans from this address. */
  nameOf(ip: string): string | undefined {
    const address = sortableAddress(ip);
    let [low, high] = [0, this.#spans.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#spans[middle]![0] <= address) low = middle + 1;
      else high = middle;
    }
    const span = this.#spans[low - 1];
    return span && span[1] >= address ? span[2] : undefined;
  }
}
