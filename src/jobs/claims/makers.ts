/**
 * Who puts which name into a print job: one entry a maker of drivers or print systems, and nowhere else. A maker that is
 * missing sets the common variables only. Where a meaning is not known for certain, there is no line for it.
 */
import type { Reads, What } from "./values.ts";
import {
  account,
  creator,
  domainOrHost,
  either,
  groups,
  hexAddress,
  number,
  pmlTime,
  utf16Hex,
  windowsTitle,
} from "./values.ts";

export interface Maker {
  name: string;
  /** PJL commands with options: `SET USERNAME` reads the option `USERNAME` of the command `SET`. */
  pjl?: Readonly<Record<string, Reads>>;
  /** Attributes in `SET JOBATTR="name=value"`. */
  attributes?: Readonly<Record<string, Reads>>;
  /** PJL lines without `@PJL` that are no options; one group a claim. */
  lines?: readonly (readonly [RegExp, ...What[]])[];
  /** Comments of PostScript, without their percent signs. Those of DSC, and those in its manner. */
  dsc?: Readonly<Record<string, Reads>>;
  /** Names in PostScript that a string in parentheses, or a number, follows. */
  strings?: Readonly<Record<string, Reads>>;
  /** Options of `@EJL JI`. */
  ejl?: Readonly<Record<string, Reads>>;
  /** Elements of a job ticket in XML. */
  xml?: Readonly<Record<string, Reads>>;
}

export const MAKERS: readonly Maker[] = [
  {
    name: "what most set",
    pjl: {
      "SET USERNAME": "user",
      "SET JOBNAME": windowsTitle,
      "JOB NAME": "title",
      "JOB PASSWORD": "secret",
      "SET QTY": number("copies"),
      "SET COPIES": number("copies"),
      "SET PAPER": "paper",
      "SET HOLDKEY": "secret",
    },
    dsc: {
      For: "user",
      Title: windowsTitle,
      Creator: creator,
      CreationDate: "made",
      Pages: number("pages"),
      DocumentMedia: groups(/^(\S{1,60})/, "paper"),
      DocumentPaperSizes: groups(/^(\S{1,60})/, "paper"),
      Requirements: groups(/numcopies\((\d{1,5})\)/, "copies"),
      TargetDevice: "printer",
    },
    strings: { "#copies": number("copies"), NumCopies: number("copies") },
  },
  {
    name: "HP, Windows",
    attributes: {
      JobAcct1: "user",
      JobAcct2: "host",
      JobAcct3: domainOrHost,
      JobAcct4: "made",
      JobAcct5: "job",
      JobAcct6: "application",
      JobAcct7: either(groups(/^(HP Linux Printing|.{1,200}\.exe)$/i, "application"), "title"),
      JobAcct8: "user",
      JobAcct13: "department",
      JobAcct14: "department",
    },
    pjl: { "DMINFO ASCIIHEX": pmlTime },
    lines: [
      [
        /^COMMENT *=? *"?Username: ([^;]{0,300}); App Filename: (.{0,1000}); (\d{1,2}-\d{1,2}-\d{4})/,
        "user",
        "title",
        "made",
      ],
    ],
  },
  {
    name: "HPLIP",
    attributes: { TIMESTAMP: "made" },
    lines: [
      [/^JOBNAME *= *"?hplip_(.{1,200})_(\d{1,10})"?$/, "user", "job"],
      [/^JOBNAME *= *"((?!hplip_).{1,1000})"$/, "title"],
      [/^COMMENT *= *"?Job Start Time: ([^"]{1,100})/, "made"],
      [
        /^COMMENT *= *"?([^;"]{1,200}); ([^;"]{1,100}); ([^;"]{1,100}; \d{1,3}\.[\d.]{1,20})"?$/,
        "printer",
        "system",
        "driver",
      ],
    ],
  },
  {
    name: "CUPS and macOS",
    pjl: { "RDYMSG DISPLAY": groups(/^(\d{1,10}) (\S{1,200}) (.{1,1000})$/s, "job", "user", "title") },
    dsc: { RBINumCopies: number("copies"), APLProducer: "system" },
  },
  {
    name: "Ricoh",
    pjl: {
      "SET USERID": either(groups(/^(\d{1,2}:\d{2}) (.{1,200})$/s, "made", "user"), "user"),
      "SET PCHOSTNAME": "host",
      "SET HOSTNAME": "host",
      "SET HOSTLOGINNAME": account,
      "SET HOSTPORTNAME": "printer",
      "SET HOSTPRINTERNAME": "printer",
      "SET DRIVERKINDINFO": "driver",
      "SET DATE": "made",
      "SET TIME": "made",
      "SET JOBID": "job",
      "SET TRACKID": "job",
      "SET USERCODE": "secret",
      "SET LOCKEDPRINT": "secret",
      "SET JOBPASSWORD": "secret",
      "SET JOBPASSWORD2": "secret",
      "SET BILLINGCODE": "department",
    },
    strings: { usrcode: "secret", lppswd: "secret" },
  },
  {
    name: "Fuji Xerox, and Dell with its engines",
    attributes: {
      "@LUNA": "user",
      "@JOAU": groups(/^@?(.{1,300})$/s, "user"),
      "@OWNR": "user",
      "@HOAD": hexAddress,
      "@CNAM": "host",
      "@UACN": "title",
      HOST: "host",
      OWNR: "user",
      USER: "user",
    },
    lines: [
      [/^COMMENT *"?[^%]{0,100}%WINNT-(\d{1,2}\.\d{1,2}),(\w{1,40})/, "system", "driver"],
      [/^COMMENT DATE=(\d{1,2}\/\d{1,2}\/\d{4})$/, "made"],
      [/^COMMENT TIME=(\d{1,2}:\d{2}:\d{2})$/, "made"],
      [/^COMMENT DNAME=(.{1,1000})$/, "title"],
    ],
  },
  {
    name: "Konica Minolta",
    pjl: {
      "SET KMUSERNAME": "user",
      "SET KMPUSERNAME": "user",
      "SET KMUSERKEY2": "secret",
      "SET KMPUSERKEY": "secret",
      "SET KMSECTIONNAME": "department",
      "SET KMPSECTIONNAME": "department",
      "SET KMSECTIONKEY2": "secret",
      "SET KMPSECTIONKEY2": "secret",
      "SET DRIVERJOBID": "job",
      "JOB USERNAME": "user",
      "JOB OSINFO": "system",
      "JOB TIMESTAMP": "made",
    },
  },
  {
    name: "Sharp",
    pjl: { "SET USERNAMEW": utf16Hex("user"), "SET JOBNAMEW": utf16Hex("title"), "SET SPOOLTIME": "made" },
  },
  {
    name: "Brother",
    pjl: { "SET LOGINUSER": "user", "SET JOBTIME": "made", "JOBSETTINGLOG DRIVER": "driver" },
    lines: [
      [/^PRINTLOG +ITEM *= *2 *, *(.{1,200})$/, "made"],
      [/^PRINTLOG +ITEM *= *3 *, *(.{1,200})$/, "user"],
      [/^PRINTLOG +ITEM *= *4 *, *(.{1,200})$/, "system"],
    ],
  },
  {
    name: "Lexmark",
    pjl: { "LJOBINFO USERID": "user", "LJOBINFO HOSTID": "host" },
  },
  {
    name: "Samsung",
    pjl: { "DEFAULT SERVICEDATE": "made" },
    lines: [[/^COMMENT +Producer : (.{1,200})$/, "driver"]],
  },
  {
    name: "Panasonic",
    lines: [[/^COMMENT +DriverVersion *= *"?([^"]{1,200})/, "driver"]],
  },
  {
    name: "Epson",
    ejl: {
      ID: "job",
      DATE: "made",
      USER: "user",
      MACHINE: "host",
      DOCUMENT: "title",
      OS: "system",
      DRIVER: "driver",
      PRINTER: "printer",
    },
  },
  {
    name: "Xerox",
    dsc: {
      XRXJob: "title",
      OID_ATT_JOB_NAME: "title",
      OID_ATT_JOB_OWNER: "user",
      OID_ATT_JOB_COMMENT: "keywords",
    },
    xml: {
      "job-name": "title",
      "requesting-user-name": "user",
      "job-originating-user-name": "user",
      "job-originating-user-domain": "domain",
      "job-originating-host-name": "host",
    },
  },
];

/** Paper by its number in `ESC&l#A` (PCL 5 Technical Reference Manual, chapter 5). */
export const PCL_PAPER: Readonly<Record<string, string>> = {
  1: "Executive",
  2: "Letter",
  3: "Legal",
  6: "Ledger",
  24: "A6",
  25: "A5",
  26: "A4",
  27: "A3",
  45: "JIS B5",
  46: "JIS B4",
  71: "Postcard",
  80: "Monarch",
  81: "Com-10",
  90: "DL",
  91: "C5",
  100: "B5",
};
