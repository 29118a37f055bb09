/** The sheets of one section: begins a page when something is to be drawn, hands it over when it is done, keeps the limits. */
import type { Outcome, Words } from "../../reading.ts";
import type { Paper, Sheet } from "../contract.ts";
import { textOf } from "../lines.ts";
import type { Quarter } from "../page.ts";
import { Page } from "../page.ts";
import { tidyText } from "../words.ts";
import type { Frame, Layout } from "./layout.ts";
import { frameOf, seen } from "./layout.ts";

/** What one section may cost: dots written, rows and commands read. About five seconds of one core. */
const WORK = 1_500_000_000;
const BY = "Inktrap PCL 5";
/** Things named that were not drawn. */
const LACKING = 4;

/** Gives the words of a page from where they were read: [from, to) bytes of the section. */
export type WordsOf = (from: number, to: number) => string;

export class Leaves {
  readonly #paper: Paper;
  readonly #dpi: number;
  readonly #wordsOf: WordsOf | undefined;
  #page: Page | undefined;
  #up: Quarter = 0;
  #frame: Frame | undefined;
  #framed: Layout | undefined;
  #work = 0;
  #from = 0;
  #wanted = true;
  /** Letters whose code is only a number, and all others, on this page. */
  #glyphs = 0;
  #letters = 0;
  /** Sheets given. */
  count = 0;
  /** Why it must stop; empty while it need not. */
  stopped = "";
  /** What the stream has and nobody here can draw. */
  readonly #lacking = new Set<string>();

  constructor(paper: Paper, dpi: number, wordsOf?: WordsOf) {
    this.#paper = paper;
    this.#dpi = dpi;
    this.#wordsOf = wordsOf;
  }

  get marked(): boolean {
    return this.#page !== undefined && (this.#page.marked || this.#page.spans.length > 0 || this.#glyphs > 0);
  }

  /** The page under way; the first to ask for it decides which way up it is. */
  page(layout: Layout): Page {
    if (!this.#page) {
      this.#up = layout.orientation;
      this.#page = new Page(...seen(layout), this.#dpi);
      this.#framed = undefined;
    }
    return this.#page;
  }

  /** Where the logical page is on the picture. Layouts are replaced, not changed, so the last one is kept. */
  frame(layout: Layout): Frame {
    if (this.#framed !== layout || !this.#frame) {
      this.#framed = layout;
      this.#frame = frameOf(layout, this.#page ? this.#up : layout.orientation);
    }
    return this.#frame;
  }

  /** Counts what was done; says in `stopped` when it was too much. */
  spend(work: number): void {
    this.#work += work;
    if (this.#work + (this.#page?.work ?? 0) > WORK) this.stopped ||= `too much work, on page ${this.count + 1}`;
  }

  /** Says that something is missing on the paper. `what` is one of a few. */
  lacks(what: string): void {
    this.#lacking.add(what);
  }

  /** How far it came. */
  get outcome(): Outcome {
    const lacking = this.#lacking.size > 0 ? `not drawn: ${[...this.#lacking].slice(0, LACKING).join(", ")}` : "";
    const why = this.stopped || lacking;
    return why === "" ? { status: "ok", why } : { status: "partial", why };
  }

  heard(letters: number, glyphs: number): void {
    this.#letters += letters;
    this.#glyphs += glyphs;
  }

  /** Ends the page, empty or not; `at` is the byte of the section where the next begins. */
  eject(layout: Layout, at: number): void {
    const page = this.page(layout);
    if (!this.#wanted) {
      this.stopped ||= `no more than ${this.count} pages are drawn`;
      return;
    }
    const sheet: Sheet = {
      pixels: page.pixels(),
      widthMm: page.widthMm,
      heightMm: page.heightMm,
      by: BY,
      words: this.#words(page, at),
    };
    this.#work += page.work;
    this.#page = undefined;
    this.#framed = undefined;
    this.#from = at;
    [this.#letters, this.#glyphs] = [0, 0];
    this.count++;
    this.#wanted = this.#paper.sheet(sheet);
  }

  /** Forgets a page on which nothing is. */
  discard(): void {
    this.#page = undefined;
    this.#framed = undefined;
  }

  #words(page: Page, at: number): Omit<Words, "page"> {
    const text = tidyText(this.#wordsOf ? this.#wordsOf(this.#from, at) : textOf(page.spans));
    const from = this.#glyphs > this.#letters ? "glyphs" : text === "" ? "none" : "stream";
    return { text, from };
  }
}
