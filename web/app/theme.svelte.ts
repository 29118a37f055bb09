/** Light or dark, as chosen here or else as the system has it. theme.js sets it before the first paint. */

const KEY = "inktrap.theme";
type Choice = "light" | "dark" | "system";

class Theme {
  choice = $state<Choice>((localStorage.getItem(KEY) as Choice | null) ?? "system");
  /** Changes with every change of the colours, for what paints by itself. */
  shown = $state(document.documentElement.dataset["theme"] ?? "light");

  constructor() {
    new MutationObserver(() => (this.shown = document.documentElement.dataset["theme"] ?? "light")).observe(
      document.documentElement,
      { attributeFilter: ["data-theme"] },
    );
  }

  choose(choice: Choice): void {
    this.choice = choice;
    if (choice === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
    const dark = choice === "system" ? matchMedia("(prefers-color-scheme: dark)").matches : choice === "dark";
    document.documentElement.dataset["theme"] = dark ? "dark" : "light";
  }

  turn(): void {
    this.choose(this.shown === "dark" ? "light" : "dark");
  }
}

export const theme = new Theme();
