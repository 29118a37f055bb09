/**
 * Patterns of rules. RE2 syntax, because its time is linear in the text whatever a visitor sends; before the pattern runs,
 * one of its literals must be in the text, which is far cheaper and settles nearly all cases.
 */
import { RE2JS } from "re2js";

export interface Pattern {
  /** Texts of which one occurs in everything the pattern matches; in small letters when `ignoreCase`. */
  literals: readonly string[];
  ignoreCase: boolean;
  /** The first match as [start, end), or undefined. */
  find(text: string): [number, number] | undefined;
}

const SHORTEST_LITERAL = 3;

/** Compiles a pattern. Throws an Error with a plain message when the syntax is wrong or no literal can be found. */
export function compilePattern(source: string, given?: readonly string[]): Pattern {
  const ignoreCase = /^\(\?[a-z]*i[a-z]*\)/.test(source);
  const found = given ?? literalOf(source);
  if (!found) throw new Error(`no literal of ${SHORTEST_LITERAL} characters can be found in it: name \`literals\``);
  const re = RE2JS.compile(source);
  return {
    literals: ignoreCase ? found.map((text) => text.toLowerCase()) : found,
    ignoreCase,
    find(text) {
      const matcher = re.matcher(text);
      return matcher.find() ? [matcher.start(), matcher.end()] : undefined;
    },
  };
}

/** The longest run of plain characters that every match contains, if it is long enough. */
function literalOf(source: string): string[] | undefined {
  let best = "";
  let run = "";
  let depth = 0;
  const cut = () => {
    if (run.length > best.length) best = run;
    run = "";
  };
  for (let i = source.startsWith("(?") ? source.indexOf(")") + 1 : 0; i < source.length; i++) {
    const char = source[i]!;
    if (char === "[") {
      cut();
      const end = source.indexOf("]", i + 2);
      if (end < 0 || source[end - 1] === "\\") return undefined;
      i = end;
    } else if (char === "(" || char === ")") {
      cut();
      depth += char === "(" ? 1 : -1;
    } else if (char === "|" && depth === 0) {
      return undefined;
    } else if (char === "?" || char === "*" || char === "{") {
      run = run.slice(0, -1);
      cut();
      if (char === "{") i = source.indexOf("}", i);
    } else if (char === "\\") {
      const next = source[++i] ?? "";
      if (/[A-Za-z0-9]/.test(next)) {
        cut();
        if (source[i + 1] === "{") i = source.indexOf("}", i);
        else if (next === "x") i += 2;
      } else if (depth === 0) run += next;
    } else if (char === "." || char === "+" || char === "^" || char === "$") {
      cut();
    } else if (depth === 0) {
      run += char;
    }
  }
  cut();
  return best.length >= SHORTEST_LITERAL ? [best] : undefined;
}
