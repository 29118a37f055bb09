/** Small print jobs made on the spot: a harmless one of each language, and many that mean harm. */
import { deflateSync } from "node:zlib";
import { encodePng } from "../../src/jobs/render/png.ts";

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");

const SHOW = "/Helvetica findfont 24 scalefont setfont 72 700 moveto (Toner for sale) show";
export const PAGE = `%!PS-Adobe-3.0\n${SHOW} 0.5 setgray 100 100 200 200 rectfill showpage\n`;

/** A PDF of numbered objects, from 1; the first is the catalogue. Its table of places is right. */
export function pdf(objects: readonly (string | Buffer)[], trailer = ""): Buffer {
  const parts = [latin1("%PDF-1.7\n")];
  const places: number[] = [];
  let at = parts[0]!.length;
  for (const [index, object] of objects.entries()) {
    const bytes = Buffer.concat([latin1(`${index + 1} 0 obj\n`), Buffer.from(object), latin1("\nendobj\n")]);
    places.push(at);
    parts.push(bytes);
    at += bytes.length;
  }
  const rows = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  const size = objects.length + 1;
  const end = `xref\n0 ${size}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\n`;
  return Buffer.concat([...parts, latin1(`${end}startxref\n${at}\n%%EOF\n`)]);
}

export function stream(body: Buffer | string, more = ""): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([latin1(`<< /Length ${bytes.length} ${more} >>\nstream\n`), bytes, latin1("\nendstream")]);
}

const FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
const PAGES = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";

/** A PDF of one page. `root`, `page`: what stands besides in the catalogue and the page. */
export function onePage({
  root = "",
  page = "",
  size = "0 0 595 842",
  more = [] as (string | Buffer)[],
  content = "" as string | Buffer,
  filter = "",
} = {}): Buffer {
  const text = content || "BT /F 24 Tf 72 700 Td (Toner for sale) Tj ET 100 100 200 200 re f";
  return pdf([
    `<< /Type /Catalog /Pages 2 0 R ${root} >>`,
    PAGES,
    `<< /Type /Page /Parent 2 0 R /MediaBox [${size}] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >> ${page} >>`,
    stream(text, filter),
    FONT,
    ...(more.length > 0 ? more : [stream("", "/Type /XObject /Subtype /Form /BBox [0 0 9 9]")]),
  ]);
}

/** An uncompressed grey TIFF (TIFF 6.0, section 4). `next`: where the next directory is said to be. */
export function tiff(width: number, height: number, next = 0): Buffer {
  const fields = [
    [256, 4, width],
    [257, 4, height],
    [258, 3, 8],
    [259, 3, 1],
    [262, 3, 1],
    [273, 4, 8],
    [277, 3, 1],
    [278, 4, height],
    [279, 4, width * height],
  ] as const;
  const pixels = Buffer.alloc(Math.min(width * height, 10_000), 0x60);
  const head = latin1("II*\0\0\0\0\0");
  head.writeUInt32LE(8 + pixels.length, 4);
  const directory = Buffer.alloc(2 + fields.length * 12 + 4);
  directory.writeUInt16LE(fields.length, 0);
  for (const [index, [tag, type, value]] of fields.entries()) {
    const at = 2 + index * 12;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(1, at + 4);
    directory.writeUInt32LE(value, at + 8);
  }
  directory.writeUInt32LE(next, directory.length - 4);
  return Buffer.concat([head, pixels, directory]);
}

const picture = (): Buffer => {
  const data = Uint8Array.from({ length: 80 * 60 * 3 }, (_, at) => (at * 7) % 256);
  return encodePng({ width: 80, height: 60, data });
};

async function jpeg(): Promise<Buffer> {
  const mupdf = await import("mupdf");
  const pixmap = new mupdf.Pixmap(mupdf.ColorSpace.DeviceRGB, [0, 0, 80, 60], false);
  pixmap.clear(120);
  return Buffer.from(pixmap.asJPEG(80, false));
}

/** A harmless job of each language, to be mutated. */
export async function harmless(): Promise<Record<string, Buffer>> {
  return {
    postscript: latin1(PAGE + PAGE),
    pdf: onePage({
      content: "BT /F 24 Tf 72 700 Td (Toner for sale) Tj ET /X Do",
      more: [
        stream(
          deflateSync(latin1("100 100 200 200 re f")),
          "/Type /XObject /Subtype /Form /BBox [0 0 999 999] /Filter /FlateDecode",
        ),
      ],
    }),
    png: picture(),
    jpeg: await jpeg(),
    tiff: tiff(80, 60),
    pcl: latin1(
      "\x1b%-12345X@PJL JOB\r\n@PJL ENTER LANGUAGE=PCL\r\n\x1bE\x1b(s3BToner for sale\x1b*p300x400Y\x1b*c200a100b0P\r\n\f\x1bE\x1b%-12345X",
    ),
    text: latin1("Toner for sale\r\nhttp://toner.example/\r\n\f"),
  };
}

const hugePng = (): Buffer => {
  const png = Buffer.from(picture());
  png.writeUInt32BE(60_000, 16);
  png.writeUInt32BE(60_000, 20);
  return png;
};

const nested = (depth: number): Buffer[] =>
  Array.from({ length: depth }, (_, at) =>
    stream(
      "/X Do /X Do",
      `/Type /XObject /Subtype /Form /BBox [0 0 999 999] /Resources << /XObject << /X ${6 + Math.min(at + 1, depth - 1)} 0 R >> >>`,
    ),
  );

/** Jobs that use up time, memory or paper. */
export const BOMBS: Record<string, () => Buffer> = {
  "PostScript that never ends": () => latin1("%!PS\n{} loop"),
  "a page, then no end": () => latin1(`${PAGE}{} loop`),
  "PostScript that counts for ever": () =>
    latin1("%!PS\n0 1 2147483647 { pop 1 1 1000 { 3 mod pop } for } for showpage"),
  "strings without end": () => latin1(`${PAGE}[ { 30000 string } loop`),
  "arrays without end": () => latin1(`${PAGE}0 { 65000 array exch 1 add } loop`),
  "dictionaries without end": () => latin1(`${PAGE}{ 60000 dict } loop`),
  "a function that calls itself": () => latin1(`${PAGE}/f { f f } def f`),
  "pages without end": () => latin1("%!PS\n{ showpage } loop"),
  "a page and a thousand million copies": () => latin1(`%!PS\n/#copies 1000000000 def ${PAGE}`),
  "a page as large as a field": () => latin1(`%!PS\n<< /PageSize [200000 200000] >> setpagedevice\n${PAGE}`),
  "a page of no size": () => latin1(`%!PS\n<< /PageSize [0 -5] >> setpagedevice\n${PAGE}`),
  "a picture of a gigapixel": () => latin1("%!PS\n32000 32000 8 [32000 0 0 32000 0 0] { 65000 string } image showpage"),
  "dots of a thousandth": () =>
    latin1("%!PS\n<< /HWResolution [72000 72000] >> setpagedevice 9 9 99 99 rectfill showpage"),
  "a font that lies": () =>
    latin1(`%!PS\n/F << /FontType 42 /FontMatrix [1 0 0 1 0 0] /Encoding StandardEncoding /FontBBox [0 0 1 1] /PaintType 0
      /CharStrings << /.notdef 0 /A 65535 >> /sfnts [<000100000007ffff${"ff".repeat(400)}>] >> definefont pop
      /F findfont 20 scalefont setfont 72 700 moveto (AAAA) show showpage`),
  "a Type 3 font that draws itself": () =>
    latin1(`%!PS\n/F << /FontType 3 /FontMatrix [1 0 0 1 0 0] /FontBBox [0 0 1 1] /Encoding StandardEncoding
      /BuildChar { pop /F findfont setfont pop (A) show } >> definefont pop /F findfont setfont 9 9 moveto (A) show showpage`),
  "files without end": () => latin1(`${PAGE}{ (/tmp/x) (w) file dup 65000 string writestring } loop`),
  "a pattern within a pattern": () =>
    latin1(`%!PS\n/p { << /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 .01 .01] /XStep .01 /YStep .01
      /PaintProc { pop 0 0 1 1 rectfill } >> matrix makepattern setpattern 0 0 2000 2000 rectfill } def p showpage`),
  "an unpacking bomb": () =>
    onePage({ content: deflateSync(Buffer.alloc(60_000_000, "0 0 m 9 9 l S ")), filter: "/Filter /FlateDecode" }),
  "a bomb packed thrice": () => {
    const packed = deflateSync(deflateSync(deflateSync(Buffer.alloc(100_000_000, " "))));
    return onePage({ content: packed, filter: "/Filter [/FlateDecode /FlateDecode /FlateDecode]" });
  },
  "forms within forms": () => onePage({ content: "/X Do", more: nested(40) }),
  "a form that draws itself": () => onePage({ content: "/X Do", more: nested(1) }),
  "a million objects": () =>
    pdf([
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [] /Count 0 >>",
      ...Array<string>(1_000_000).fill("[]"),
    ]),
  "a hundred thousand pages": () =>
    pdf([
      "<< /Type /Catalog /Pages 2 0 R >>",
      `<< /Type /Pages /Count 100000 /Kids [${"3 0 R ".repeat(100_000)}] >>`,
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>",
    ]),
  "pages that are their own parents": () =>
    pdf(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>"]),
  "a table of places that refers to itself": () =>
    Buffer.concat([
      onePage().subarray(0, -40),
      latin1("trailer << /Root 1 0 R /Size 9 /Prev 9 >>\nstartxref\n9\n%%EOF"),
    ]),
  "a sheet of a kilometre": () => onePage({ size: "0 0 3000000 3000000" }),
  "a sheet of nothing": () => onePage({ size: "0 0 0 0" }),
  "a PNG said to be of 60,000 by 60,000": hugePng,
  "a TIFF of four gigapixels": () => tiff(65_000, 65_000),
  "a TIFF whose pages go round": () => tiff(80, 60, 8 + 4800),
  "seventy million zeroes": () => Buffer.alloc(70_000_000),
  "five million form feeds": () => Buffer.alloc(5_000_000, "a\f"),
  nothing: () => Buffer.alloc(0),
};

/** PostScript that tries everything to reach files and programs, and prints on a page what came of it. */
export function nosy(secretFile: string, folder: string): Buffer {
  const path = (name: string): string => `(${name.replace(/[()\\]/g, "\\$&")})`;
  const tries: [string, string][] = [
    ["read", `${path(secretFile)} (r) file 200 string readstring pop show`],
    ["run", `${path(secretFile)} run`],
    ["users", "(/etc/passwd) (r) file 200 string readstring pop show"],
    ["environment", "(/proc/self/environ) (r) file 200 string readstring pop show"],
    ["write", `${path(`${folder}/new`)} (w) file dup (x) writestring closefile`],
    ["append", `${path(secretFile)} (a) file dup (x) writestring closefile`],
    ["delete", `${path(secretFile)} deletefile`],
    ["rename", `${path(secretFile)} ${path(`${folder}/other`)} renamefile`],
    ["list", `${path(`${folder}/*`)} { show } 200 string filenameforall`],
    ["list all", "(/etc/*) { show } 200 string filenameforall"],
    ["pipe out", `${path(`%pipe%touch ${folder}/new`)} (w) file closefile`],
    ["pipe in", "(%pipe%id) (r) file 200 string readstring pop show"],
    ["unlock", "<< /PermitFileReading [(*)] /PermitFileWriting [(*)] >> setuserparams (/etc/passwd) (r) file pop"],
    ["socket", "(%socket%127.0.0.1) (r) file pop"],
  ];
  const tried = tries.map(([name, code], at) => {
    const put = (end: string): string => `{ clear told ${at} (${name}: ${end}) put }`;
    return `{ ${code} } stopped ${put("refused")} ${put("DONE")} ifelse`;
  });
  const font = "/Courier findfont 10 scalefont setfont";
  const told = "0 1 told length 1 sub { 72 720 2 index 20 mul sub moveto told exch get show } for";
  return latin1(
    `%!PS\n/told ${tries.length} array def\n${font} 72 20 moveto\n${tried.join("\n")}\n${font} ${told} showpage\n`,
  );
}

/** PostScript that wants its pages written elsewhere. */
export function printingElsewhere(where: string): Buffer {
  return latin1(`${PAGE}<< /OutputFile (${where}) >> setpagedevice ${PAGE}`);
}

/** PDFs that want whoever opens them to go to an address, open a file or run a script. */
export function luring(url: string, file: string): Record<string, Buffer> {
  const action = (words: string): Buffer =>
    onePage({ root: `/OpenAction << /Type /Action ${words} >>`, page: `/AA << /O << ${words} >> >>` });
  return {
    "an address to open": action(`/S /URI /URI (${url})`),
    "a program to launch": action(`/S /Launch /F (${file}) /Unix << /F (/bin/touch) /P (${file}) >>`),
    "another document": action(`/S /GoToR /F << /FS /URL /F (${url}) >> /D [0 /Fit]`),
    "a form to send": action(`/S /SubmitForm /F << /FS /URL /F (${url}) >>`),
    "data to import": action(`/S /ImportData /F (${file})`),
    "a script": action(`/S /JavaScript /JS (app.launchURL\\("${url}"\\); this.submitForm\\("${url}"\\);)`),
    "a stream that lies elsewhere": onePage({ content: " ", filter: `/F << /FS /URL /F (${url}) >>` }),
    "a stream in a file": onePage({ content: " ", filter: `/F (${file})` }),
    "a picture that lies elsewhere": onePage({
      content: "/X Do",
      more: [
        stream(
          "",
          `/Type /XObject /Subtype /Image /Width 9 /Height 9 /BitsPerComponent 8 /ColorSpace /DeviceGray /F << /FS /URL /F (${url}) >>`,
        ),
      ],
    }),
    "entities that lie elsewhere": latin1(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "${url}">]><x>&e;</x>`),
  };
}

/** Seeded numbers from 0 to below 1. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A file with some of its bytes changed, doubled, moved or lost; the same for the same seed. */
export function mutated(file: Buffer, seed: number): Buffer {
  const next = random(seed * 7919 + 1);
  const place = (): number => Math.floor(next() * file.length);
  let bytes = Buffer.from(file);
  for (let left = 1 + Math.floor(next() * 6); left > 0; left--) {
    const [from, to] = [place(), place()].sort((a, b) => a - b) as [number, number];
    const how = Math.floor(next() * 5);
    if (how === 0) bytes = bytes.subarray(0, to + 1);
    else if (how === 1) bytes = Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
    else if (how === 2) bytes = Buffer.concat([bytes.subarray(0, from), bytes.subarray(Math.min(to, from + 9))]);
    else for (let n = 0; n < 8 && bytes.length > 0; n++) bytes[place() % bytes.length] = Math.floor(next() * 256);
  }
  return bytes;
}
