/** Text with `{names}` in it. `{{` and `}}` stand for braces. */

/** Texts and names in turn: an even index is text as it is, an odd index the name of a value. */
export type Template = readonly string[];

const PIECE = /\{\{|\}\}|\{([A-Za-z][A-Za-z0-9.]*)\}|[{}]/g;

/** Reads a template, and gives the offsets of braces that are neither doubled nor around a name; they stay as they are. */
export function parseTemplate(text: string): { template: Template; names: Name[]; loose: number[] } {
  const template = [""];
  const names: Name[] = [];
  const loose: number[] = [];
  let done = 0;
  for (const match of text.matchAll(PIECE)) {
    const before = text.slice(done, match.index);
    done = match.index + match[0].length;
    if (match[1] !== undefined) {
      template[template.length - 1] += before;
      template.push(match[1], "");
      names.push({ name: match[1], offset: match.index });
    } else {
      template[template.length - 1] += before + match[0].charAt(0);
      if (match[0].length === 1) loose.push(match.index);
    }
  }
  template[template.length - 1] += text.slice(done);
  return { template, names, loose };
}

export interface Name {
  name: string;
  /** Where its brace stands in the text. */
  offset: number;
}

/** The template with every name replaced; a name without a value stays, braces and all. */
export function fillTemplate(template: Template, value: (name: string) => string | undefined): string {
  let out = template[0]!;
  for (let i = 1; i < template.length; i += 2) out += (value(template[i]!) ?? `{${template[i]}}`) + template[i + 1]!;
  return out;
}
