/** How soon something that ended is begun again, and whether that is worth a word. No clock and no timer. */

const FIRST_MS = 300;
const LONGEST_MS = 30_000;

/** What ran for so long has worked: its next end is a first one again. */
export const STEADY_MS = 60_000;

export class Restarts {
  #ends = 0;
  #said: string | undefined;

  /**
   * It ended: `why`, after it ran for `livedMs`. The wait doubles from 0.3 s to 30 s; it is news when it ended for
   * another reason than the time before.
   */
  ended(why: string, livedMs: number): { waitMs: number; news: boolean } {
    if (livedMs >= STEADY_MS) this.steady();
    const waitMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(this.#ends++, 16));
    const news = why !== this.#said;
    this.#said = why;
    return { waitMs, news };
  }

  /** It has run for {@link STEADY_MS}. Returns whether that is news: it had ended before. */
  steady(): boolean {
    const news = this.#ends > 0;
    this.#ends = 0;
    this.#said = undefined;
    return news;
  }
}
