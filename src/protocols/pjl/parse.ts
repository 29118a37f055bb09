/**
 * The parts of a PJL line, by chapter 2 of the PJL Technical Reference Manual: `@PJL`, a command, and for most commands
 * a modifier (`LPARM:PCL`) and options (`NAME`, `NAME=value`, `NAME="text"`), parted by spaces and tabs.
 * All text is byte text. Nothing here fails: what makes no sense gives no command or no option.
 */

export interface Line {
  /** First word, in capitals; empty when `@PJL` stands alone or is followed by anything but a blank. */
  command: string;
  /** Everything behind the command and one blank, as it was sent. Some drivers write `COMMENT="text"`: then it begins with `=`. */
  argument: string;
}

export interface Option {
  /** In capitals; empty for a string that stands alone. */
  name: string;
  value?: string;
  /** The value stood in double quotes. */
  quoted?: boolean;
}

export interface Options {
  /** `LPARM:PCL` in capitals without blanks, or empty. */
  modifier: string;
  options: Option[];
}

/** Options beyond these are dropped; no command has as many. */
const MAX_OPTIONS = 64;
const COMMAND = /^@PJL[ \t]+([^ \t="]+)[ \t]?/;
const MODIFIER = /^[ \t]*([A-Za-z]+)[ \t]*:[ \t]*([^ \t="]*)/;
const TOKEN = /[ \t]*(?:(=)|"([^"]*)"?|([^ \t="]+))/y;

/** `line` begins with `@PJL` and has no line end. */
export function parseLine(line: string): Line {
  const match = COMMAND.exec(line);
  if (!match) return { command: "", argument: line.slice(4).replace(/^[ \t]+/, "") };
  return { command: capitals(match[1]!), argument: line.slice(match[0].length) };
}

/** Reads the argument of a command that has options. A missing closing quote is taken to stand at the end of the line. */
export function parseOptions(argument: string): Options {
  const modifier = MODIFIER.exec(argument);
  const options: Option[] = [];
  let valueNext = false;
  TOKEN.lastIndex = modifier?.[0].length ?? 0;
  for (let token = TOKEN.exec(argument); token && options.length <= MAX_OPTIONS; token = TOKEN.exec(argument)) {
    const [, equals, text, word] = token;
    const last = options.at(-1);
    if (equals) valueNext = last !== undefined && last.name !== "" && last.value === undefined;
    else if (valueNext && last) {
      last.value = text ?? word!;
      last.quoted = text !== undefined;
      valueNext = false;
    } else options.push(text === undefined ? { name: capitals(word!) } : { name: "", value: text, quoted: true });
  }
  return {
    modifier: modifier ? capitals(`${modifier[1]}:${modifier[2]}`) : "",
    options: options.slice(0, MAX_OPTIONS),
  };
}

/** The value of the first option of that name. */
export function optionValue(argument: string, name: string): string | undefined {
  return parseOptions(argument).options.find((option) => option.name === name)?.value;
}

/** Byte text with its ASCII letters in capitals; `toUpperCase` would turn some other bytes into no bytes. */
export function capitals(text: string): string {
  return /[\x80-\xff]/.test(text) ? text.replace(/[a-z]+/g, (letters) => letters.toUpperCase()) : text.toUpperCase();
}
