/**
 * Where things are on the paper: sizes, the logical page, orientation and print direction.
 * All lengths in 1/7200 inch. PCL 5 Technical Reference Manual, chapters 2 (logical page, its distances from the edges) and 5.
 */
import { A4 } from "../contract.ts";
import type { Quarter } from "../page.ts";
import { MM, UNIT } from "../page.ts";

/** A dot of 300 an inch, a decipoint (1/720 inch). */
export const DOT = UNIT / 300;
export const DECIPOINT = UNIT / 720;

export interface Paper {
  width: number;
  height: number;
  /** Sizes in inches have their logical page a little further in than those in millimetres. */
  metric: boolean;
}

const inches = (width: number, height: number): Paper => ({
  width: width * UNIT,
  height: height * UNIT,
  metric: false,
});
const millimetres = (width: number, height: number): Paper => ({
  width: width * MM,
  height: height * MM,
  metric: true,
});

/** By the value of ESC&l#A. */
export const PAPERS: ReadonlyMap<number, Paper> = new Map([
  [1, inches(7.25, 10.5)],
  [2, inches(8.5, 11)],
  [3, inches(8.5, 14)],
  [6, inches(11, 17)],
  [11, inches(11, 17)],
  [15, inches(5.5, 8.5)],
  [16, inches(13, 19)],
  [24, millimetres(105, 148)],
  [25, millimetres(148, 210)],
  [26, millimetres(210, 297)],
  [27, millimetres(297, 420)],
  [45, millimetres(182, 257)],
  [46, millimetres(257, 364)],
  [71, millimetres(100, 148)],
  [72, millimetres(148, 200)],
  [80, inches(3.875, 7.5)],
  [81, inches(4.125, 9.5)],
  [90, millimetres(110, 220)],
  [91, millimetres(162, 229)],
  [100, millimetres(176, 250)],
]);
export const DEFAULT_PAPER = millimetres(A4.widthMm, A4.heightMm);

/** The page as the stream describes it. */
export interface Layout {
  paper: Paper;
  /** 0 portrait, 1 landscape, 2 and 3 those upside down. */
  orientation: Quarter;
  /** ESC&a#P in quarters, counterclockwise, on top of the orientation. */
  direction: Quarter;
  /** Registration: the logical page is moved so far. */
  shiftX: number;
  shiftY: number;
}

/** The logical page with its x along the lines of text. */
export interface Frame {
  /** Of the logical page. */
  width: number;
  height: number;
  /** How letters lie on the picture. */
  turn: Quarter;
  /** From the logical page's own top left to the picture. */
  place(x: number, y: number): [number, number];
  /** And back. */
  back(x: number, y: number): [number, number];
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Size of the paper as seen in an orientation. */
export function seen({ paper, orientation }: Layout): [number, number] {
  return orientation % 2 === 0 ? [paper.width, paper.height] : [paper.height, paper.width];
}

/** The logical page on a picture whose top is that of the orientation `up`. */
export function frameOf(layout: Layout, up: Quarter): Frame {
  const [width, height] = seen(layout);
  const side = layout.orientation % 2 === 0 ? (layout.paper.metric ? 71 : 75) : layout.paper.metric ? 59 : 60;
  const [dx, dy] = rotated(layout.shiftX, layout.shiftY, layout.orientation);
  const logical: Box = { x: side * DOT + dx, y: dy, width: width - 2 * side * DOT, height };
  const sheet: Box = { x: 0, y: 0, width, height };
  const turnPage = quarters(layout.orientation - up);
  const onSheet = turnPage % 2 === 0 ? sheet : { ...sheet, width: height, height: width };
  const long = layout.direction % 2 === 0;
  return {
    width: long ? logical.width : logical.height,
    height: long ? logical.height : logical.width,
    turn: quarters(turnPage + layout.direction),
    place: (x, y) => outward(onSheet, turnPage, outward(logical, layout.direction, [x, y])),
    back: (x, y) => inward(logical, layout.direction, inward(onSheet, turnPage, [x, y])),
  };
}

export function quarters(value: number): Quarter {
  return (((Math.round(value) % 4) + 4) % 4) as Quarter;
}

/** A way on the paper held upright, as it is seen in an orientation. */
function rotated(x: number, y: number, orientation: Quarter): [number, number] {
  const ways: readonly [number, number][] = [
    [x, y],
    [-y, x],
    [-x, -y],
    [y, -x],
  ];
  return ways[orientation]!;
}

/** From a thing turned within a box, its own top left being 0 0, to where that box is. */
function outward({ x, y, width, height }: Box, turn: Quarter, [a, b]: [number, number]): [number, number] {
  if (turn === 0) return [x + a, y + b];
  if (turn === 1) return [x + b, y + height - a];
  if (turn === 2) return [x + width - a, y + height - b];
  return [x + width - b, y + a];
}

function inward({ x, y, width, height }: Box, turn: Quarter, [a, b]: [number, number]): [number, number] {
  if (turn === 0) return [a - x, b - y];
  if (turn === 1) return [y + height - b, a - x];
  if (turn === 2) return [x + width - a, y + height - b];
  return [b - y, x + width - a];
}
