/** Draws a job's section as the reader does and keeps the sheets. */
import type { Language } from "../../src/jobs/language.ts";
import type { Outcome } from "../../src/jobs/reading.ts";
import type { Renderer, Sheet } from "../../src/jobs/render/contract.ts";

export interface Drawn {
  outcome: Outcome;
  sheets: Sheet[];
}

/** `pages`: how many are wanted. */
export async function drawn(
  renderer: Renderer,
  bytes: Uint8Array,
  { language = "pcl" as Language, more = "", pages = 20 } = {},
): Promise<Drawn> {
  const sheets: Sheet[] = [];
  const outcome = await renderer(
    { language, bytes, more, dpi: 150 },
    {
      sheet: (sheet) => sheets.push({ ...sheet, pixels: { ...sheet.pixels, data: sheet.pixels.data.slice() } }) < pages,
      words: (index, words) => {
        sheets[index - 1]!.words = words;
      },
    },
  );
  return { outcome, sheets };
}
