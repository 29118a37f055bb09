/** What the pages of the console ask, by page, in stages: a stage is asked at once, when the one before is answered. */

const DAY_MS = 86_400_000;
const since = (days) => ({ since: new Date(Math.floor(Date.now() / 60_000) * 60_000 - days * DAY_MS).toISOString() });
const numberOf = (id) => Number(id.slice(2));

/** Asked on every page, for the menu and the marks on it. */
export const MENU = [
  [["access"], ["status"]],
  [["sensors"], ["undecided", { limit: 0 }]],
];

/** Looks for things of all sizes in the store. */
export async function findThings(asker) {
  const { cases } = await asker.ask("cases", { order: "newest", brief: true, limit: 1000 });
  const bySize = cases.toSorted((a, b) => a.sessionCount - b.sessionCount);
  const { jobs } = await asker.ask("jobs", { limit: 1 });
  const largest = bySize.at(-1);
  return {
    largest: numberOf(largest.id),
    largestSource: largest.source,
    median: numberOf(bySize[bySize.length >> 1].id),
    medianSource: bySize[bySize.length >> 1].source,
    session: numberOf(bySize[bySize.length >> 1].reasons[0]?.evidence[0].session ?? "S-1"),
    job: numberOf(jobs[0].id),
  };
}

const overview = (span) => [
  [
    ["overview"],
    ["undecided", { ...span, limit: 5 }],
    ["funnel", span],
    ["activity", { ...span, bins: 56 }],
    ["doors", span],
    ["firstWords", { ...span, limit: 9 }],
    ["sensors"],
    ["piles", { ...span, kind: "job", limit: 8 }],
  ],
];
const ofCase = (number, source) => [
  [
    ["case", { number }],
    ["timeline", { number }],
  ],
  [["cases", { source, brief: true, own: true, limit: 20, order: "newest" }]],
];

/** The pages and what they ask. `things`: see {@link findThings}. */
export const pages = (things) => ({
  Overview: overview(since(7)),
  "Overview, 30 days": overview(since(30)),
  Cases: [[["cases", { ...since(7), order: "gravest", brief: true, limit: 50 }]]],
  "Cases, all, newest": [[["cases", { order: "newest", brief: true, limit: 50 }]]],
  "Cases, with visits": [[["cases", { limit: 100 }]]],
  "Case, largest source": ofCase(things.largest, things.largestSource),
  "Case, median source": ofCase(things.median, things.medianSource),
  Sessions: [[["visits", { ...since(7), order: "newest", limit: 100 }]]],
  "Sessions of the largest case": [[["visits", { case: things.largest, order: "newest", limit: 100 }]]],
  Session: [
    [["session", { number: things.session }]],
    [
      ["case", { number: things.median }],
      ["sessionBytes", { number: things.session, direction: "in", from: 0, length: 4096 }],
    ],
  ],
  "Jobs, piles": [[["piles", { ...since(7), kind: "job", limit: 40 }]]],
  "Jobs, table": [[["jobs", { ...since(7), kind: "job", limit: 100 }]]],
  Job: [
    [["job", { number: things.job }]],
    [
      ["jobBytes", { number: things.job, length: 65536 }],
      ["case", { number: things.median }],
    ],
  ],
  Sensors: [[["sensors"], ["device", { sensor: "local" }], ["events", { limit: 50 }]]],
  Signatures: [[["signatures"]]],
  Signature: [[["signature", { id: "pjl-info-id" }]]],
  Settings: [[["settings"], ["accounts"], ["tokens"], ["audit", { limit: 100 }]]],
});

/** Searches, over 24 hours and over all there is. */
const SEARCHES = [
  ["cases", "198.18.5"],
  ["cases", "source:198.18.0.0/16"],
  ["cases", "service:web intent:spam"],
  ["cases", "signature:pjl-prodinfo -is:closed"],
  ["cases", "zgrab"],
  ["visits", "zgrab"],
  ["visits", "nowhere"],
  ["visits", "source:2001:db8::/32 service:raw"],
  ["visits", "intent:spam"],
  ["jobs", "flyer"],
  ["jobs", "intent:spam source:198.18.0.0/15"],
  ["piles", "intent:misconfigured"],
];
const MORE = {
  cases: { brief: true, limit: 50 },
  visits: { order: "newest", limit: 100 },
  jobs: {},
  piles: { limit: 40 },
};

export const searches = (days) =>
  Object.fromEntries(
    SEARCHES.map(([question, q]) => [
      `${question} ${q}`,
      [[[question, { ...(days && since(days)), ...MORE[question], q }]]],
    ]),
  );
