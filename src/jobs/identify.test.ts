import fc from "fast-check";
import { expect, it } from "vitest";
import { fromByteText } from "../event/bytes-text.ts";
import { identify } from "./identify.ts";
import { section } from "./reading.ts";

const UEL = "\x1b%-12345X";
const seen = (text: string, declared?: string) =>
  identify(fromByteText(text), declared).map(({ language, more }) => (more ? `${language} (${more})` : language));

const u32 = (...numbers: number[]) => {
  const bytes = Buffer.alloc(4 * numbers.length);
  numbers.forEach((n, i) => bytes.writeUInt32BE(n, 4 * i));
  return bytes.toString("latin1");
};
const pwgHeader = () => {
  const page = Buffer.alloc(1796);
  page.writeUInt32BE(600, 276);
  page.writeUInt32BE(4960, 372);
  page.writeUInt32BE(7016, 376);
  page.writeUInt32BE(8, 388);
  page.write("PwgRaster", 0);
  return page.toString("latin1");
};
const utf16 = (text: string) => Buffer.from(text, "utf16le").toString("latin1");
const swapped = (text: string) => Buffer.from(text, "utf16le").swap16().toString("latin1");

it.each([
  ["", []],
  ["\r\n\r\n", ["text"]],
  [UEL, ["pjl"]],
  [
    "%!PS-Adobe-3.0\n%%Creator: PScript5.dll Version 5.2\n%%LanguageLevel: 3\n",
    ["postscript (DSC 3.0; level 3; PScript5.dll Version 5.2)"],
  ],
  ["%!PS-Adobe-2.0 EPSF-2.0\n", ["postscript (DSC 2.0; EPS)"]],
  ["%!\nshowpage", ["postscript"]],
  ["\r\n%PDF-1.4\n", ["pdf (1.4)"]],
  ["%PDF-1.7\n%PCLm 1.0\n", ["pclm (1.0)"]],
  ["%PDF-1.4\n%%EOF\n%PDF-1.7\n%%EOF\n", ["pdf (1.4)", "pdf (1.7)"]],
  ["\x1bE\x1b&l1XHello\f\x1bE", ["pcl"]],
  ["\x1bE\x1b*r1A\x1b*b2m3Wabc", ["pcl (with raster)"]],
  ["\x1bE\x1b%0BIN;PU;\x1b%0A", ["pcl (with HP-GL/2)"]],
  ["\x1bEHello\f\x1bE%!PS-Adobe-3.0\nshowpage\n\x04", ["pcl", "postscript (DSC 3.0)"]],
  ["%!PS\n(a %!PS-Adobe-3.0 EPSF-3.0) pop\n%!PS-Adobe-3.0 EPSF-3.0\n", ["postscript (DSC 3.0; EPS)"]],
  ["%!PS\nshowpage\n\x04%!PS\nshowpage\n", ["postscript", "postscript"]],
  [") HP-PCL XL;2;0;Comment x\n", ["pclxl (2.0; little-endian)"]],
  ["( HP-PCL XL;3;0;\n", ["pclxl (3.0; big-endian)"]],
  ["\x1b@\x1ba\x01SALE\n\x1dVA\0", ["escpos"]],
  ["25 OR WALK\n\n\n\x1dV\0", ["escpos"]],
  ["\x1b@\x1b(R\x08\0\0REMOTE1", ["escp (remote mode)"]],
  ["^XA^FO20,20^FDHi^FS^XZ", ["zpl"]],
  ["IN;SP1;PU;", ["hpgl2"]],
  ["!R! RES; EXIT;", ["prescribe"]],
  ["RaS2" + pwgHeader(), ["pwg-raster (4960 × 7016 pixels, 600 dpi, 8 bits)"]],
  ["UNIRAST\0" + u32(1, 0x08010000, 0, 0, 1240, 1754, 150, 0, 0), ["urf (1240 × 1754 pixels, 150 dpi, 8 bits)"]],
  ["3SaR" + "\0".repeat(20), ["cups-raster (little-endian)"]],
  ["II*\0\x08\0\0\0", ["tiff (little-endian)"]],
  ["\xff\xd8\xff\xe0\0\x10JFIF", ["jpeg"]],
  ["\x89PNG\r\n\x1a\n" + u32(13) + "IHDR" + u32(800, 600), ["png (800 × 600 pixels)"]],
  ["GIF89a\x20\x03\x58\x02", ["gif (800 × 600 pixels)"]],
  ["JZJZ\0\0\0\x34", ["zjs (big-endian)"]],
  [",XQX\0\0\0\x01", ["xqx"]],
  ["A\x81\xa1\0\x82\xa2\x07\0\x83\xa2\x01\0", ["host-based (HBPL)"]],
  ["\xa5SLX\0\0", ["host-based (SLX)"]],
  ["\x1bE\x1b&l26A\x1b*b1030m3w\0\x01\x02", ["host-based (Brother HBP)"]],
  ["\x1b\x1drhE\x1b\x1d1mmE", ["other (ESC/Page)"]],
  ["\x1b*m\0\x40\x03", ["host-based (Lexmark raster)"]],
  ["\x1b[K\x02\0\0\x24", ["other (Canon BJ raster)"]],
  ["\x1b\x01@EJL \n@EJL SE LA=ESC/PAGE\n", ["other (EJL; ESC/Page)"]],
  ["! 0 200 200 406 1\r\nT 0 0 30 40 Hi\r\nPRINT\r\n", ["other (CPCL)"]],
  ["SIZE 40 mm,30 mm\r\nTEXT 0,0\r\n", ["other (TSPL)"]],
  ['%%XRXbegin\n%%OID_ATT_DLM_NAME "x"\n', ["firmware (Xerox DLM)"]],
  ["\x7fELF\x02\x01\x01", ["elf"]],
  ["MZ" + "\x90".repeat(60), ["windows-executable"]],
  ["PK\x03\x04", ["zip"]],
  ["7z\xbc\xaf\x27\x1c", ["archive (7-Zip)"]],
  ["GET /metrics HTTP/1.1\r\n\r\n", ["http"]],
  ["\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", ["tls"]],
  ["SSH-2.0-x\r\n", ["protocol (ssh)"]],
  ["\xde\xad\xbe\xef\xfe\xed", ["binary"]],
  ["plain text\r\n", ["text (ascii)"]],
  ["text \x1b&d0Dunderlined\x1b&d@", ["pcl"]],
  ["Gr\xc3\xbc\xc3\x9fe", ["text (utf-8)"]],
  ["\xff\xfe" + utf16("Hi"), ["text (utf-16le)"]],
  [utf16("Your printer is open.\r\n"), ["text (utf-16le)"]],
  [swapped("Your printer is open.\r\n"), ["text (utf-16be)"]],
  ["Gr\xfc\xdfe aus K\xf6ln, \x93caf\xe9\x94 \x80 5", ["text (windows-1252)"]],
  ["Gr\x81\xe1e aus K\x94ln, \xd5", ["text (cp850)"]],
  ["\xc9\xcd\xcd\xcd\xbb\r\n\xba Hi\xba\r\n\xc8\xcd\xcd\xcd\xbc", ["text (cp850)"]],
  ["Gr\xcf\xdee aus K\xceln, caf\xc5", ["text (hp-roman8)"]],
])("reads %j as %j", (text, languages) => expect(seen(text)).toEqual(languages));

it.each([
  ["QPDL", "\0\x06\0\x01\x02\x09", ["host-based (QPDL (SPL2))"]],
  ["SMART", "$PJL JOB START\r\n", ["host-based (SPL)"]],
  ["PCL", "no escape at all", ["pcl"]],
  ["PCL", "\x1bE\x1b&l26A\x1b*b1030m3w\0", ["host-based (Brother HBP)"]],
  ["HBP", "@L\n@G\0\0", ["host-based (Brother HBP)"]],
  ["PCL", "\x1b%0BIN;", ["pcl (with HP-GL/2)"]],
  ["POSTSCRIPT", "%PDF-1.4\n", ["pdf (1.4)"]],
  ["application/vnd.hp-PCL", "page one\f", ["pcl"]],
  ["application/octet-stream", "page one\f", ["text (ascii)"]],
  ["ZJS", "JZJZ\0\0\0\x34", ["zjs (big-endian)"]],
  ["LAVAFLOW", "\x1bE\x1b&l0S", ["host-based (LAVAFLOW)"]],
  ["NOSUCH", "\x1bEHi", ["pcl"]],
  ["constructor", "\x1bEHi", ["pcl"]],
])("declared as %s, %j is %j", (declared, text, languages) => expect(seen(text, declared)).toEqual(languages));

it("tells PJL from what it wraps, in order, with places", () => {
  const job =
    `${UEL}@PJL JOB NAME="a"\r\n@PJL ENTER LANGUAGE = PCL\r\n\x1bEone\x1bE` +
    `${UEL}@PJL ENTER LANGUAGE=POSTSCRIPT\n%!PS-Adobe-3.0\ntwo\n\x04${UEL}@PJL EOJ\r\n${UEL}`;
  const found = identify(fromByteText(job));
  expect(found.map(({ language }) => language)).toEqual(["pjl", "pcl", "pjl", "postscript", "pjl"]);
  expect(found.map(({ at }) => job.slice(...at))).toEqual([
    `${UEL}@PJL JOB NAME="a"\r\n@PJL ENTER LANGUAGE = PCL\r\n`,
    "\x1bEone\x1bE",
    `${UEL}@PJL ENTER LANGUAGE=POSTSCRIPT\n`,
    "%!PS-Adobe-3.0\ntwo\n\x04",
    `${UEL}@PJL EOJ\r\n`,
  ]);
  expect(found.map(({ mark }) => job.slice(...mark))).toEqual(["@PJL", "\x1bE", "@PJL", "%!PS-Adobe-3.0", "@PJL"]);
});

it("says what a command carries", () => {
  expect(seen(`${UEL}@PJL UPGRADE SIZE=4\r\n\0\x01\x02\x03`)).toEqual(["pjl", "firmware"]);
  expect(seen(`${UEL}@PJL SET IMAGELEN=4\r\n\0\x01\x02\x03`)).toEqual(["pjl", "host-based"]);
  const file = identify(fromByteText('@PJL FSDOWNLOAD FORMAT:BINARY SIZE=9 NAME="0:\\a"\r\n\x7fELF\x01\x01'));
  expect(file[1]).toMatchObject({ language: "elf", because: "the file of PJL FSDOWNLOAD" });
});

it("joins PJL that has a universal exit before every line", () => {
  const job = `${UEL}@PJL JOB NAME="a"\n${UEL}@PJL JOB OSINFO="x"\n${UEL}@PJL ENTER LANGUAGE=LAVAFLOW\n\x1bE\x1b&l0S`;
  expect(seen(job)).toEqual(["pjl", "host-based (LAVAFLOW)"]);
});

it("takes the PostScript out of an EPS file with a DOS header", () => {
  const head = Buffer.from("\xc5\xd0\xd3\xc6".padEnd(30, "\0"), "latin1");
  head.writeUInt32LE(30, 4);
  head.writeUInt32LE(23, 8);
  const job = `${head.toString("latin1")}%!PS-Adobe-3.0 EPSF-3.0preview`;
  const [eps] = identify(fromByteText(job));
  expect(job.slice(...eps!.at)).toBe("%!PS-Adobe-3.0 EPSF-3.0");
  expect(eps!.more).toBe("DSC 3.0; EPS; EPS with a DOS header");
  head.writeUInt32LE(99, 8);
  expect(identify(Buffer.concat([head, fromByteText("%!PS")]))[0]!.at).toEqual([0, 34]);
});

it("uses the character set of the PJL where the bytes leave it open", () => {
  const told = (set: string) =>
    seen(`@PJL SET LPARM:PCL SYMSET=${set}\r\n@PJL ENTER LANGUAGE=AUTO\r\nK\xceln \xcf\r\n`)[1];
  expect(told("ROMAN8")).toBe("text (hp-roman8)");
  expect(told("PC8")).toBe("text (cp437)");
});

const pieces = fc.oneof(
  fc.constantFrom(
    UEL,
    "@PJL\n",
    "@PJL ENTER LANGUAGE=PCL\n",
    "%!PS-Adobe-3.0\n",
    "\x04",
    "\x1bE",
    "%PDF-1.4\n",
    "%%EOF\n",
  ),
  fc.constantFrom(
    "\x1b@",
    "JZJZ",
    "^XA",
    "\xc5\xd0\xd3\xc6\x0c\0\0\0\x04\0\0\0",
    "text\r\n",
    "\xff\xfe",
    "\0\0\0",
    "\f",
  ),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
);

it("never throws, and its sections lie in order inside the job", () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), fc.option(fc.string(), { nil: undefined }), (parts, declared) => {
      const bytes = fromByteText(parts.join(""));
      let end = 0;
      for (const one of identify(bytes, declared)) {
        section.parse(one);
        expect(one.at[0]).toBeGreaterThanOrEqual(end);
        expect(one.at[1]).toBeGreaterThan(one.at[0]);
        expect(one.mark[1]).toBeGreaterThan(one.mark[0]);
        expect(one.mark[1]).toBeLessThanOrEqual(bytes.length);
        end = one.at[1];
      }
      expect(end).toBeLessThanOrEqual(bytes.length);
    }),
    { numRuns: 2000 },
  );
});

it.each([
  "A",
  UEL,
  "@PJL\n",
  "\x04%!",
  `${UEL}@PJL \n\x1bE%!PS\x04`,
  "\0",
  "\x1b%-1234",
  "%%EOF\n%PDF-",
  "\x81\x90",
  '@PJL SET A="',
])("reads 16 MiB of %j in little time", (text) => {
  const job = Buffer.alloc(16 * 1024 * 1024);
  job.fill(text, "latin1");
  const start = performance.now();
  expect(identify(job).length).toBeLessThanOrEqual(32);
  expect(performance.now() - start).toBeLessThan(2000);
});
