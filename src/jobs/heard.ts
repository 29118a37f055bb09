/**
 * What was heard from the reader of one job. Every frame is as hostile as the job: it is checked against its form and
 * against what was said before, and a picture is unpacked and checked before anybody sees it.
 */
import type { z } from "zod";
import { FRAMES, type Outcome, READING, type Reading } from "./reading.ts";
import { pngFault } from "./render/png.ts";

type Kind = keyof typeof FRAMES;
type Said<K extends Kind> = z.output<(typeof FRAMES)[K]>;

/** A frame as the jail hands it over. */
interface Frame {
  kind: string;
  head: unknown;
  body: Uint8Array;
}

/** Takes a picture that was checked: `3.png` of a page, `3.thumb.png` for the small one. */
export type OnPicture = (name: string, png: Uint8Array) => void;

type Known = Pick<Reading, "sections" | "claims" | "pages" | "words" | "looks" | "indicators" | "summary">;

export class Heard {
  readonly known: Known = {
    sections: [],
    claims: [],
    pages: [],
    words: [],
    looks: [],
    indicators: [],
    summary: { title: null, words: 0, spoken: null, simhash: null, left: [] },
  };
  /** What the reader itself says of how it went; null until it does. */
  outcome: Outcome | null = null;
  #pages: number;
  #checked: Promise<void> = Promise.resolve();
  #broken = false;
  readonly #onPicture: OnPicture;
  readonly #onFault: (fault: string) => void;

  /** `onFault`: told of a picture that is none; nothing is believed after that. `pages`: how many an earlier one drew. */
  constructor(onPicture: OnPicture, onFault: (fault: string) => void, pages = 0) {
    this.#pages = pages;
    this.#onPicture = onPicture;
    this.#onFault = onFault;
  }

  /** Takes a frame; returns what is wrong with it, or null. */
  take({ kind, head, body }: Frame): string | null {
    if (!Object.hasOwn(FRAMES, kind)) return `it said ${kind}, which is nothing`;
    const said = FRAMES[kind as Kind].safeParse(head);
    if (!said.success) return `its ${kind} is not as agreed: ${said.error.issues[0]?.path.join(".")}`;
    return this.#takers[kind as Kind](said.data as never, body);
  }

  /** Resolves when all pictures were looked at. Nothing is added to `known` afterwards. */
  settled(): Promise<void> {
    return this.#checked;
  }

  readonly #takers: { [K in Kind]: (said: Said<K>, body: Uint8Array) => string | null } = {
    sections: ({ sections }) => this.#put({ sections }),
    claims: ({ claims }) => this.#put({ claims }),
    indicators: ({ indicators }) => this.#put({ indicators }),
    summary: (summary) => this.#put({ summary }),
    page: (page, png) => {
      if (page.page !== this.#pages + 1) return `page ${page.page} after page ${this.#pages}`;
      if (page.section >= this.known.sections.length) return `page ${page.page} of no section`;
      this.#pages++;
      this.#check(png, page, () => {
        this.known.pages.push(page);
        this.#onPicture(`${page.page}.png`, png);
      });
      return null;
    },
    thumb: ({ page }, png) => {
      if (page > this.#pages) return `a small picture of page ${page} before it`;
      this.#check(png, READING.thumbPixels, () => this.#onPicture(`${page}.thumb.png`, png));
      return null;
    },
    words: (words) => this.#once("words", words),
    look: (look) => this.#once("looks", look),
    outcome: (outcome) => {
      this.outcome = outcome;
      return null;
    },
  };

  #put(part: Partial<Known>): null {
    Object.assign(this.known, part);
    return null;
  }

  #once<K extends "words" | "looks">(list: K, one: Known[K][number]): string | null {
    if (one.page > this.#pages) return `${list} of page ${one.page} before it`;
    if (this.known[list].some(({ page }) => page === one.page)) return `${list} of page ${one.page} twice`;
    (this.known[list] as (typeof one)[]).push(one);
    return null;
  }

  #check(png: Uint8Array, size: { width: number; height: number } | number, good: () => void): void {
    this.#checked = this.#checked.then(async () => {
      if (this.#broken) return;
      const fault = await pngFault(png, size);
      if (fault === null) return good();
      this.#broken = true;
      this.#onFault(`a picture is not as agreed: ${fault}`);
    });
  }
}
