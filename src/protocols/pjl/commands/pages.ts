/** What makes the device print pages of its own: test pages by SET TESTPAGE, and commands of some makers. */
import type { Talk } from "../talk.ts";
import type { Command } from "./command.ts";

/** Prints pages that nobody sent; `name`: what asked for them. */
export function printPages(talk: Talk, name: string, pages: number): void {
  const count = () => talk.fill("{pageCount}");
  const before = count();
  talk.printed(pages);
  const after = count();
  if (before !== after) talk.changes.push({ what: "pages-printed", name, before, after });
}

/** SET TESTPAGE=<name>; whether it was one. */
export function setTestPage(talk: Talk, name: string, value: string | undefined): boolean {
  if (name !== "TESTPAGE" || value === undefined) return false;
  const { testPages } = talk.device.persona.pjl;
  const page = value.toUpperCase();
  if (!Object.hasOwn(testPages, page)) return false;
  printPages(talk, name, testPages[page]!);
  return true;
}

const ownPages = (name: string): Command => ({
  name,
  run(_, talk) {
    printPages(talk, name, talk.device.persona.pjl.pages[name] ?? 0);
    return undefined;
  },
});

export const configPage = ownPages("CONFIGPAGE");
export const cleanPrinter = ownPages("CLEANPRINTER");
