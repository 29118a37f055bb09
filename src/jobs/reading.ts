/**
 * What is known of a job after it was read: its dossier and its pages. The same schemas check what comes out of the
 * jail, describe what is stored, and say what the API shows.
 *
 * All texts are Unicode as the document has it and hostile at every exit; what was bytes is byte text, and says so.
 */
import { z } from "zod";
import { LANGUAGE_IDS } from "./language.ts";

/** More of a thing than this is not kept; a reading says in `left` what it left out. */
export const READING = {
  /** Bytes of a job that are read. */
  inputBytes: 64 * 1024 * 1024,
  pages: 20,
  dpi: 150,
  /** Longer side of a small picture, pixels. */
  thumbPixels: 360,
  sections: 32,
  claims: 128,
  indicators: 256,
  pageText: 64 * 1024,
  text: 256 * 1024,
  value: 1024,
} as const;

const count = () => z.number().int().nonnegative();
const short = (max: number) => z.string().max(max);
/** First and past-the-last byte in the job's body, or [line, line + 1) of its PJL wrapper: see `in`. */
const place = () => z.tuple([count(), count()]);

/** A part of a job in one language. */
export const section = z.strictObject({
  language: z.enum(LANGUAGE_IDS),
  at: place(),
  /** Why it is thought to be this language, for people: `begins with %!PS-Adobe-3.0`. */
  because: short(200),
  /** Where the bytes of that reason are. */
  mark: place(),
  /** `level 2`, `1.7`, `windows-1252`, `enhanced; 2 levels`: what the stream itself says more. Empty for nothing. */
  more: short(200),
});
export type Section = z.output<typeof section>;

export const CLAIMS = [
  "user",
  "host",
  "domain",
  "address",
  "application",
  "title",
  "driver",
  "system",
  "made", // a time, as written
  "copies",
  "pages",
  "paper", // as its format names it: `A4`
  "job", // a number or id given by a print system
  "printer", // the printer or queue it was meant for
  "department",
  "secret", // PIN, password or user code; shown to analysts only
  "keywords",
] as const;

/** Something the job says of itself or its sender. A claim costs a sender nothing: it may be a lie. */
export const claim = z.strictObject({
  what: z.enum(CLAIMS),
  value: short(READING.value),
  /** Where it was said, in the words of its format: `PJL SET JOBATTR JobAcct2`, `%%For`, `PDF Info Author`. */
  from: short(100),
  /** 2: claimed by a print system (spooler, driver, PJL); 1: claimed by the document. 3 is kept for what was seen. */
  strength: z.literal([1, 2]),
  /** `body`: bytes of the job's body. `wrapper`: line of the PJL around it. `document`: inside, at no byte of its own. */
  in: z.enum(["body", "wrapper", "document"]),
  at: place().optional(),
});
export type Claim = z.output<typeof claim>;

/** One page as paper. Its pictures lie beside the reading, named `<page>.png` and `<page>.thumb.png`. */
export const page = z.strictObject({
  page: z.number().int().min(1).max(READING.pages),
  /** Index into `sections`. */
  section: count(),
  /** Pixels of the picture, and of paper in millimetres. */
  width: z.number().int().min(1).max(8000),
  height: z.number().int().min(1).max(8000),
  widthMm: z.number().positive().max(2000),
  heightMm: z.number().positive().max(2000),
  by: short(40),
});
export type Page = z.output<typeof page>;

export const words = z.strictObject({
  page: z.number().int().min(1).max(READING.pages),
  text: short(READING.pageText),
  /** `glyphs`: the stream names pictures of letters, not letters, so there is no text or only some of it. */
  from: z.enum(["stream", "glyphs", "none"]),
});
export type Words = z.output<typeof words>;

export const look = z.strictObject({
  page: z.number().int().min(1).max(READING.pages),
  /** 256 bits of what the page looks like, 64 hexadecimal digits; null for a page with nothing on it. */
  look: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
});
export type Look = z.output<typeof look>;

export const INDICATORS = [
  "link",
  "domain",
  "mail",
  "phone",
  "bitcoin",
  "ethereum",
  "monero",
  "litecoin",
  "iban",
  "handle",
  "onion",
  "address", // of the Internet
  "hash",
] as const;

/** Something in a page that leads to somebody. */
export const indicator = z.strictObject({
  kind: z.enum(INDICATORS),
  /** In its usual form, so that equal ones are equal: `https://toner.example/p`, `+15550100142`. Never shown as a link. */
  value: short(READING.value),
  /** As it stood there: `hxxps://toner[.]example/p`. */
  written: short(READING.value),
  page: z.number().int().min(0).max(READING.pages), // 0: in the stream, on no page
  /** `qr`: in a QR code on the page. */
  in: z.enum(["text", "qr", "stream"]),
  /** [start, end) in the page's text, UTF-16 units; absent for codes. */
  at: place().optional(),
});
export type Indicator = z.output<typeof indicator>;

export const summary = z.strictObject({
  /** What the job is called: claimed, or its first line in large letters; null for neither. `read`: from the page. */
  title: z.strictObject({ text: short(200), from: z.enum(["claimed", "read"]) }).nullable(),
  words: count(),
  /** ISO 639-3 of most of the text; null when there is too little to tell. */
  spoken: short(3).nullable(),
  /** 64 bits of what the text says, 16 hexadecimal digits; null for too little text. */
  simhash: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .nullable(),
  /** What was left out as there was too much of it, in words: `pages after 20`. */
  left: z.array(short(100)).max(16),
});
export type Summary = z.output<typeof summary>;

export const STATUSES = ["ok", "partial", "failed", "unsupported"] as const;
export type Status = (typeof STATUSES)[number];

/** How far it was drawn. `why` is empty for ok: `time limit of 15 s reached on page 3`. */
export const outcome = z.strictObject({ status: z.enum(STATUSES), why: short(300) });
export type Outcome = z.output<typeof outcome>;

/** What the program in the jail says, frame by frame, each as soon as it is known. `page` and `thumb` carry a PNG. */
export const FRAMES = {
  sections: z.strictObject({ sections: z.array(section).max(READING.sections) }),
  claims: z.strictObject({ claims: z.array(claim).max(READING.claims) }),
  page,
  thumb: z.strictObject({ page: z.number().int().min(1).max(READING.pages) }),
  words,
  look,
  indicators: z.strictObject({ indicators: z.array(indicator).max(READING.indicators) }),
  summary,
  outcome,
} as const;

/** A whole reading. Raised when what is read changes, so that older ones can be told apart. */
export const READING_VERSION = 1;
export const reading = z.strictObject({
  version: z.number().int(),
  sha256: z.string().length(64),
  bytes: count(),
  outcome,
  sections: z.array(section),
  claims: z.array(claim),
  pages: z.array(page),
  words: z.array(words),
  looks: z.array(look),
  indicators: z.array(indicator),
  summary,
  /** Milliseconds in the jail, and the most memory there, bytes. */
  ms: z.number().nonnegative(),
  peakBytes: count(),
});
export type Reading = z.output<typeof reading>;
