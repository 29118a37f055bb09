/** Strict YAML: parsed, checked against a zod schema, every problem with file, line and column. */
import { type Document, isMap, isNode, isPair, isScalar, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import type { Problem } from "./problem.ts";

type Place = (path: readonly PropertyKey[]) => { line: number; column: number };
export type YamlResult<T> = { value: T; at: Place };
/** What is wrong; and, where only the schema was not met, the document as it is. */
export type YamlProblems = { problems: Problem[]; document?: unknown; at?: Place };

/**
 * Reads one YAML document. `file` is only used in messages.
 * Returns the checked value with a function that finds the place of a path, or all problems at once.
 */
export function readYaml<S extends z.ZodType>(
  text: string,
  file: string,
  schema: S,
): YamlResult<z.output<S>> | YamlProblems {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, strict: true, uniqueKeys: true, version: "1.2" });
  const at = (path: readonly PropertyKey[]) => placeOf(doc, lines, path);
  const faults = [...doc.errors, ...doc.warnings];
  if (faults.length > 0) {
    return {
      problems: faults.map((fault) => {
        const pos = lines.linePos(fault.pos[0]);
        const what = fault.message.split("\n", 1)[0]!.replace(/ at line \d+, column \d+:?$/, "");
        return { where: file, line: pos.line, column: pos.col, what, remedy: "Correct the YAML there." };
      }),
    };
  }
  const document: unknown = doc.toJS({ maxAliasCount: 50 });
  const result = schema.safeParse(document);
  if (result.success) return { value: result.data, at };
  return { problems: result.error.issues.flatMap((issue) => problemsOf(issue, file, at)), document, at };
}

function problemsOf(issue: z.core.$ZodIssue, file: string, at: Place): Problem[] {
  const name = issue.path.map(String).join(".") || "the document";
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      where: file,
      ...at([...issue.path, key]),
      what: `unknown key "${[...issue.path, key].map(String).join(".")}"`,
      remedy: "Remove it or correct its spelling.",
    }));
  }
  const what = `${name}: ${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`;
  return [{ where: file, ...at(issue.path), what, remedy: `Change ${name} to what is expected.` }];
}

/** The place of the key at the end of `path`, or of the nearest enclosing node that exists. */
function placeOf(doc: Document, lines: LineCounter, path: readonly PropertyKey[]): { line: number; column: number } {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? doc.contents : doc.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    let node: unknown;
    if (isMap(parent)) {
      node = parent.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(last),
      )?.key;
    } else {
      node = doc.getIn(path.slice(0, length), true);
    }
    if (isNode(node) && node.range) {
      const { line, col } = lines.linePos(node.range[0]);
      return { line, column: col };
    }
  }
  return { line: 1, column: 1 };
}
