/** What a row of the tables says, and the frames that tools put around what they send. */
import type { Intent } from "../../src/detect/intent.ts";
import type { PlayedVisit } from "../support/played-visits.ts";

export interface Attack {
  /** What is done, in a few words. */
  what: string;
  /** Where the bytes were learnt. */
  source: string;
  /** The bytes of one visit to the raw port, or several visits. */
  sent: string | PlayedVisit[];
  /** Rules that must speak. */
  rules: string[];
  /** What the case comes to. */
  intent: Intent;
  /** The personas it is played to; all where it is left out. */
  on?: string[];
  /** What of it cannot be seen, and why. */
  gap?: string;
}

export const UEL = "\x1b%-12345X";

/** PRET in PJL mode: a question with its delimiter behind it. helper.py, pjl.py `cmd`. */
export const pretAsks = (lines: string, token = 40213) => `${UEL}${lines}\r\n@PJL ECHO DELIMITER${token}\r\n\r\n${UEL}`;
/** PRET in PJL mode: a command that has no answer. */
export const pretTells = (lines: string) => `${UEL}${lines}\r\n${UEL}`;
/** PRET in PJL mode, the `set` command: pjl.py `do_set`. */
export const pretSets = (variable: string) =>
  pretTells(
    `@PJL SET SERVICEMODE=HPBOISEID\r\n@PJL DEFAULT ${variable}\r\n@PJL SET ${variable}\r\n@PJL SET SERVICEMODE=EXIT`,
  );
/** PRET in PostScript mode: no UEL at the end. helper.py PS_HEADER, postscript.py `cmd`. */
export const pretPs = (program: string, token = 40213) =>
  `${UEL}@PJL ENTER LANGUAGE = POSTSCRIPT\n%!\n${program}\n(DELIMITER${token}\\n) print flush\n`;
/** The same in a way that lasts. helper.py PS_GLOBAL. */
export const pretPsGlobal = (program: string) => pretPs(`true 0 startjob pop\n${program}`);
/** The same past the interpreter's restrictions. helper.py PS_SUPER. */
export const pretPsSuper = (program: string) => pretPs(`{${program}}\n1183615869 internaldict /superexec get exec`);
/** PRET in PCL mode. helper.py PCL_HEADER, pcl.py `cmd`. */
export const pretPcl = (commands: string, token = -4021) =>
  `${UEL}@PJL ENTER LANGUAGE = PCL\r\n\x1b${commands}\x1b*s${token}X${UEL}`;
/** Metasploit: LF alone, a bare @PJL before. lib/rex/proto/pjl/client.rb. */
export const rex = (...lines: string[]) =>
  lines.map((line) => `${UEL}@PJL\n${line.replace(/\n?$/, "\n")}${UEL}`).join("");
/** PJL in the frame that most tools use. */
export const framed = (...lines: string[]) => `${UEL}${lines.map((line) => `${line}\r\n`).join("")}${UEL}`;
/** A request with its headers, and a body after them. */
export const request = (line: string, headers: Record<string, string> = {}, body = "") =>
  `${line}\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("")}\r\n${body}`;

export const HOST = { Host: "192.0.2.10" };
export const web = (send: string): PlayedVisit[] => [{ service: "web", send }];
