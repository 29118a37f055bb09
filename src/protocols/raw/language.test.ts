import { expect, it } from "vitest";
import { sniff } from "./language.ts";

/** First bytes, byte text, and what they are. Probes are those of nmap's nmap-service-probes where it has one. */
const JOBS: [string, string][] = [
  ["Hello,\n", "text"],
  ["@pjl info id\r\n", "text"],
  ["Help wanted: cook, full time\n", "text"],
  ["caf\xc3\xa9 \xe2\x82\xac", "text"],
  ["Gr\xfc\xdfe aus K\xf6ln", "text"],
  ["\xff\xfeH\0i\0", "text"],
  ["\x1bEpage\f\x1bE", "pcl"],
  ["\x1b*s1M", "pcl"],
  ["\x1b&l0O", "pcl"],
  ["\x1b%0BIN;SP1;", "hpgl2"],
  ["%!PS-Adobe-3.0\n", "postscript"],
  ["\x04%!PS\n", "postscript"],
  ["\xc5\xd0\xd3\xc6\x20\0\0\0", "postscript"],
  ["\r\n%PDF-1.7\n", "pdf"],
  [") HP-PCL XL;3;0;Comment\n", "pclxl"],
  ["JZJZ\0\0\0\x34", "zjs"],
  [",XQX\0\0\0\x01", "xqx"],
  ["UNIRAST\0\0\0\0\x01", "urf"],
  ["RaS2PwgRaster\0", "pwg-raster"],
  ["\x1b@\x1d!\x11SALE\n", "escpos"],
  ["\x10\x04\x01", "escpos"],
  ["\x1b@Hello", "escp"],
  ["^XA^FO50,50^FDx^FS^XZ", "zpl"],
  ["!R! RES; EXIT;", "prescribe"],
  ["\xff\xd8\xff\xe0", "jpeg"],
  ["PK\x03\x04", "zip"],
  ["\x7fELF\x01\x01\x01", "elf"],
  ['<?xml version="1.0"?>', "xml"],
  ["\x01\x02\x03\x04\0\0\xff", "binary"],
  ["\xde\xad\xbe\xef\xfe\xed", "binary"],
];
const STRAYS: [string, string][] = [
  ["GET / HTTP/1.0\r\n\r\n", "http-request"],
  ["GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", "http-request"],
  ["OPTIONS / HTTP/1.0\r\n\r\n", "http-request"],
  ["GET http://www.example.com/ HTTP/1.1\r\n", "http-proxy"],
  ["CONNECT www.example.com:443 HTTP/1.1\r\n", "http-connect"],
  ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "http2"],
  ["OPTIONS / RTSP/1.0\r\n\r\n", "rtsp"],
  ["OPTIONS sip:nm SIP/2.0\r\nVia: SIP/2.0/TCP nm\r\n", "sip"],
  ["\x16\x03\0\0S\x01\0\0O\x03\0?G", "tls"],
  ["\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", "tls"],
  ["\x80\x9e\x01\x03\x01\0u", "tls"],
  ["SSH-2.0-Go\r\n", "ssh"],
  ["\0\0\0\xa4\xffSMBr\0\0\0\0", "smb"],
  ["\x03\0\0*%\xe0\0\0\0\0\0Cookie: mstshash=nmap\r\n", "rdp"],
  ["\x05\x01\0", "socks5"],
  ["\x05\x04\0\x01\x02\x80\x05\x01\0\x03\x0agoogle.com\0P", "socks5"],
  ["\x04\x01\0P\xc0\0\x02\x01root\0", "socks4"],
  ["\x80\0\0(r\xfe\x1d\x13\0\0\0\0\0\0\0\x02\0\x01\x86\xa0", "onc-rpc"],
  ["\0\x1e\0\x06\x01\0\0\x01\0\0\0\0\0\0\x07version\x04bind\0\0\x10\0\x03", "dns"],
  ["\0\x0c\0\0\x10\0\0\0\0\0\0\0\0\0", "dns"],
  ["\0\0\0qj\x81n0\x81k", "kerberos"],
  ["0\x0c\x02\x01\x01`\x07\x02\x01\x02\x04\0\x80\0", "ldap"],
  ["l\0\x0b\0\0\0\0\0\0\0\0\0", "x11"],
  ["GIOP\x01\0\x01\0$\0\0\0", "giop"],
  ["JRMI\0\x02K", "java-rmi"],
  ["*1\r\n$4\r\nPING\r\n", "redis"],
  ["\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0", "mqtt"],
  ["\0\0\0\x08\x04\xd2\x16/", "postgresql"],
  ["\0Z\0\0\x01\0\0\0\x016\x01,\0\0", "tns"],
  ["\x12\x01\x004\0\0\0\0\0\0\x15", "tds"],
  [":\0\0\0\xa7A\0\0\0\0\0\0\xd4\x07\0\0\0\0\0\0", "mongodb"],
  ["\x01default\n", "lpd"],
  ["\x02lp\n", "lpd"],
  ["EHLO x\r\n", "smtp"],
  ["EHLO\r\n", "smtp"],
  ["0\x84\0\0\0-\x02\x01\x07c\x84\0\0\0$\x04\0", "ldap"],
  ["stats\r\n", "memcached"],
  ["DB2DAS      \x01\x04\0\0\0\x10", "db2"],
  ["HELP\r\n", "help-command"],
];

it.each(JOBS)("%j is %s", (head, language) => {
  expect(sniff(Buffer.from(head, "latin1"))).toEqual({ language, kind: "job" });
});

it.each(STRAYS)("%j is a stray: %s", (head, language) => {
  expect(sniff(Buffer.from(head, "latin1"))).toEqual({ language, kind: "stray" });
});

it("names any bytes in bounded time", () => {
  const started = performance.now();
  for (const unit of ["A ", "GET ", "\x1b", "\0", "\r\n", "%", "OPTIONS ", "\xc3", "\x05\x01"]) {
    expect(sniff(Buffer.from(unit.repeat(2000), "latin1")).language).toMatch(/^[a-z0-9-]+$/);
  }
  expect(performance.now() - started).toBeLessThan(500);
});
