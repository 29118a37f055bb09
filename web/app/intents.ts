/** The intents as the console orders and groups them. */

/** From gravest to least, as in src/detect/intent.ts. */
export const INTENTS = [
  "exploit",
  "data-theft",
  "tampering",
  "denial-of-service",
  "worm-like",
  "spam",
  "reconnaissance",
  "research-scan",
  "misconfigured",
  "not-printer",
  "unknown",
] as const;

export const MEANS: Record<string, string> = {
  exploit: "tries to run or plant code",
  "data-theft": "reads files, stored jobs, memory",
  tampering: "changes text, settings, counters",
  "denial-of-service": "stops it or wastes it",
  "worm-like": "same payload, growing set of sources",
  spam: "prints what nobody asked for",
  reconnaissance: "asks, lists, tests",
  "research-scan": "a known or announced scanner",
  misconfigured: "software that reached the wrong host",
  "not-printer": "wanted another service on this port",
  unknown: "no signature knows it",
};

/** Everyday traffic, drawn in ink; the rest is harm, drawn as marks of its own. */
export const EVERYDAY = ["reconnaissance", "research-scan", "misconfigured", "not-printer"] as const;
export const HARM = ["exploit", "data-theft", "tampering", "denial-of-service", "worm-like", "spam"] as const;

/** Services by the words people use, with the port printers have. */
export const SERVICES: Record<string, { word: string; port: string }> = {
  raw: { word: "raw", port: "9100" },
  web: { word: "web", port: "80" },
  http: { word: "web", port: "80" },
  lpd: { word: "LPD", port: "515" },
  ipp: { word: "IPP", port: "631" },
  snmp: { word: "SNMP", port: "161" },
};
export const serviceWord = (service: string): string => SERVICES[service]?.word ?? service;
