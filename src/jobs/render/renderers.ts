/** Who draws which language. Each is loaded when a section needs it, so that a PDF never loads Ghostscript. */
import { type Drawer, drawerOf, type Language } from "../language.ts";
import type { Outcome } from "../reading.ts";
import type { Drawing, Paper, Renderer } from "./contract.ts";
import type { Wanted } from "./ghostscript.ts";
import { loadMupdf } from "./wasm.ts";

const RENDERERS: Record<Drawer, (language: Language, wanted: Wanted) => Promise<Renderer>> = {
  ghostscript: async (_, wanted) => (await import("./ghostscript.ts")).ghostscript(wanted),
  mupdf: async (language, wanted) => {
    const { drawMupdf } = await import("./mupdf.ts");
    if (language !== "pdf") return drawMupdf;
    const { ghostscript } = await import("./ghostscript.ts");
    return orElse(drawMupdf, ghostscript(wanted));
  },
  pcl: async (language) => {
    const { drawPcl, drawText } = await import("./pcl.ts");
    return language === "pcl" ? drawPcl : drawText;
  },
};

/** Begins to load what draws a language, so that it is compiled by other threads while something else is done. */
export function warm(language: Language): void {
  const drawer = drawerOf(language);
  const loading =
    drawer === "ghostscript" ? import("./ghostscript.ts").then(({ load }) => load()) : drawer && loadMupdf();
  // What is wrong is told when it is drawn with.
  loading?.catch(() => {});
}

/** The renderer of a language; null where there is none. */
export async function rendererOf(language: Language, wanted: Wanted): Promise<Renderer | null> {
  const drawer = drawerOf(language);
  return drawer ? RENDERERS[drawer](language, wanted) : null;
}

/** Draws with the second where the first cannot draw a single page. */
function orElse(first: Renderer, second: Renderer): Renderer {
  return async (drawing, paper) => {
    let sheets = 0;
    const counted: Paper = {
      sheet: (sheet) => paper.sheet(sheet) && ++sheets > 0,
      words: (sheet, words) => paper.words(sheet, words),
      claim: (claim) => paper.claim?.(claim),
    };
    const outcome = await attempt(first, drawing, counted);
    if (outcome.status !== "failed" || sheets > 0) return outcome;
    const again = await attempt(second, drawing, paper);
    return again.status === "failed" ? outcome : again;
  };
}

/** Draws; what is thrown is the reason of a failure. */
export async function attempt(renderer: Renderer, drawing: Drawing, paper: Paper): Promise<Outcome> {
  try {
    return await renderer(drawing, paper);
  } catch (error) {
    return { status: "failed", why: (error instanceof Error ? error.message : String(error)).slice(0, 200) };
  }
}
