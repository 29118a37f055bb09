/** Which page a path is. A name in braces is a part of the path. */

export const ROUTES = {
  "/": "overview",
  "/cases": "cases",
  "/cases/{id}": "case",
  "/sessions": "sessions",
  "/sessions/{id}": "session",
  "/jobs": "jobs",
  "/jobs/{id}": "job",
  "/sensors": "sensors",
  "/signatures": "signatures",
  "/signatures/{id}": "signature",
  "/settings": "settings",
  "/settings/{id}": "settings",
  "/parts": "parts",
  "/login": "login",
  "/first": "first",
} as const;

export type PageName = (typeof ROUTES)[keyof typeof ROUTES];

/** The page of a path and the part in braces, or undefined when there is no such page. */
export function route(path: string): { page: PageName; id: string } | undefined {
  const [first = "", second, ...more] = path.replace(/^\/|\/$/g, "").split("/");
  if (more.length > 0) return undefined;
  const key = `/${first}${second === undefined ? "" : "/{id}"}`;
  const page = ROUTES[key as keyof typeof ROUTES] as PageName | undefined;
  return page && { page, id: decoded(second ?? "") };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
