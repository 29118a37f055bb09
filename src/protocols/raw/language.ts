/**
 * What the first bytes of a job say that it is. A printer prints whatever comes, so much of what comes is no print job at
 * all: requests of other protocols, from those who look for something else on this port, are strays.
 *
 * One line a language: its name, whether it is meant for a printer, and what the first bytes look like, as byte text.
 * The first line that fits wins. Names are lower case and become the `language` of `job.captured`.
 */
export interface Sniffed {
  language: string;
  kind: "job" | "stray";
}

/** How many first bytes the patterns look at. */
export const SNIFF_BYTES = 1024;

const METHOD = "(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|TRACE|PATCH|PROPFIND|SEARCH|MKCOL|get|head|post|options)";

const STRAYS: readonly (readonly [string, RegExp])[] = [
  ["http-connect", /^CONNECT [^\r\n]{1,300}/],
  ["http-proxy", new RegExp(`^${METHOD} (?:https?|ftp)://`)],
  ["http2", /^PRI \* HTTP\/2/],
  ["rtsp", /^[A-Z_]{3,16} [^\r\n]{1,300} RTSP\/\d/],
  ["sip", /^[A-Z]{3,16} [^\r\n]{1,300} SIP\/\d/],
  ["http-request", new RegExp(`^${METHOD} [/*]`)],
  ["tls", /^\x16\x03[\0-\x04][\s\S]{2}\x01|^\x80[\s\S]\x01(?:\x03[\0-\x03]|\0\x02)/],
  ["ssh", /^SSH-[12]\./],
  ["smb", /^\0[\s\S]{3}[\xfe\xff]SMB/],
  ["rdp", /^\x03\0\0[\s\S][\s\S]\xe0\0\0/],
  [
    "socks5",
    /^\x05(?:\x01[\0-\x09\x80-\xfe]|\x02[\0-\x09\x80-\xfe]{2}|\x03[\0-\x09\x80-\xfe]{3}|\x04[\0-\x09\x80-\xfe]{4})(?:\x05|$)/,
  ],
  ["socks4", /^\x04[\x01\x02][\s\S]{6}[^\0]{0,255}\0/],
  ["dce-rpc", /^\x05\0[\0-\x13]\x03\x10\0\0\0/],
  ["onc-rpc", /^\x80\0\0[\s\S][\s\S]{4}\0\0\0\0\0\0\0\x02/],
  ["dns", /^\0[\x0c-\xff][\s\S]{2}[\0\x01\x10][\0\x10\x20]\0[\0\x01]\0\0\0\0\0[\0\x01]/],
  ["kerberos", /^\0\0\0[\s\S]\x6a\x81/],
  ["postgresql", /^\0\0[\s\S]{2}(?:\x04\xd2\x16[\x2e\x2f\x30]|\0\x03\0\0user\0)/],
  ["ldap", /^\x30[\x0c-\x84][\s\S]{0,4}\x02\x01[\s\S][\x60\x63]/],
  ["x11", /^(?:l\0\x0b\0|B\0\0\x0b)\0/],
  ["giop", /^GIOP\x01/],
  ["java-rmi", /^JRMI\0/],
  ["jdwp", /^JDWP-Handshake/],
  ["adb", /^CNXN[\s\S]{2}\0\x01/],
  ["redis", /^\*\d{1,4}\r\n\$\d/],
  ["mqtt", /^\x10[\s\S]{1,2}\0[\x04\x06]MQ(?:TT|Isdp)/],
  ["tds", /^\x12\x01\0[\s\S]\0\0/],
  ["tns", /^\0[\s\S]\0\0\x01\0\0\0\x01/],
  ["mongodb", /^[\s\S]{2}\0\0[\s\S]{8}[\xd4-\xdd]\x07\0\0/],
  ["ajp", /^\x12\x34\0[\s\S]\x02/],
  ["amqp", /^AMQP[\0-\x03]/],
  ["bittorrent", /^\x13BitTorrent protocol/],
  ["vnc", /^RFB 00\d\./],
  ["telnet", /^\xff[\xfb-\xfd][\0-\x30](?:\xff|$)/],
  ["smtp", /^(?:EHLO|HELO)[ \r\n]/],
  ["memcached", /^(?:stats|version)\r\n/],
  ["db2", /^(?:DB2DAS {6}|\x01\xc2[\s\S]{10}SQLDB2RA)/],
  ["help-command", /^(?:HELP|help)[\r\n]/],
  ["lpd", /^[\x01-\x05][\w-][!-~]{0,63}(?: [!-~ ]*)?\n/],
];

const JOBS: readonly (readonly [string, RegExp])[] = [
  ["postscript", /^%!/],
  ["postscript", /^\xc5\xd0\xd3\xc6/],
  ["pdf", /^%PDF-/],
  ["pjl", /^(?:\x1b%-12345X)?@PJL[ \t\r\n]/],
  ["pclxl", /^[)('] HP-PCL XL;/],
  ["zjs", /^(?:JZJZ|ZJZJ)/],
  ["xqx", /^,XQX/],
  ["urf", /^UNIRAST\0/],
  ["pwg-raster", /^RaS2PwgRaster/],
  ["cups-raster", /^(?:RaS[t23]|[t23]SaR)/],
  ["hpgl2", /^\x1b%-?[0-3][BA]|^IN;/],
  ["escpos", /^(?:\x1b@)?[\x1c\x1d][!-~\0-\x10]|^\x10[\x04\x05\x14][\x01-\x08]/],
  ["escp", /^\x1b@/],
  ["pcl", /^\x1b(?:E|[%&*()=9Y][\s\S])/],
  ["prescribe", /^!R!/],
  ["zpl", /^[\^~](?:XA|DG|HI|HS|JA)/],
  ["jpeg", /^\xff\xd8\xff/],
  ["png", /^\x89PNG\r\n/],
  ["gif", /^GIF8[79]a/],
  ["tiff", /^(?:II\*\0|MM\0\*)/],
  ["zip", /^PK\x03\x04/],
  ["gzip", /^\x1f\x8b\x08/],
  ["elf", /^\x7fELF/],
  ["windows-executable", /^MZ[\s\S]{58}/],
  ["xml", /^(?:\xef\xbb\xbf)?<\?xml /],
  ["html", /^<(?:!doctype html|html)/i],
  ["text", /^(?:\xff\xfe|\xfe\xff)/],
];

/** Names a job by its first bytes: a known language, else `text` or `binary`. Blanks before the first mark do not count. */
export function sniff(head: Uint8Array): Sniffed {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, SNIFF_BYTES)).toString("latin1");
  for (const [language, pattern] of STRAYS) if (pattern.test(text)) return { language, kind: "stray" };
  const mark = text.replace(/^[\0\x04\t\n\r ]+/, "");
  for (const [language, pattern] of JOBS) if (pattern.test(mark)) return { language, kind: "job" };
  return { language: isText(text) ? "text" : "binary", kind: "job" };
}

/** Whether it reads as text in ASCII, ISO 8859 or UTF-8: no NUL, and next to no other control characters. */
function isText(text: string): boolean {
  if (text.includes("\0")) return false;
  const controls = text.match(/[\x01-\x06\x0e-\x1a\x1c-\x1f\x7f]/g)?.length ?? 0;
  const high = text.match(/[\x80-\xff]/g)?.length ?? 0;
  return controls * 50 <= text.length && (high * 3 <= text.length || isUtf8(text));
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** Whether the byte text is UTF-8; a character cut at its end does not count against it. */
function isUtf8(text: string): boolean {
  try {
    UTF8.decode(Buffer.from(text, "latin1"), { stream: true });
    return true;
  } catch {
    return false;
  } finally {
    try {
      UTF8.decode();
    } catch {
      // The cut character: the decoder is ready for the next text now.
    }
  }
}
