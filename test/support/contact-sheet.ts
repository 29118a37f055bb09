/** Many small pages on one picture, each with what it is. */
import { writeFileSync } from "node:fs";
import { PNG } from "pngjs";
import type { Pixels } from "../../src/jobs/render/contract.ts";
import { loadFonts } from "../../src/jobs/render/fonts.ts";
import { withPalette } from "./png.ts";

/** A cell: pages that belong together, and a line below them. */
export interface Cell {
  label: string;
  pages: readonly Pixels[];
}

const COLUMNS = 4;
const PAGE = { width: 180, height: 255, gap: 8 };
const LABEL = { height: 30, size: 15 };
const GAP = 24;
const FACE = { family: "helvetica", bold: false, italic: false } as const;
const GROUND = 0xe4;

/** Writes the picture as a PNG. */
export async function contactSheet(cells: readonly Cell[], path: string): Promise<void> {
  const most = Math.max(...cells.map((one) => one.pages.length));
  const across = most * (PAGE.width + PAGE.gap) + GAP;
  const down = PAGE.height + LABEL.height + GAP;
  const width = COLUMNS * across + GAP;
  const height = Math.ceil(cells.length / COLUMNS) * down + GAP;
  const sheet: Pixels = { width, height, data: new Uint8Array(width * height * 3).fill(GROUND) };
  const fonts = await loadFonts();
  cells.forEach(({ label, pages }, i) => {
    const [left, top] = [GAP + (i % COLUMNS) * across, GAP + Math.floor(i / COLUMNS) * down];
    pages.forEach((page, at) => paste(sheet, small(page), left + at * (PAGE.width + PAGE.gap), top));
    let x = left;
    for (const letter of label) {
      const code = letter.codePointAt(0)!;
      const mask = fonts.mask(FACE, code, { height: LABEL.size, stretch: 1, turn: 0 });
      const y = top + PAGE.height + LABEL.size + 4;
      for (let dot = 0; mask && dot < mask.cover.length; dot++) {
        const at =
          (y + mask.top + Math.floor(dot / mask.width)) * width + Math.round(x) + mask.left + (dot % mask.width);
        sheet.data.fill(Math.round(GROUND * (1 - mask.cover[dot]! / 255)), at * 3, at * 3 + 3);
      }
      x += (fonts.advance(FACE, code) ?? 0) * LABEL.size;
    }
  });
  fonts.close();
  const png = new PNG({ width, height });
  for (let i = 0; i < width * height; i++) png.data.set([...sheet.data.subarray(i * 3, i * 3 + 3), 255], i * 4);
  writeFileSync(path, withPalette(PNG.sync.write(png)));
}

/** Every pixel the mean of those it stands for, within the size of a cell's page. */
function small({ width, height, data }: Pixels): Pixels {
  const by = Math.max(width / PAGE.width, height / PAGE.height);
  const [w, h] = [Math.floor(width / by), Math.floor(height / by)];
  const made = new Uint8Array(w * h * 3);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const sums = [0, 0, 0];
      let count = 0;
      for (let row = Math.floor(y * by); row < Math.min(height, (y + 1) * by); row++) {
        for (let column = Math.floor(x * by); column < Math.min(width, (x + 1) * by); column++, count++) {
          for (let c = 0; c < 3; c++) sums[c] = sums[c]! + data[(row * width + column) * 3 + c]!;
        }
      }
      made.set(
        sums.map((sum) => Math.round(sum / count)),
        (y * w + x) * 3,
      );
    }
  }
  return { width: w, height: h, data: made };
}

function paste(on: Pixels, page: Pixels, left: number, top: number): void {
  for (let row = 0; row < page.height; row++) {
    on.data.set(
      page.data.subarray(row * page.width * 3, (row + 1) * page.width * 3),
      ((top + row) * on.width + left) * 3,
    );
  }
}
