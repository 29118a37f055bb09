/** Harm under the lines of drivers and print systems: they cost nothing to write, so they excuse nothing. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Intent } from "../../src/detect/intent.ts";
import { loadRules } from "../../src/detect/load.ts";
import { judged } from "../../src/detect/visits.fixture.ts";
import { eventsOfVisits } from "../support/played-visits.ts";
import { UEL } from "./attack.ts";

const rules = loadRules("data");
const PERSONAS = ["hp-laserjet-4250", "hp-laserjet-p1102w"];

interface Wrapper {
  lines: string[];
  language: "POSTSCRIPT" | "PCL";
  end: string;
  lineEnd?: string;
}

const WRAPPERS: Record<string, Wrapper> = {
  CUPS: {
    lines: [
      "@PJL",
      '@PJL JOB NAME = "letter.odt" DISPLAY = "17 anna letter.odt"',
      '@PJL RDYMSG DISPLAY = "17 anna letter.odt"',
      '@PJL SET USERNAME = "anna"',
    ],
    language: "POSTSCRIPT",
    end: '@PJL\n@PJL RDYMSG DISPLAY = ""\n@PJL EOJ NAME = "letter.odt"\n',
    lineEnd: "\n",
  },
  "HPLIP hpcups": {
    lines: [
      "@PJL SET STRINGCODESET=UTF8",
      '@PJL COMMENT="Job Start Time: Mon Nov 16 09:11:18 2026"',
      '@PJL COMMENT="Username: anna; App Filename: letter.odt; 11-16-2026"',
      '@PJL SET JOBATTR="JobAcct1=anna"',
      '@PJL SET JOBATTR="JobAcct6=Spooler Subsystem App"',
      '@PJL SET USERNAME="anna"',
    ],
    language: "PCL",
    end: "@PJL EOJ \r\n",
    lineEnd: "\n",
  },
  "HPLIP hpps": {
    lines: ["@PJL JOBNAME=hplip_anna_17", '@PJL SET JOBATTR="JobAcct7=HP Linux Printing"', '@PJL SET USERNAME="anna"'],
    language: "POSTSCRIPT",
    end: "@PJL EOJ\n",
    lineEnd: "\n",
  },
  "Windows, HP": {
    lines: [
      '@PJL JOB NAME="Microsoft Word - letter.docx"',
      '@PJL COMMENT "Username: anna; App Filename: letter.docx; 11-16-2026"',
      '@PJL SET JOBATTR="JobAcct1=anna"',
      '@PJL SET JOBATTR="JobAcct2=DESK-7"',
      "@PJL SET RESOLUTION=600",
    ],
    language: "POSTSCRIPT",
    end: '@PJL EOJ NAME="Microsoft Word - letter.docx"\r\n',
  },
  Ricoh: {
    lines: ['@PJL SET USERID="09:11 anna"', '@PJL SET HOSTLOGINNAME="anna"', "@PJL SET DRIVERKINDINFO=RPCS"],
    language: "PCL",
    end: "",
  },
  "Fuji Xerox": {
    lines: ['@PJL SET JOBATTR="@LUNA=anna"', '@PJL SET JOBATTR="@HOAD=IC0000207"', "@PJL SET DUPLEX=OFF"],
    language: "POSTSCRIPT",
    end: "",
  },
  "Konica Minolta": {
    lines: ['@PJL SET KMUSERNAME = "anna"', "@PJL SET KMCOETYPE = 1", '@PJL SET JOBNAME="letter.doc"'],
    language: "PCL",
    end: "",
  },
  Sharp: {
    lines: ['@PJL SET SPOOLTIME="20261116091118"', '@PJL SET JOBNAMEW="006C0065"', '@PJL SET USERNAME="anna"'],
    language: "PCL",
    end: "",
  },
  Brother: {
    lines: ["@PJL PRINTLOG ITEM = 1,PRINTER", "@PJL PRINTLOG ITEM = 3,anna", "@PJL SET ECONOMODE = OFF"],
    language: "PCL",
    end: "@PJL EOJ\n",
    lineEnd: "\n",
  },
};

interface Payload {
  rule: string;
  intent: Intent;
  /** In the page: of either language, or a program in PostScript. */
  page?: string;
  program?: string;
  /** Among the PJL lines, each with what follows it. */
  line?: string;
}

const ADVERT = "BUY CHEAP TONER NOW!!! SPECIAL OFFER, 70 % OFF, call now, www.toner.example";
const PAYLOADS: Payload[] = [
  { rule: "job-advertises-under-driver", intent: "spam", page: ADVERT },
  { rule: "job-propaganda", intent: "spam", page: "ARE YOU BEING UNDERPAID? reddit.com/r/antiwork" },
  {
    rule: "job-extorts",
    intent: "spam",
    page: "All your files are encrypted. Pay in Bitcoin, see http://example.onion",
  },
  { rule: "font-parser", intent: "exploit", page: "\x1c\x00\x20\x1c\x13\x9b\x1c\x27\x10\x0c\x0c\x0c\x0a\x8b\x0c\x14" },
  {
    rule: "postscript-reads-files",
    intent: "data-theft",
    program: "(*) {print (\\n) print} 256 string filenameforall",
  },
  { rule: "postscript-traversal", intent: "exploit", program: "/f (%disk0%../../etc/passwd) (r) file def" },
  { rule: "postscript-changes-files", intent: "tampering", program: "(%disk0%letterhead.ps) deletefile" },
  { rule: "postscript-superexec", intent: "exploit", program: "{ 1 } 1183615869 internaldict /superexec get exec" },
  { rule: "postscript-sets-parameters", intent: "tampering", program: "<< /DoPrintErrors false >> setsystemparams" },
  { rule: "postscript-captures-jobs", intent: "data-theft", program: "true 0 startjob {/capturedict 9 dict def} if" },
  {
    rule: "postscript-alters-pages",
    intent: "tampering",
    program: "true 0 startjob pop /show {systemdict /show get exec} def",
  },
  { rule: "postscript-loop", intent: "denial-of-service", program: "{} loop" },
  { rule: "postscript-delimiter", intent: "reconnaissance", program: "product print\n(DELIMITER40213\\n) print flush" },
  { rule: "firmware-upgrade", intent: "exploit", line: "@PJL UPGRADE SIZE=8\r\n\x01\x02\x03\x04\x05\x06\x07\x08" },
  {
    rule: "pjl-traversal",
    intent: "exploit",
    line: '@PJL FSDOWNLOAD FORMAT:BINARY SIZE=4 NAME="0:/../../rw/var/etc/profile.d/a.sh"\r\nboo!',
  },
  { rule: "file-read", intent: "data-theft", line: '@PJL FSUPLOAD NAME="0:\\PJL\\a" OFFSET=0 SIZE=10\r\n' },
  { rule: "lock-changed", intent: "tampering", line: "@PJL DEFAULT PASSWORD=4711\r\n" },
  { rule: "ready-message-changed", intent: "tampering", line: '@PJL RDYMSG DISPLAY="INSERT COIN"\r\n' },
  { rule: "device-offline", intent: "denial-of-service", line: '@PJL OPMSG DISPLAY="out of order"\r\n' },
  { rule: "brother-formlines", intent: "denial-of-service", line: "@PJL SET FORMLINES=A\r\n" },
  { rule: "nvram-read", intent: "data-theft", line: "@PJL RNVRAM ADDRESS=12\r\n" },
];

/** The job as the wrapper's software would send it, with the payload in it. */
function wrapped(wrapper: Wrapper, payload: Payload, before: string, after: string): string {
  const { lines, language, end, lineEnd = "\r\n" } = wrapper;
  // Where a line's data is swallowed, the job goes on behind the next UEL; where it is not, the data ends there.
  const line = payload.line === undefined ? "" : `${payload.line}${UEL}`;
  const show = (text: string) => (language === "PCL" ? `${text}\r\n` : `(${text}) show\n`);
  const page = show(before) + (payload.page === undefined ? "" : show(payload.page)) + show(after);
  const body =
    language === "PCL"
      ? `\x1bE\x1b&l1X${page}\f\x1bE`
      : `%!PS-Adobe-3.0\n%%Title: letter\n%%EndComments\n${payload.program ?? ""}\n${page}showpage\n%%EOF\n`;
  const head = [...lines, ""].join(lineEnd);
  return `${UEL}${head}${line}@PJL ENTER LANGUAGE=${language}${lineEnd}${body}${UEL}${end}${UEL}`;
}

async function found(send: string, persona: string, { rule, intent }: Payload): Promise<void> {
  const [record] = (await judged(rules, [eventsOfVisits([{ send }], persona)])).sorted();
  expect(record!.intent).toBe(intent);
  expect(record!.reasons.map((reason) => reason.rule)).toContain(rule);
}

const fits = (wrapper: Wrapper, { program }: Payload) => program === undefined || wrapper.language === "POSTSCRIPT";
const words = [
  "the",
  "meeting",
  "is",
  "on",
  "Friday",
  "at",
  "ten",
  "in",
  "room",
  "4,",
  "minutes",
  "follow",
  "by",
  "post",
];
const filler = fc.array(fc.constantFrom(...words), { maxLength: 160 }).map((list) => list.join(" "));

describe.each(Object.entries(WRAPPERS))("under the lines of %s", (_, wrapper) => {
  const payloads = PAYLOADS.filter((payload) => fits(wrapper, payload));
  it.each(payloads.map((payload) => [payload.rule, payload] as const))("%s is found", async (_rule, payload) => {
    for (const persona of PERSONAS)
      await found(wrapped(wrapper, payload, "Dear Ms Miller,", "Kind regards"), persona, payload);
  });

  it("nothing is found where nothing is", async () => {
    const send = wrapped(wrapper, { rule: "", intent: "unknown" }, "Dear Ms Miller,", "Kind regards");
    const [record] = (await judged(rules, [eventsOfVisits([{ send }], PERSONAS[0]!)])).sorted();
    expect(record).toMatchObject({ intent: "misconfigured", others: [] });
  });
});

it("whatever stands around it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.values(WRAPPERS)),
      fc.constantFrom(...PAYLOADS),
      filler,
      filler,
      fc.constantFrom(...PERSONAS),
      async (wrapper, payload, before, after, persona) => {
        fc.pre(fits(wrapper, payload));
        await found(wrapped(wrapper, payload, before, after), persona, payload);
      },
    ),
    { numRuns: 200 },
  );
});
