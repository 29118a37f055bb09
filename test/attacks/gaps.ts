/** What section by section cannot be judged yet, with the reason. Nothing here is played. */
export const GAPS: readonly (readonly [what: string, why: string])[] = [
  ["PRET discovery on 631, 443 and 161; CUPS chain of 2024; zgrab's ipp module", "these services are not emulated yet"],
  ["LPD: lpdtest, CVE-2019-14308, Snort 301 and others", "this service is not emulated yet"],
  ["SNMP: restart by prtGeneralReset, Samsung's community, PRET's broadcast", "this service is not emulated yet"],
  ["CVE-2023-23560 of Lexmark on 65002; Canon's CADM and SLP", "these ports are not emulated"],
  ["Nessus on 9100", "its policy leaves printers alone; no bytes are known"],
  ["Lexmark CVE-2021-44737, CVE-2021-44738, CVE-2023-26063 to 26070; HP CVE-2025-26506 to 26508", "no public bytes"],
  [
    "PostScript and words beyond the first 4 KiB of a job, in compressed PDF or in rasters",
    "events carry the head of a job; the whole file is kept",
  ],
  ["PostScript with its names put together at run time", "needs an interpreter"],
  ["the same page from a growing set of sources (worm-like)", "a case is one source; campaigns look over cases"],
  ["Milicenso's job names of 15 random letters; STRONTIUM's tcpdump and openssl", "not on the print port"],
  ["a bare SYN scan", "nothing is connected, so nothing is written"],
];
