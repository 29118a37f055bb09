/** Where the reader is: everything has a URL, and the browser's history is the only state of it. */

class Place {
  #url = $state.raw(new URL(location.href));
  /** Asked before leaving a page; the page that is left resets it. */
  #visits = $state(0);

  constructor() {
    window.addEventListener("popstate", () => (this.#url = new URL(location.href)));
    document.addEventListener("click", (event) => this.#follow(event));
  }

  get path(): string {
    return this.#url.pathname;
  }

  /** How often the reader went somewhere, for moving the focus. */
  get visits(): number {
    return this.#visits;
  }

  query(name: string): string | undefined {
    return this.#url.searchParams.get(name) ?? undefined;
  }

  get search(): URLSearchParams {
    return this.#url.searchParams;
  }

  go(href: string, replace = false): void {
    const next = new URL(href, location.href);
    if (next.href === this.#url.href) return;
    const moved = next.pathname !== this.#url.pathname;
    history[replace ? "replaceState" : "pushState"](null, "", next);
    this.#url = next;
    if (!moved) return;
    this.#visits++;
    scrollTo(0, 0);
  }

  /** Changes the query of the page that is open; `undefined` takes a name out. */
  narrow(change: Record<string, string | number | undefined>, replace = false): void {
    this.go(this.with(change), replace);
  }

  /** The URL of the page that is open with another query. */
  with(change: Record<string, string | number | undefined>): string {
    const next = new URL(this.#url);
    for (const [name, value] of Object.entries(change)) {
      if (value === undefined || value === "") next.searchParams.delete(name);
      else next.searchParams.set(name, String(value));
    }
    return next.pathname + next.search;
  }

  #follow(event: MouseEvent): void {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    // Links in drawings have no properties that are plain text: what is written is read.
    const link = (event.target as Element).closest("a");
    const href = link?.getAttribute("href");
    if (!link || href == null || link.hasAttribute("target") || link.hasAttribute("download")) return;
    const to = new URL(href, location.href);
    if (to.origin !== location.origin || to.pathname.startsWith("/api/")) return;
    if (to.hash !== "" && to.pathname === location.pathname) return;
    event.preventDefault();
    this.go(to.href);
  }
}

export const place = new Place();
