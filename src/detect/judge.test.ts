import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CaseRecord } from "./case.ts";
import { loadRules } from "./load.ts";
import { DAY, judged, MINUTE, SECOND, Visits } from "./visits.fixture.ts";

const rules = loadRules("data");
const A = "198.51.100.23";
const B = "203.0.113.77";
const URLLIB = "Python-urllib/2.7";
const ADVERT = "BUY CHEAP TONER NOW!!!\r\nAll brands, 70 % OFF\r\nwww.toner.example\r\n\f";
const PRODINFO = "@PJL INFO PRODINFO";

async function only(visits: Visits): Promise<CaseRecord> {
  const cases = (await judged(rules, [visits.events])).sorted();
  expect(cases).toHaveLength(1);
  return cases[0]!;
}
const ids = (record: CaseRecord) => record.reasons.map(({ rule }) => rule);
const probed = () => new Visits().pjl(A, 0, PRODINFO).web(A, SECOND, URLLIB);

describe("the story: probed, answered, came back and printed", () => {
  it("is reconnaissance before the job", async () => {
    const record = await only(probed());
    expect(record).toMatchObject({ intent: "reconnaissance", confidence: "likely", jobs: 0, sessions: 2 });
    expect(record.headline).toBe("Asked for the product list and for the web page");
    expect(record.probeToJobMs).toBeUndefined();
  });

  it.each([
    ["three minutes later", 3 * MINUTE + 29 * SECOND, "3 min 29 s"],
    ["four days later", 4 * DAY, "4 d"],
  ])("is spam %s", async (_, later, span) => {
    const record = await only(probed().job(A, later, ADVERT));
    expect(record).toMatchObject({ intent: "spam", confidence: "certain", jobs: 1, sessions: 3, source: A });
    expect(ids(record)).toEqual([
      "pjl-prodinfo-with-web-page",
      "probe-then-unsolicited-job",
      "returned-after-answer",
      "pjl-prodinfo",
      "web-page-by-script",
      "job-advertises",
    ]);
    expect(record.headline).toBe(
      `Probed the raw port and the web page, came back after ${span} and printed an advertisement`,
    );
    // From the answered command, 10 ms after its session opened, to the job, 10 ms after its own.
    expect(record.probeToJobMs).toBe(later);
    expect(record.others).toEqual(["reconnaissance"]);
    expect(record.dropped).toEqual([{ intent: "misconfigured", why: "no driver and no office program in the job" }]);
  });

  it("shows the words and bytes it rests on", async () => {
    const record = await only(probed().job(A, 4 * DAY, ADVERT));
    const advert = record.reasons.find(({ rule }) => rule === "job-advertises")!;
    expect(advert.evidence[0]).toMatchObject({ session: "1-3", service: "raw", job: "1-1.1" });
    expect(advert.evidence[0]!.words).toContain("BUY");
    const probe = record.reasons.find(({ rule }) => rule === "pjl-prodinfo")!;
    expect(probe).toMatchObject({ partOf: "pjl-prodinfo-with-web-page", count: 1 });
    // The argument within "@PJL INFO PRODINFO", which begins at byte 9.
    expect(probe.evidence[0]!.at).toEqual([19, 27]);
  });

  it.each([
    ["80 before 9100", new Visits().web(A, 0, URLLIB).pjl(A, SECOND, PRODINFO)],
    ["without web request", new Visits().pjl(A, 0, PRODINFO)],
    ["without probe", new Visits().web(A, 0, URLLIB)],
    ["Python 3", new Visits().pjl(A, 0, PRODINFO).web(A, SECOND, "Python-urllib/3.12")],
    ["curl", new Visits().pjl(A, 0, PRODINFO).web(A, SECOND, "curl/8.5.0")],
  ])("is spam: %s", async (_, visits) => {
    expect(await only(visits.job(A, 3 * MINUTE, ADVERT))).toMatchObject({ intent: "spam", confidence: "certain" });
  });

  it("is spam without any probe, but less sure", async () => {
    const record = await only(new Visits().job(A, 0, ADVERT));
    expect(record).toMatchObject({ intent: "spam", confidence: "likely", others: [] });
    expect(record.headline).toBe("Printed an advertisement");
    expect(record.probeToJobMs).toBeUndefined();
  });

  it("does not guess about a text that says nothing", async () => {
    const record = await only(new Visits().job(A, 0, "The meeting is moved to Friday at ten, room 4.\r\n\f"));
    expect(record).toMatchObject({ intent: "unknown", confidence: "possible", reasons: [], jobs: 1 });
    expect(record.headline).toBe("Sent a print job");
  });

  it("is spam after a probe although its words cannot be read", async () => {
    const head = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Filter /FlateDecode >>\nstream\n\x9f\x01";
    expect(await only(probed().job(A, DAY, head, { language: "pdf" }))).toMatchObject({ intent: "spam" });
  });
});

describe("what is not spam", () => {
  const drivers: [string, string, Record<string, unknown>][] = [
    [
      "CUPS",
      "%!PS-Adobe-3.0\n%%For: anna\n%%Title: letter.odt\n%cupsJobTicket: copies=1\n",
      { language: "postscript", wrapper: ['@PJL JOB NAME = "letter.odt"', '@PJL RDYMSG DISPLAY="17 anna letter.odt"'] },
    ],
    [
      "HPLIP",
      "\x1bE\x1b*rB",
      {
        language: "pcl",
        wrapper: ["@PJL SET STRINGCODESET=UTF8", '@PJL COMMENT="Job Start Time: Mon"', '@PJL SET USERNAME="anna"'],
      },
    ],
    [
      "Windows",
      "%!PS-Adobe-3.0\r\n%%Title: Microsoft Word - letter.doc\r\n%%Creator: PScript5.dll Version 5.2.2\r\n",
      { language: "postscript", wrapper: ['@PJL SET JOBATTR="JobAcct1=anna"', "@PJL SET RESOLUTION=600"] },
    ],
    ["test page of Windows", "Windows Printer Test Page\r\nYou have correctly installed your HP LaserJet\r\n", {}],
    ["test page of CUPS", "%!PS-Adobe-3.0\n%%Title: CUPS Test Page\n", { language: "postscript" }],
    ["a test by hand", "testprint, please ignore\r\n\f", {}],
  ];

  it.each(drivers)("%s after the same visit", async (_, head, over) => {
    const record = await only(probed().job(A, DAY, head, over));
    expect(record.intent).toBe("reconnaissance");
    expect(record.others).toEqual(["misconfigured"]);
  });

  it.each(drivers)("%s alone", async (_, head, over) => {
    const record = await only(new Visits().job(A, 0, head, over));
    expect(record).toMatchObject({ intent: "misconfigured", others: [] });
  });

  it.each(drivers.slice(0, 3))("but an advertisement under the header of %s is", async (_, head, over) => {
    const record = await only(new Visits().job(A, 0, `${head}${ADVERT}`, over));
    expect(record).toMatchObject({ intent: "spam", confidence: "likely" });
  });

  it.each(drivers.slice(0, 3))("and a hostile program under the header of %s is found", async (_, head, over) => {
    const program = "%!\n{ (x) print } 1183615869 internaldict /superexec get exec\n";
    expect(await only(new Visits().job(A, 0, `${head}${program}`, over))).toMatchObject({ intent: "exploit" });
  });
});

describe("the neighbours", () => {
  it("calls status polling by office software misconfigured, possibly", async () => {
    const hplip = await only(new Visits().pjl(A, 0, "@PJL INFO STATUS "));
    expect(hplip).toMatchObject({ intent: "misconfigured", confidence: "possible" });
    expect(hplip.dropped[0]).toMatchObject({ intent: "reconnaissance" });
    const visits = new Visits();
    for (let i = 0; i < 30; i++) {
      visits.pjl(A, i * 5 * MINUTE, "@PJL USTATUSOFF", "@PJL INFO STATUS", "@PJL INFO PAGECOUNT");
    }
    expect(await only(visits)).toMatchObject({ intent: "misconfigured", confidence: "possible", sessions: 30 });
  });

  it("calls one question for the status reconnaissance, possibly", async () => {
    expect(await only(new Visits().pjl(A, 0, "@PJL INFO STATUS"))).toMatchObject({
      intent: "reconnaissance",
      confidence: "possible",
    });
  });

  it("calls a scan by nmap reconnaissance", async () => {
    const visits = new Visits()
      .job(A, 0, "\r\n\r\n")
      .job(A, 6 * SECOND, "GET / HTTP/1.0\r\n\r\n", { kind: "stray", language: "http-request" })
      .job(A, 12 * SECOND, "OPTIONS / RTSP/1.0\r\n\r\n", { kind: "stray", language: "rtsp" })
      .job(A, 18 * SECOND, "\x16\x03\x00\x00S\x01\x00\x00O\x03\x00random1random2random3random4\x00", {
        kind: "stray",
        language: "tls",
      })
      .job(A, 24 * SECOND, "HELP\r\n")
      .job(A, 27 * SECOND, "\x05\x04\x00\x01\x02\x80\x05\x01\x00\x03", { kind: "stray", language: "socks5" })
      .pjl(A, 30 * SECOND, "@PJL INFO ID")
      .web(A, 40 * SECOND, "Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)");
    const record = await only(visits);
    expect(record).toMatchObject({ intent: "reconnaissance", confidence: "certain", others: [] });
    expect(record.dropped.map(({ intent }) => intent)).toEqual(["not-printer"]);
    expect(record.headline).toBe("Scanned the web server with nmap");
  });

  it("calls a request for metrics not-printer", async () => {
    const head = "GET /metrics HTTP/1.1\r\nHost: 192.0.2.61:9100\r\n\r\n";
    const record = await only(new Visits().job(A, 0, head, { kind: "stray", language: "http-request" }));
    expect(record).toMatchObject({ intent: "not-printer", confidence: "certain", jobs: 0 });
    expect(record.headline).toBe("Looked for metrics of another service on 9100");
  });

  it("calls a survey that says who it is a research scan", async () => {
    const visits = new Visits()
      .pjl(A, 0, "@PJL INFO STATUS")
      .web(A, MINUTE, "Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)");
    expect(await only(visits)).toMatchObject({ intent: "research-scan", confidence: "likely" });
  });

  it("names a survey that is known by its address, and does not excuse what it prints", async () => {
    const censys = "162.142.125.7";
    const visits = () => new Visits().pjl(censys, 0, "@PJL INFO STATUS", "@PJL INFO ID", "@PJL INFO PRODINFO");
    const record = await only(visits());
    expect(record).toMatchObject({ intent: "research-scan", confidence: "likely", others: [] });
    expect(record.headline).toBe("Came from a network of Censys, a known survey");
    expect(record.reasons.map(({ title }) => title)).toEqual(["Came from a network of Censys, a known survey"]);
    expect(record.dropped[0]).toMatchObject({ intent: "reconnaissance" });
    const printed = await only(visits().job(censys, DAY, ADVERT));
    expect(printed).toMatchObject({ intent: "spam", others: ["research-scan"] });
    const forged = visits();
    for (const { origin } of forged.events) origin!.source.verified = false;
    expect(await only(forged)).toMatchObject({ intent: "reconnaissance", others: [] });
  });

  it("calls a changed panel tampering", async () => {
    const record = await only(new Visits().pjl(A, 0, '@PJL RDYMSG DISPLAY="INSERT COIN"', "@PJL INFO STATUS"));
    expect(record).toMatchObject({ intent: "tampering", confidence: "certain" });
    expect(record.headline).toBe("Changed the text on the panel");
  });

  it("says when somebody only connected", async () => {
    const record = await only(new Visits().session(A, 0));
    expect(record).toMatchObject({ intent: "unknown", confidence: "possible" });
    expect(record.headline).toBe("Connected to the raw port");
  });

  it("keeps visitors apart and takes an IPv6 /64 for one", async () => {
    const visits = new Visits()
      .pjl(A, 0, PRODINFO)
      .pjl("2001:db8:1:2::1", 1, PRODINFO)
      .job(B, 2, ADVERT)
      .web(A, SECOND, URLLIB)
      .job("2001:db8:1:2:ffff::9", DAY, ADVERT)
      .pjl("2001:db8:1:3::1", DAY, "@PJL INFO STATUS");
    const book = await judged(rules, [visits.events]);
    const byKey = Object.fromEntries(book.sorted().map(({ sourceKey, intent }) => [sourceKey, intent]));
    expect(byKey).toEqual({
      [A]: "reconnaissance",
      [B]: "spam",
      "2001:db8:1:2::/64": "spam",
      "2001:db8:1:3::/64": "reconnaissance",
    });
    expect(book.sorted().find(({ sourceKey }) => sourceKey === "2001:db8:1:2::/64")!.source).toBe(
      "2001:db8:1:2:ffff::9",
    );
  });
});

describe("the fold", () => {
  const busy = () =>
    probed()
      .job(B, 5 * SECOND, "HELP\r\n")
      .pjl(B, 6 * SECOND, "@PJL INFO ID", "@PJL INFO CONFIG", '@PJL RDYMSG DISPLAY="x"', "@PJL JOB PASSWORD=1")
      .pjl(
        B,
        7 * SECOND,
        "@PJL JOB PASSWORD=2",
        "@PJL JOB PASSWORD=3",
        ...Array.from({ length: 25 }, () => "@PJL DEFAULT COPIES=2"),
      )
      .job(A, 2 * DAY, ADVERT)
      .web(A, 3 * DAY, URLLIB)
      .job(A, 4 * DAY, ADVERT).events;

  it("gives the same cases in whatever order and batches the events arrive", async () => {
    const events = busy();
    const expected = (await judged(rules, [events])).sorted();
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(events, { minLength: events.length }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        fc.constantFrom(0, 1, 100),
        async (shuffled, sizes, capacity) => {
          const batches: (typeof events)[] = [];
          for (let i = 0, n = 0; i < shuffled.length; n++) {
            const size = sizes[n % sizes.length]!;
            batches.push(shuffled.slice(i, (i += size)));
          }
          const book = await judged(rules, batches, capacity);
          expect(book.sorted()).toEqual(expected);
          for (const { headline } of book.cases.values()) expect(headline).toMatch(/^[A-Z].*[a-z0-9]$/);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("tells of a case whose opening event came late, once", async () => {
    const { events } = probed();
    const [first, ...rest] = events;
    const book = await judged(rules, [rest, [first!]]);
    expect(book.judgements.map(({ renamed }) => renamed)).toEqual([[], [{ from: "s1/1/2", to: "s1/1/1" }]]);
    expect(book.sorted().map(({ key }) => key)).toEqual(["s1/1/1"]);
  });

  it("closes a case after 30 days of silence", async () => {
    const visits = new Visits()
      .pjl(A, 0, PRODINFO)
      .job(A, 29 * DAY, ADVERT)
      .pjl(A, 60 * DAY, PRODINFO);
    for (const batches of [[visits.events], visits.events.map((event) => [event])]) {
      const cases = (await judged(rules, batches)).sorted();
      expect(cases.map(({ intent, sessions }) => [intent, sessions])).toEqual([
        ["spam", 2],
        ["reconnaissance", 1],
      ]);
    }
  });

  it("raises one finding for every time a signature speaks, and one when a correlation comes to hold", async () => {
    const book = await judged(
      rules,
      probed()
        .job(A, DAY, ADVERT)
        .job(A, 2 * DAY, ADVERT)
        .events.map((event) => [event]),
    );
    const findings = book.judgements.flatMap((judgement) => judgement.findings);
    const count = (rule: string) => findings.filter((finding) => finding.rule === rule).length;
    expect(count("pjl-prodinfo")).toBe(1);
    expect(count("job-advertises")).toBe(2);
    expect(count("probe-then-unsolicited-job")).toBe(1);
    expect(count("job-received")).toBe(0);
    expect(new Set(findings.map(({ caseKey }) => caseKey))).toEqual(new Set(["s1/1/1"]));
  });

  it("takes no notice of events about the sensor itself", async () => {
    const { origin: _, ...event } = new Visits().session(A, 0).events[0]!;
    expect(await judged(rules, [[event]]).then((book) => book.cases.size)).toBe(0);
  });

  it("goes back to what is committed when told to forget", async () => {
    const { events } = probed();
    const once = (await judged(rules, [events])).sorted();
    const { Judge } = await import("./judge.ts");
    const { CaseBook } = await import("./visits.fixture.ts");
    const book = new CaseBook();
    const judge = new Judge(rules, book);
    await judge.fold(events);
    judge.forget();
    book.commit(await judge.fold(events));
    expect(book.sorted()).toEqual(once);
  });
});
