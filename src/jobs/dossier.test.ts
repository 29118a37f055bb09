import fc from "fast-check";
import { expect, it } from "vitest";
import { fromByteText } from "../event/bytes-text.ts";
import { claimsOf, wrapperClaims } from "./dossier.ts";
import { identify } from "./identify.ts";
import { claim, READING } from "./reading.ts";

const UEL = "\x1b%-12345X";
const of = (job: string) => {
  const bytes = fromByteText(job);
  return claimsOf(bytes, identify(bytes));
};
const told = (job: string) => of(job).map(({ what, value }) => `${what} ${value}`);
const around = (...lines: string[]) => wrapperClaims(lines).map(({ what, value }) => `${what} ${value}`);
const utf8 = (text: string) => Buffer.from(text, "utf8").toString("latin1");

/** What each maker's driver writes around a job, in our own words, and what it claims. */
const WRAPPERS: [string, string[], string[]][] = [
  [
    "HP, 2003",
    [
      '@PJL COMMENT "Username: pat; App Filename: Test page; 12-13-2023"',
      '@PJL SET JOBATTR="JobAcct1=pat"',
      '@PJL SET JOBATTR="JobAcct2=desk-7"',
      '@PJL SET JOBATTR="JobAcct3=OFFICEBOOK"',
      '@PJL SET JOBATTR="JobAcct4=20231213151817"',
      '@PJL SET USERNAME="pat"',
    ],
    [
      "user pat",
      "title Test page",
      "made 12-13-2023",
      "user pat",
      "host desk-7",
      "domain OFFICEBOOK",
      "host OFFICEBOOK",
      "made 20231213151817",
      "user pat",
    ],
  ],
  [
    "HP, newer",
    [
      '@PJL SET JOBATTR="JobAcct3=corp.example"',
      '@PJL SET JOBATTR="JobAcct5=09c91034-0000-4000-8000-000000000001"',
      '@PJL SET JOBATTR="JobAcct6=Some Reader DC "',
      '@PJL SET JOBATTR="JobAcct7=Reader32.exe"',
      '@PJL SET JOBATTR="JobAcct8=kim"',
      '@PJL SET JOBATTR="JobAcct9="',
      '@PJL DMINFO ASCIIHEX="0400040101020D101001153230323331323238303631393239"',
      '@PJL JOB NAME="MSDOC" PASSWORD=0',
    ],
    [
      "domain corp.example",
      "job 09c91034-0000-4000-8000-000000000001",
      "application Some Reader DC",
      "application Reader32.exe",
      "user kim",
      "made 20231228061929",
      "title MSDOC",
      "secret 0",
    ],
  ],
  [
    "HPLIP",
    [
      "@PJL SET STRINGCODESET=UTF8",
      '@PJL COMMENT="Job Start Time: Mon Nov 20 10:00:00 2023"',
      '@PJL JOBNAME="report.odt"',
      '@PJL COMMENT="HP LaserJet X; Linux; hpcups; 3.22.10"',
      '@PJL SET JOBATTR="JobAcct6=Spooler Subsystem App"',
      '@PJL SET JOBATTR="JobAcct7="report.odt"',
      `@PJL SET JOBATTR="JobAcct8="${utf8("jürg")}"`,
      '@PJL SET JOBATTR="JobAcct9=(null)"',
      "@PJL JOBNAME=hplip_pat_42",
      '@PJL SET JOBATTR="JobAcct7=HP Linux Printing"',
    ],
    [
      "made Mon Nov 20 10:00:00 2023",
      "title report.odt",
      "printer HP LaserJet X",
      "system Linux",
      "driver hpcups; 3.22.10",
      "application Spooler Subsystem App",
      "title report.odt",
      "user jürg",
      "user pat",
      "job 42",
      "application HP Linux Printing",
    ],
  ],
  [
    "CUPS",
    [
      '@PJL RDYMSG DISPLAY="17 pat flyer.pdf, final"',
      '@PJL SET USERNAME="pat"',
      '@PJL RDYMSG DISPLAY="YOU ARE HACKED"',
    ],
    ["job 17", "user pat", "title flyer.pdf, final", "user pat"],
  ],
  [
    "Ricoh",
    [
      '@PJL SET USERID="17:07 pat"',
      '@PJL SET PCHOSTNAME="PC020"',
      '@PJL SET HOSTLOGINNAME="OFFICE\\pat"',
      '@PJL SET HOSTPORTNAME = "IP_192.0.2.197"',
      "@PJL SET DRIVERKINDINFO = RPCS",
      '@PJL SET USERCODE="1234"',
    ],
    [
      "made 17:07",
      "user pat",
      "host PC020",
      "domain OFFICE",
      "user pat",
      "printer IP_192.0.2.197",
      "driver RPCS",
      "secret 1234",
    ],
  ],
  [
    "Fuji Xerox",
    [
      '@PJL SET JOBATTR="@LUNA=pat"',
      '@PJL SET JOBATTR="@HOAD=IC0000217"',
      '@PJL SET JOBATTR="@JOAU=@pat\\SUN"',
      '@PJL SET JOBATTR="@UACN=a.pdf"',
      "@PJL SET JOBATTR=HOST:desk-7",
      '@PJL COMMENT "x %WINNT-5.1,PLWDRV"',
    ],
    ["user pat", "address 192.0.2.23", "user pat\\SUN", "title a.pdf", "host desk-7", "system 5.1", "driver PLWDRV"],
  ],
  [
    "Konica Minolta",
    [
      '@PJL SET KMUSERNAME = "pat"',
      '@PJL SET KMUSERKEY2 = "9876"',
      '@PJL SET DRIVERJOBID="622"',
      '@PJL JOB OSINFO="Linux/6.1"',
    ],
    ["user pat", "secret 9876", "job 622", "system Linux/6.1"],
  ],
  [
    "Sharp",
    [
      '@PJL SET USERNAMEW="00700061007400E9"',
      '@PJL SET JOBNAMEW="540065007300740000"',
      '@PJL SET JOBNAMEW="5400650073007400"',
    ],
    ["user paté", "title 540065007300740000", "title Test"],
  ],
  [
    "Brother",
    [
      "@PJL PRINTLOG ITEM = 1,PRINTER",
      "@PJL PRINTLOG ITEM = 3,pat lee",
      "@PJL PRINTLOG ITEM = 4,Linux",
      '@PJL SET LOGINUSER="pat"',
    ],
    ["user pat lee", "system Linux", "user pat"],
  ],
  ["Lexmark", ['@PJL LJOBINFO USERID = "pat" HOSTID = "desk-7"'], ["user pat", "host desk-7"]],
  [
    "Samsung",
    ["@PJL DEFAULT SERVICEDATE=20231120", "@PJL COMMENT Producer : filter"],
    ["made 20231120", "driver filter"],
  ],
  ["copies and paper", ["@PJL SET QTY=03", "@PJL SET COPIES=0", "@PJL SET PAPER=A4"], ["copies 3", "paper A4"]],
];

it.each(WRAPPERS)("reads the wrapper of %s", (_, lines, claims) => {
  expect(around(...lines)).toEqual(claims);
  expect(told(`${UEL}${lines.join("\r\n")}\r\n`)).toEqual(claims);
});

it.each([
  [
    "Windows",
    "%!PS-Adobe-3.0\r\n%%Title: Microsoft Word - a.docx\r\n%%Creator: PScript5.dll Version 5.2\r\n%%For: pat\r\n%%CreationDate: 11/20/2023 10:0:0\r\n%%TargetDevice: (HP X) (1) 0\r\n%%Pages: (atend)\r\n%%EndComments\r\n%%BeginFeature: *PageSize A4\r\n%%Trailer\r\n%%Pages: 3\r\n%%EOF\r\n",
    [
      "application Microsoft Word",
      "title a.docx",
      "driver PScript5.dll Version 5.2",
      "user pat",
      "made 11/20/2023 10:0:0",
      "printer HP X",
      "pages 3",
      "paper A4",
    ],
  ],
  [
    "macOS",
    "%!PS-Adobe-3.0\n%APL_DSC_Encoding: UTF8\n%APLProducer: (Version 14.4 (Build 23) Quartz PS Context)\n%%Title: (Untitled \\050copy\\051)\n%%Creator: (TextEdit: cgpdftops CUPS filter)\n%%For: (pat)\n%%Pages: 2\n%RBINumCopies: 4\n",
    [
      "system Version 14.4 (Build 23) Quartz PS Context",
      "title Untitled (copy)",
      "application TextEdit",
      "driver cgpdftops CUPS filter",
      "user pat",
      "pages 2",
      "copies 4",
    ],
  ],
  [
    "hexadecimal and continued comments",
    "%!PS-Adobe-3.0\n%%Title: <FEFF00440072007500630068>\n%%For: pat\n%%+ lee\n%%DocumentMedia: Letter 612 792 75 ( ) ( )\n",
    ["title Druch", "user pat lee", "paper Letter"],
  ],
  [
    "Ricoh PostScript",
    "%!PS\n<< /usrcode (4711) /lppswd (0815) /NumCopies 2 >> setpagedevice /#copies 5 def\n",
    ["secret 4711", "secret 0815", "copies 2", "copies 5"],
  ],
  [
    "Xerox PostScript",
    '%!PS-Adobe-2.0\n%%XRXJob: batch\n%%OID_ATT_JOB_COMMENT "night run"\n',
    ["title batch", "keywords night run"],
  ],
  ["PCL 5", "\x1bE\x1b&l2x26A\x1b&l1XHi\f", ["copies 2", "paper A4", "copies 1"]],
  ["PCL XL", ") HP-PCL XL;2;0;Comment Some Driver 1.0\n\xd1", ["driver Some Driver 1.0"]],
  [
    "Epson",
    '\x1b\x01@EJL \n@EJL JI ID="7" DATE="2023/11/20 10:00:00"\n@EJL JI USER="pat" MACHINE="desk-7" DOCUMENT="a.txt"\n@EJL EN LA=ESC/PAGE\n',
    ["job 7", "made 2023/11/20 10:00:00", "user pat", "host desk-7", "title a.txt"],
  ],
  [
    "job ticket in XML",
    '<?xml version="1.0"?>\n<xpif version="1.0"><job-name syntax="name">A &amp; B</job-name><requesting-user-name syntax="name">pat</requesting-user-name></xpif>',
    ["title A & B", "user pat"],
  ],
  [
    "LPD control file",
    "Hdesk-7\nPpat\nJletter\nldfA012desk-7\nUdfA012desk-7\nNletter.txt\n",
    ["host desk-7", "user pat", "title letter", "title letter.txt"],
  ],
  ["a text that begins alike", "Hello\nPlease\nJoin\n", []],
  ["plain text", "no claims here", []],
])("reads the claims of %s", (_, job, claims) => expect(told(job)).toEqual(claims));

it("says where each claim stands, from which field, and how strong it is", () => {
  const job = `${UEL}@PJL SET JOBATTR="JobAcct2=desk-7"\r\n@PJL ENTER LANGUAGE=POSTSCRIPT\n%!PS-Adobe-3.0\n%%For: pat\n`;
  const [host, user] = of(job);
  expect(host).toMatchObject({
    what: "host",
    value: "desk-7",
    from: "PJL SET JOBATTR JobAcct2",
    strength: 2,
    in: "body",
  });
  expect(job.slice(...host!.at!)).toBe('@PJL SET JOBATTR="JobAcct2=desk-7"');
  expect(user).toMatchObject({ what: "user", from: "%%For", strength: 1, in: "body" });
  expect(job.slice(...user!.at!)).toBe("%%For: pat");
  expect(wrapperClaims(["@PJL JOB", '@PJL SET USERNAME="pat"'])[0]).toMatchObject({ in: "wrapper", at: [1, 2] });
});

it("reads names in the character set that the job names, else as UTF-8 or Windows-1252", () => {
  expect(around('@PJL SET USERNAME="J\xfcrg"')).toEqual(["user Jürg"]);
  expect(around("@PJL SET STRINGCODESET=HPROMAN8", '@PJL SET USERNAME="J\xcfrg"')).toEqual(["user Jürg"]);
  expect(around("@PJL SET STRINGCODESET=HPROMAN8", `@PJL SET USERNAME="${utf8("Jürg")}"`)).toEqual(["user Jürg"]);
});

const words = fc.constantFrom(
  "@PJL ",
  "SET ",
  'JOBATTR="',
  "JobAcct3=",
  'USERNAMEW="D800"',
  "COMMENT ",
  "Username: ",
  "; App Filename: ",
  "PRINTLOG ITEM = 3,",
  "\r\n",
  "%!PS-Adobe-3.0\n",
  "%%Title: (\\",
  "%%+ ",
  "%%Pages: (atend)\n",
  "%%Trailer\n",
  "/usrcode (",
  "<FEFFD8",
  ">",
  UEL,
  ") HP-PCL XL;2;0;",
  "\x1b&l9x26A",
  "Hh\nPp\nldfA001h\n",
  '<?xml version="1.0"?><xpif><job-name>',
);
const junk = fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString("latin1"));

it("never throws, and keeps its limits", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(words, junk), { maxLength: 80 }), (parts) => {
      const job = parts.join("");
      for (const one of [...of(job), ...wrapperClaims(job.split("\n"))]) {
        claim.parse(one);
        expect(Buffer.from(one.value).toString()).toBe(one.value);
        if (one.in === "body") expect(one.at![1]).toBeLessThanOrEqual(job.length);
      }
    }),
    { numRuns: 1000 },
  );
});

it.each([
  "@PJL COMMENT Username: ; App Filename: ",
  "@PJL SET JOBATTR=",
  '@PJL SET A="b" ',
  "@PJL COMMENT x; y; ",
  "%!PS\n%%Title: ((((",
  "%%+ a\n",
  "%%BeginFeature: *PageSize",
  "/#copies          ",
  "\x1b&l1x1x1x1x",
  "<xpif><job-name a",
  "@EJL JI USER=",
])("reads 4 MiB of %j in little time", (text) => {
  const job = Buffer.alloc(4 * 1024 * 1024);
  for (const begin of ["", "@PJL\n", "%!PS-Adobe-3.0\n", "\x1bE", '<?xml version="1.0"?>', "\x1b\x01@EJL\n"]) {
    for (const end of ["", "\n"]) {
      job.fill(text + end, "latin1");
      job.write(begin, "latin1");
      const start = performance.now();
      expect(claimsOf(job, identify(job)).length).toBeLessThanOrEqual(READING.claims);
      expect(performance.now() - start).toBeLessThan(1500);
    }
  }
});
