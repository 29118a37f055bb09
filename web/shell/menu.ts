/** The pages of the menu, and who may see them. */
export const MENU = [
  { icon: "overview", href: "/", word: "Overview", pages: ["overview"] },
  { icon: "cases", href: "/cases", word: "Cases", pages: ["cases", "case"] },
  { icon: "sessions", href: "/sessions", word: "Sessions", pages: ["sessions", "session"] },
  { icon: "jobs", href: "/jobs", word: "Jobs", pages: ["jobs", "job"], role: "analyst" },
  { icon: "sensors", href: "/sensors", word: "Sensors", pages: ["sensors"] },
  { icon: "signatures", href: "/signatures", word: "Signatures", pages: ["signatures", "signature"] },
] as const;

export type MenuItem = (typeof MENU)[number];
