/** A cheap estimate of the pages a job prints: what the page counter goes up by. */
import { Collector } from "../bytes.ts";

const FORM_FEED = 0x0c;
/** Nobody learns more from a counter that jumps further at once. */
const MAX_PAGES = 500;
/** Languages in which a form feed ends a page. Of other jobs the pages cannot be told without printing them. */
const FED: ReadonlySet<string> = new Set(["text", "pcl"]);

export class PageCounter {
  #feeds = 0;
  /** The first bytes since the last form feed. */
  readonly #rest = new Collector(256);

  push(bytes: Buffer): void {
    let from = 0;
    while (this.#feeds < MAX_PAGES) {
      const at = bytes.indexOf(FORM_FEED, from);
      if (at < 0) break;
      this.#feeds++;
      this.#rest.clear();
      from = at + 1;
    }
    this.#rest.append(bytes.subarray(from));
  }

  /** Pages of a job in this language; none where there is nothing to see on them. */
  pages(language: string): number {
    if (!FED.has(language)) return 1;
    const seen = this.#rest
      .view()
      .toString("latin1")
      .replace(/\x1b[^@-Z]*[@-Z]?/g, "");
    return Math.min(MAX_PAGES, this.#feeds + (/[!-~\xa1-\xff]/.test(seen) ? 1 : 0));
  }
}
