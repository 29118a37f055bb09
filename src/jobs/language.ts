/** The languages a print job may be written in, and who draws them. One line a language; ids are those of `job.captured`. */

export type Drawer = "ghostscript" | "mupdf" | "pcl";

interface LanguageFacts {
  /** As people call it. */
  name: string;
  /** Who draws it; without one it is `unsupported`, with what could be read. */
  drawnBy?: Drawer;
}

export const LANGUAGES = {
  pjl: { name: "PJL" },
  postscript: { name: "PostScript", drawnBy: "ghostscript" },
  pdf: { name: "PDF", drawnBy: "mupdf" },
  pclm: { name: "PCLm", drawnBy: "mupdf" },
  pcl: { name: "PCL 5", drawnBy: "pcl" },
  pclxl: { name: "PCL XL" },
  hpgl2: { name: "HP-GL/2" },
  escpos: { name: "ESC/POS" },
  escp: { name: "ESC/P" },
  zpl: { name: "ZPL" },
  prescribe: { name: "Prescribe" },
  "pwg-raster": { name: "PWG raster" },
  urf: { name: "Apple raster" },
  "cups-raster": { name: "CUPS raster" },
  tiff: { name: "TIFF", drawnBy: "mupdf" },
  jpeg: { name: "JPEG", drawnBy: "mupdf" },
  png: { name: "PNG", drawnBy: "mupdf" },
  gif: { name: "GIF", drawnBy: "mupdf" },
  text: { name: "plain text", drawnBy: "pcl" },
  html: { name: "HTML, printed as text", drawnBy: "pcl" },
  xml: { name: "XML, printed as text", drawnBy: "pcl" },
  http: { name: "HTTP, printed as text", drawnBy: "pcl" },
  tls: { name: "TLS" },
  protocol: { name: "another protocol", drawnBy: "pcl" },
  zjs: { name: "ZJStream (host-based)" },
  xqx: { name: "XQX (host-based)" },
  "host-based": { name: "host-based raster" },
  other: { name: "another printer language" },
  zip: { name: "ZIP archive" },
  gzip: { name: "gzip archive" },
  archive: { name: "archive" },
  elf: { name: "Linux program" },
  "windows-executable": { name: "Windows program" },
  firmware: { name: "firmware" },
  binary: { name: "no known language" },
} satisfies Record<string, LanguageFacts>;

export type Language = keyof typeof LANGUAGES;
export const LANGUAGE_IDS = Object.keys(LANGUAGES) as [Language, ...Language[]];

/** Who draws a language; undefined where nobody does. */
export function drawerOf(language: Language): Drawer | undefined {
  const facts: LanguageFacts = LANGUAGES[language];
  return facts.drawnBy;
}
