/** The keyboard: single letters, off while a field has the focus, and switched off altogether in the settings. */
import { place } from "./router.svelte.ts";

const SETTING = "inktrap.keys";

/** What `?` lists, in groups. */
export const KEY_LIST: readonly (readonly [keys: string, does: string])[] = [
  ["/", "search"],
  ["g o", "overview"],
  ["g c", "cases"],
  ["g s", "sessions"],
  ["g j", "jobs"],
  ["g n", "sensors"],
  ["j", "next row"],
  ["k", "previous row"],
  ["Enter", "open"],
  ["Esc", "back"],
  ["Space", "replay, pause"],
  ["n", "next finding"],
  ["p", "previous finding"],
  ["← →", "previous, next page"],
  ["x", "bytes on, off"],
  ["i", "correct intent"],
  ["e", "close case"],
  ["y", "copy link to this byte"],
  ["z", "undo"],
  ["t", "light, dark"],
  ["?", "this list"],
];

const GO: Record<string, string> = { o: "/", c: "/cases", s: "/sessions", j: "/jobs", n: "/sensors" };

type Handlers = Record<string, () => void>;

class Keys {
  on = $state(localStorage.getItem(SETTING) !== "off");
  #layers: Handlers[] = [];
  #going = false;

  constructor() {
    document.addEventListener("keydown", (event) => this.#press(event));
  }

  set(on: boolean): void {
    this.on = on;
    localStorage.setItem(SETTING, on ? "on" : "off");
  }

  /** Keys of a component while it is there. The latest layer that knows a key takes it. */
  use(handlers: Handlers): void {
    $effect(() => {
      this.#layers.push(handlers);
      return () => {
        this.#layers = this.#layers.filter((one) => one !== handlers);
      };
    });
  }

  #press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.target as HTMLElement;
    const inField = target.closest("input:not([type=range]), select, textarea, [contenteditable]") !== null;
    if (inField && event.key !== "Escape") return;
    if (inField) return target.blur();
    if (!this.on && event.key !== "Escape") return;
    if (event.key === " " && target.closest("button, a, input, summary")) return;
    if (this.#take(event.key)) event.preventDefault();
  }

  #take(key: string): boolean {
    if (this.#going) {
      this.#going = false;
      const to = GO[key];
      if (to !== undefined) place.go(to);
      return to !== undefined;
    }
    if (key === "g") {
      this.#going = true;
      setTimeout(() => (this.#going = false), 1500);
      return true;
    }
    if (key === "j" || key === "k") return moveRow(key === "j" ? 1 : -1);
    for (const layer of this.#layers.toReversed()) {
      const does = layer[key === " " ? "Space" : key];
      if (!does) continue;
      does();
      return true;
    }
    return false;
  }
}

function moveRow(by: number): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>("main [data-row]")];
  if (rows.length === 0) return false;
  const at = rows.indexOf(document.activeElement as HTMLElement);
  rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + by))]?.focus();
  return true;
}

export const keys = new Keys();
