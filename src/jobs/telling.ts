/**
 * What the reader tells of a job, each thing as soon as it is known and none larger than agreed. It counts pages over all
 * sections, and looks at pictures and words as they come: whatever ends the reader, what it told is whole.
 */
import type { Language } from "./language.ts";
import {
  type Claim,
  type Indicator,
  INDICATORS,
  type Outcome,
  READING,
  type Section,
  type Summary,
  type Words,
} from "./reading.ts";
import type { Drawing, Paper, Pixels, Sheet } from "./render/contract.ts";
import { encodePng, shrink } from "./render/png.ts";

/** What is found out from pictures and words. Each may fail without harm to the rest. */
export interface Analysis {
  lookOf(pixels: Pixels): string | null;
  codesOn(pixels: Pixels): string[];
  indicatorsIn(
    pages: { page: number; text: string }[],
    codes: { page: number; value: string }[],
    streamText: string,
  ): Indicator[];
  summarize(known: { sections: Section[]; claims: Claim[]; words: Words[] }): Summary;
}

/** Says one frame to whoever listens; see FRAMES. */
export type Say = (kind: string, head: unknown, body?: Uint8Array) => void;

/** Room of all frames and of one picture, and of one frame's head, bytes. */
export interface Room {
  pictures: number;
  picture: number;
  head: number;
}

/** A picture takes at most this part of the room that is left, so that there is always some for the next. */
const SHARE = 1 / 3;
const NOTHING: Summary = { title: null, words: 0, spoken: null, simhash: null, left: [] };

export class Telling {
  readonly sections: Section[];
  pages = 0;
  readonly #say: Say;
  readonly #analysis: Analysis;
  readonly #room: Room;
  #claims: Claim[] = [];
  #words: Words[] = [];
  #text = 0;
  #indicators: Indicator[] = [];
  readonly #left = new Set<string>();

  constructor(say: Say, analysis: Analysis, room: Room, sections: Section[]) {
    this.#say = say;
    this.#analysis = analysis;
    this.#room = { ...room };
    this.sections = sections.slice(0, READING.sections);
    if (this.sections.length < sections.length) this.leave(`sections after ${READING.sections}`);
    this.#say("sections", { sections: this.#fitting(this.sections, "sections") });
  }

  /** Remembers what was left out. */
  leave(what: string): void {
    this.#left.add(what.slice(0, 100));
  }

  claims(claims: readonly Claim[]): void {
    if (claims.length === 0) return;
    this.#claims = this.#claims.concat(claims);
    if (this.#claims.length > READING.claims) this.leave(`claims after ${READING.claims}`);
    this.#claims = this.#fitting(this.#claims.slice(0, READING.claims), "claims");
    this.#say("claims", { claims: this.#claims });
  }

  outcome(outcome: Outcome): void {
    this.#say("outcome", { ...outcome, why: outcome.why.slice(0, 300) });
  }

  /** Paper for one section. `first`: page number of its first sheet where it was drawn before. */
  paper(section: number, first = this.pages + 1): Paper {
    return {
      sheet: (sheet) => this.#sheet(section, sheet),
      words: (sheet, words) => this.#wordsOf(first - 1 + sheet, words),
      claim: (claim) => this.claims([claim]),
    };
  }

  /** What stands in the stream itself, on no page. */
  stream(text: string): void {
    if (text !== "") this.#find(() => this.#analysis.indicatorsIn([], [], text));
  }

  /** Told again whenever there are more words, and at the end. */
  summary(): void {
    const known = { sections: this.sections, claims: this.#claims, words: this.#words };
    const summary = this.#try("summary", () => this.#analysis.summarize(known)) ?? NOTHING;
    this.#say("summary", { ...summary, left: [...summary.left, ...this.#left].slice(0, 16) });
  }

  #sheet(section: number, sheet: Sheet): boolean {
    if (this.pages >= READING.pages) {
      this.leave(`pages after ${READING.pages}`);
      return false;
    }
    const page = ++this.pages;
    const [pixels, png] = this.#picture(page, sheet.pixels);
    const { widthMm, heightMm, by } = sheet;
    this.#room.pictures -= png.length;
    const { width, height } = pixels;
    this.#say("page", { page, section, width, height, widthMm, heightMm, by }, png);
    this.#say("thumb", { page }, encodePng(shrink(pixels, READING.thumbPixels)));
    const look = this.#try("look", () => this.#analysis.lookOf(sheet.pixels));
    if (look !== undefined) this.#say("look", { page, look });
    const codes = this.#try("codes", () => this.#analysis.codesOn(sheet.pixels)) ?? [];
    if (codes.length > 0)
      this.#find(() =>
        this.#analysis.indicatorsIn(
          [],
          codes.map((value) => ({ page, value })),
          "",
        ),
      );
    if (sheet.words) this.#wordsOf(page, sheet.words);
    return true;
  }

  /** The picture, made smaller until there is room for it. */
  #picture(page: number, pixels: Pixels): [Pixels, Uint8Array] {
    const room = Math.min(this.#room.picture, this.#room.pictures * SHARE);
    for (let picture = pixels; ; picture = shrink(picture, Math.max(picture.width, picture.height) / 2)) {
      const png = encodePng(picture);
      if (png.length <= room || picture.width * picture.height < 10_000) return [picture, png];
      this.leave(`full size of page ${page}`);
    }
  }

  #wordsOf(page: number, { text, from }: Omit<Words, "page">): void {
    const words: Words = { page, text: text.slice(0, Math.min(READING.pageText, READING.text - this.#text)), from };
    while (bytesOf(words) > this.#room.head) words.text = words.text.slice(0, words.text.length * 0.75);
    if (words.text.length < text.length) this.leave(`text of page ${page} after ${words.text.length} characters`);
    this.#text += words.text.length;
    this.#words.push(words);
    this.#say("words", words);
    if (words.text !== "") this.#find(() => this.#analysis.indicatorsIn([{ page, text: words.text }], [], ""));
    this.summary();
  }

  /** Adds what leads to somebody, once for each page, and tells all that was found so far. */
  #find(find: () => Indicator[]): void {
    const found = this.#try("indicators", find) ?? [];
    const key = (one: Indicator): string => JSON.stringify([INDICATORS.indexOf(one.kind), one.value, one.page, one.in]);
    const all = new Map([...this.#indicators, ...found].map((one) => [key(one), one]));
    if (all.size === this.#indicators.length) return;
    if (all.size > READING.indicators) this.leave(`indicators after ${READING.indicators}`);
    this.#indicators = this.#fitting([...all.values()].slice(0, READING.indicators), "indicators");
    this.#say("indicators", { indicators: this.#indicators });
  }

  /** As many of a list as one frame has room for. */
  #fitting<T>(list: T[], name: string): T[] {
    let bytes = 100;
    const end = list.findIndex((one) => (bytes += bytesOf(one) + 1) > this.#room.head);
    if (end < 0) return list;
    this.leave(`${name} after ${end}`);
    return list.slice(0, end);
  }

  #try<T>(step: string, act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      this.leave(`${step}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }
}

/** How a job came out whose sections came out so. A wrapper prints nothing, so nothing is missing where it is alone. */
export function together(
  drawn: readonly { language: Language; name: string; outcome: Outcome }[],
  pages: number,
): Outcome {
  const wrong = drawn.filter(({ language, outcome }) => language !== "pjl" && outcome.status !== "ok");
  if (drawn.length === 0) return { status: "unsupported", why: "there is nothing in it" };
  if (wrong.length === 0) return { status: "ok", why: "" };
  const lone = drawn.filter(({ language }) => language !== "pjl").length === 1;
  const reasons = wrong.map(({ name, outcome }) =>
    lone || outcome.why.startsWith(name) ? outcome.why : `${name}: ${outcome.why}`,
  );
  const why = [...new Set(reasons)].join("; ").slice(0, 300);
  const allUnsupported = wrong.every(({ outcome }) => outcome.status === "unsupported");
  const complete = wrong.length < drawn.filter(({ language }) => language !== "pjl").length;
  if (pages > 0 || complete) return { status: "partial", why };
  return { status: allUnsupported ? "unsupported" : "failed", why };
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** The part of a job that is one section, as renderers take it. */
export function drawingOf(bytes: Uint8Array, { language, at, more }: Section): Drawing {
  return { language, bytes: bytes.subarray(...at), more, dpi: READING.dpi };
}
