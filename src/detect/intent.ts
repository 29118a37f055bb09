/** The one vocabulary of intents and levels. A case has the gravest intent that its evidence carries. */

/** From gravest to least. `about` completes "a visitor who …". */
export const INTENTS = {
  exploit: "aimed bytes at a vulnerability, or delivered code or firmware",
  "data-theft": "read or diverted files, jobs, memory or secrets",
  tampering: "changed the device: ready message, variables, passwords, NVRAM, locks",
  "denial-of-service": "hung, looped, wiped, flooded, wore out or took offline",
  "worm-like": "delivered one payload door to door, or came with a growing set of sources",
  spam: "sent pages nobody asked for: advertisement, propaganda, prank, extortion",
  reconnaissance: "identified or enumerated, with no sign of office software or a known survey",
  "research-scan": "surveyed and said who it is, or is known by address",
  misconfigured: "asked or printed what office, driver, inventory or monitoring software does, at the wrong host",
  "not-printer": "wanted another service on this port",
  unknown: "left evidence that does not carry a verdict",
} as const;

export type Intent = keyof typeof INTENTS;
export const INTENT_ORDER = Object.keys(INTENTS) as Intent[];

/** How sure, strongest first. */
export const LEVELS = ["certain", "likely", "possible"] as const;
export type Level = (typeof LEVELS)[number];
