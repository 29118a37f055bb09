/** Pieces of text on a page, put into lines and into the order in which they are read. */

export interface Span {
  text: string;
  /** Where its baseline begins, in any unit, from the top left of the page. */
  x: number;
  y: number;
  /** How far it goes along the baseline, and the size of its letters. */
  width: number;
  size: number;
  /** Quarter turns counterclockwise. */
  turn: 0 | 1 | 2 | 3;
}

/** Baselines this near to each other, in parts of the letters' size, are one line. */
const SAME_LINE = 0.4;
/** A gap wider than this is a space. */
const SPACE = 0.18;
/** Text set twice this near to itself is bold, not said twice. */
const DOUBLED = 0.25;

/** The text of a page: lines from top to bottom, each from left to right; turned text after the upright. */
export function textOf(spans: readonly Span[]): string {
  const turned = [0, 1, 2, 3].map((turn) => spans.filter((one) => one.turn === turn).map(upright));
  return turned
    .filter((some) => some.length > 0)
    .map(linesOf)
    .join("\n");
}

/** The same span as somebody sees it who turns the page until it is upright. */
function upright(span: Span): Span {
  const { x, y } = span;
  const turns = [
    [x, y],
    [-y, x],
    [-x, -y],
    [y, -x],
  ] as const;
  const [across, down] = turns[span.turn];
  return { ...span, x: across, y: down };
}

function linesOf(spans: readonly Span[]): string {
  const lines: Span[][] = [];
  let base: Span | undefined;
  for (const one of spans.toSorted((a, b) => a.y - b.y)) {
    const near = base !== undefined && one.y - base.y <= Math.max(one.size, base.size) * SAME_LINE;
    if (near) lines.at(-1)!.push(one);
    else lines.push([(base = one)]);
  }
  return lines.map(lineOf).join("\n");
}

function lineOf(spans: readonly Span[]): string {
  let line = "";
  let last: Span | undefined;
  for (const one of spans.toSorted((a, b) => a.x - b.x)) {
    if (last && doubled(last, one)) continue;
    const gap = last ? one.x - (last.x + last.width) : 0;
    if (gap > one.size * SPACE && !/\s$/.test(line) && !/^\s/.test(one.text)) line += " ";
    line += one.text;
    last = one;
  }
  return line.trimEnd();
}

function doubled(a: Span, b: Span): boolean {
  return a.text === b.text && Math.abs(a.x - b.x) < a.size * DOUBLED && Math.abs(a.width - b.width) < a.size;
}
