/**
 * Our own PCL 5e/5c and DeskJet interpreter, and plain text as such a printer sets it: Courier, ten letters an inch, a line
 * feed that does not return, what is too long cut off at the margin.
 */
import { decodeText } from "../charset.ts";
import type { Outcome } from "../reading.ts";
import type { Drawing, Paper, Renderer } from "./contract.ts";
import { loadFonts } from "./fonts.ts";
import { Interpreter } from "./pcl/interpreter.ts";
import type { WordsOf } from "./pcl/leaf.ts";
import { Leaves } from "./pcl/leaf.ts";
import { Machine } from "./pcl/machine.ts";
import { PclParser } from "./pcl/parse.ts";

/** Draws PCL 5e, PCL 5c and the raster of DeskJets (PCL 3). */
export const drawPcl: Renderer = (drawing, paper) => draw(drawing, paper);

/** Draws what is no page description: the printer sets its bytes as text, the words are what was meant by them. */
export const drawText: Renderer = (drawing, paper) => draw(drawing, paper, meantBy(drawing));

/** How many bytes are read between two looks at whether it was enough. */
const PIECE = 64 * 1024;

async function draw({ bytes, dpi }: Drawing, paper: Paper, wordsOf?: WordsOf): Promise<Outcome> {
  const fonts = await loadFonts();
  const leaves = new Leaves(paper, dpi, wordsOf);
  try {
    const interpreter = new Interpreter(new Machine(fonts, leaves));
    const parser = new PclParser((token) => interpreter.take(token));
    for (let at = 0; at < bytes.length && leaves.stopped === ""; at += PIECE)
      parser.push(bytes.subarray(at, at + PIECE));
    parser.end();
    interpreter.end(bytes.length);
  } finally {
    fonts.close();
  }
  return leaves.outcome;
}

/** Codes that the paper does not show: all controls but line ends and tabs. */
const UNSEEN = /[\0-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]/g;
/** Escape sequences; what is left of a sequence that is none is text. */
const SEQUENCES = /\x1b(?:[!-/][`-~]?(?:[-+]?[0-9.]*[`-~])*[-+]?[0-9.]*[@-^]|[0-~])?/g;

function meantBy({ bytes, more = "" }: Drawing): WordsOf {
  const charset = more.split(/[;,\s]/)[0] || "windows-1252";
  const wide = charset.startsWith("utf-16");
  return (from, to) => {
    // A letter of two bytes is not cut in the middle.
    const [start, end] = wide ? [from & ~1, to & ~1] : [from, to];
    const text = decodeText(bytes.subarray(start, end), charset).replace(/^\ufeff/, "");
    return text.replace(SEQUENCES, "").replace(UNSEEN, "");
  };
}
