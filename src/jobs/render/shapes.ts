/** Lines and areas on a page, in its units. */
import type { Page, Paint } from "./page.ts";
import { UNIT } from "./page.ts";

export type Point = readonly [x: number, y: number];

/** Corners of one area beyond this are left out. */
export const CORNERS = 10_000;

/** What a row of an area costs before its dots. */
const ROW_WORK = 60;

/** Fills what lies within an odd number of rings. */
export function fillArea(page: Page, rings: readonly (readonly Point[])[], paint: Paint): void {
  const k = page.dpi / UNIT;
  const edges: [number, number, number, number][] = [];
  for (const ring of rings) {
    ring.forEach(([x, y], i) => {
      const [toX, toY] = ring[(i + 1) % ring.length]!;
      if (y === toY || edges.length >= CORNERS) return;
      const down = [x * k, y * k, toX * k, toY * k] as [number, number, number, number];
      edges.push(y < toY ? down : [down[2], down[3], down[0], down[1]]);
    });
  }
  edges.sort((a, b) => a[1] - b[1]);
  let begun = 0;
  let open: typeof edges = [];
  const first = Math.max(0, Math.floor(edges[0]?.[1] ?? 0));
  const last = Math.min(page.height, Math.ceil(edges.reduce((most, one) => Math.max(most, one[3]), 0)));
  for (let row = first; row < last; row++) {
    const middle = row + 0.5;
    while (begun < edges.length && edges[begun]![1] <= middle) open.push(edges[begun++]!);
    open = open.filter((one) => one[3] > middle);
    const crossings = open.map(([x, y, toX, toY]) => x + ((middle - y) / (toY - y)) * (toX - x)).sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.round(crossings[i]!));
      const to = Math.min(page.width, Math.round(crossings[i + 1]!));
      for (let column = from; column < to; column++) page.dot(row * page.width + column, paint, 1);
      page.work += Math.max(0, to - from);
    }
    page.work += ROW_WORK + open.length * 60;
  }
}

/** A straight line with square ends, never thinner than a dot. */
export function drawLine(page: Page, [x, y]: Point, [toX, toY]: Point, width: number, paint: Paint): void {
  const half = Math.max(width, UNIT / page.dpi) / 2;
  const length = Math.hypot(toX - x, toY - y);
  const [ux, uy] = length === 0 ? [half, 0] : [((toX - x) / length) * half, ((toY - y) / length) * half];
  const corners: Point[] = [
    [x - ux - uy, y - uy + ux],
    [x - ux + uy, y - uy - ux],
    [toX + ux + uy, toY + uy - ux],
    [toX + ux - uy, toY + uy + ux],
  ];
  fillArea(page, [corners], paint);
}
