/** The program in the jail that reads one job: its input is the job, its frames are FRAMES. It knows nothing else. */
import { asked, say, wholeInput } from "../jail/child.ts";
import { LIMITS } from "../jail/contract.ts";
import { HEAD_BYTES } from "../jail/frames.ts";
import { claimsOf } from "./dossier.ts";
import { identify } from "./identify.ts";
import { drawerOf, LANGUAGES } from "./language.ts";
import type { AskedOfReader } from "./read.ts";
import { type Outcome, READING, type Section } from "./reading.ts";
import { attempt, rendererOf, warm } from "./render/renderers.ts";
import { drawingOf, Telling, together } from "./telling.ts";

/** Kept for all that is not a picture of a page, bytes of output. */
const NOT_PICTURES = 8 * 1024 * 1024;
/** Of a section that nobody draws this much is looked through for text. */
const STREAM_BYTES = 1024 * 1024;

const order = asked() as AskedOfReader;
const bytes = wholeInput(READING.inputBytes);
const sections = sectionsIn();
for (const { language } of sections) warm(language);
const [{ codesOn }, { indicatorsIn }, { lookOf }, { summarize }] = await Promise.all([
  import("./codes.ts"),
  import("./indicators.ts"),
  import("./look.ts"),
  import("./summary.ts"),
]);
const telling = new Telling(
  say,
  {
    codesOn,
    indicatorsIn: (pages, codes, stream) => indicatorsIn(pages, codes, stream, order.own),
    lookOf,
    summarize,
  },
  { pictures: LIMITS.outputBytes - NOT_PICTURES, picture: LIMITS.frameBytes, head: HEAD_BYTES },
  sections,
);
tellClaims();
if (order.wordsOf) await onlyWords(order.wordsOf);
else await wholeJob();
// Ghostscript's exit code is that of the job.
process.exit(0);

async function wholeJob(): Promise<void> {
  const drawn = [];
  for (const [index, section] of telling.sections.entries()) {
    const outcome = await drawSection(index, section);
    drawn.push({ language: section.language, name: LANGUAGES[section.language].name, outcome });
  }
  telling.outcome(together(drawn, telling.pages));
  for (const section of telling.sections.filter(({ language }) => drawerOf(language) === undefined)) {
    telling.stream(Buffer.from(bytes.subarray(...section.at).subarray(0, STREAM_BYTES)).toString("latin1"));
  }
  telling.summary();
}

async function drawSection(index: number, section: Section): Promise<Outcome> {
  const renderer = await rendererOf(section.language, { fixed: order.fixed });
  const why = `${LANGUAGES[section.language].name} is not drawn`;
  if (!renderer) return { status: "unsupported", why };
  if (telling.pages >= READING.pages) return { status: "partial", why: `stopped after page ${READING.pages}` };
  return attempt(renderer, drawingOf(bytes, section), telling.paper(index));
}

/** The words of pages that were drawn before. */
async function onlyWords(wanted: NonNullable<AskedOfReader["wordsOf"]>): Promise<void> {
  for (const { section, first, sheets } of wanted) {
    const part = telling.sections[section];
    const renderer = part && (await rendererOf(part.language, { fixed: order.fixed, onlyWordsOf: sheets }));
    if (renderer) await attempt(renderer, drawingOf(bytes, part), telling.paper(section, first));
  }
}

function sectionsIn(): Section[] {
  try {
    return identify(bytes, order.declared);
  } catch (error) {
    process.stderr.write(`identify: ${String(error)}\n`);
    return [
      { language: "binary", at: [0, bytes.length], because: "it could not be looked at", mark: [0, 0], more: "" },
    ];
  }
}

function tellClaims(): void {
  try {
    telling.claims(claimsOf(bytes, telling.sections));
  } catch (error) {
    telling.leave(`claims: ${String(error)}`);
  }
}
