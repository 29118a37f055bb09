/** Numbers, sizes, times and counts as the console writes them. */

const THIN = "\u2009";
const NARROW = "\u00a0";

/** 8412 with a thin space after the 8. */
export const number = (value: number): string => {
  const [whole = "", rest] = String(value).split(".");
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, THIN);
  return rest === undefined ? grouped : `${grouped}.${rest}`;
};

/** "3 cases", "1 case". */
export const count = (value: number, one: string, many = `${one}s`): string =>
  `${number(value)}${NARROW}${value === 1 ? one : many}`;

/** Bytes as B, kB, MB, … of a thousand. */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? number(value) : value.toFixed(1)}${NARROW}${units[unit]}`;
}

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
] as const;

/** Milliseconds as "3 d 4 h 11 min", at most `most` units, without those that are nothing. */
export function duration(ms: number, most = 3): string {
  if (ms < 1000) return `${Math.round(ms)}${NARROW}ms`;
  if (ms < 60_000) return `${trimmed(ms / 1000)}${NARROW}s`;
  let rest = ms;
  const parts: string[] = [];
  for (const [name, length] of UNITS) {
    const whole = Math.floor(rest / length);
    rest -= whole * length;
    if (whole > 0) parts.push(`${whole}${NARROW}${name}`);
    if (parts.length === most) break;
  }
  return parts.join(NARROW);
}

const trimmed = (value: number) => String(Number(value.toFixed(value < 10 ? 2 : 1)));

/** Time within a session: "22.540". */
export const offset = (ms: number): string => (ms / 1000).toFixed(3);

/** Time of a replay: "00:22.5". */
export function played(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  return `${String(minutes).padStart(2, "0")}:${((ms % 60_000) / 1000).toFixed(1).padStart(4, "0")}`;
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (value: number) => String(value).padStart(2, "0");

/** "13:22" or "13:22:04". */
export function clock(time: number, seconds = false): string {
  const at = new Date(time);
  return `${two(at.getHours())}:${two(at.getMinutes())}${seconds ? `:${two(at.getSeconds())}` : ""}`;
}

/** "Thu 20 Nov". */
export function day(time: number): string {
  const at = new Date(time);
  const year = at.getFullYear() === new Date().getFullYear() ? "" : ` ${at.getFullYear()}`;
  return `${DAYS[at.getDay()]} ${at.getDate()} ${MONTHS[at.getMonth()]}${year}`;
}

/** "20 Nov 13:22:04". */
export const dayClock = (time: number): string => `${day(time).slice(4)} ${clock(time, true)}`;

/** "Thu 20 Nov 13:22". */
export const moment = (time: number): string => `${day(time)} ${clock(time)}`;

/** With date, seconds and zone, for hovering and copying. */
export function full(time: number): string {
  const zone = new Intl.DateTimeFormat("en", { timeZoneName: "short" })
    .formatToParts(time)
    .find((part) => part.type === "timeZoneName")?.value;
  return `${day(time)} ${new Date(time).getFullYear()}, ${clock(time, true)} ${zone ?? ""}`.trim();
}

/** "38 min ago" under a day, then the moment. */
export function ago(time: number, now = Date.now()): string {
  const past = now - time;
  if (past < 0 || past >= 86_400_000) return moment(time);
  if (past < 60_000) return `${Math.floor(past / 1000)}${NARROW}s ago`;
  return `${duration(past, 1)} ago`;
}

/** An address of the web or of mail that nobody follows by accident. */
export const defanged = (text: string): string =>
  text.replaceAll(/\bhttp(s?):/gi, "hxxp$1:").replaceAll(/(?<=[\w-])\.(?=[a-z]{2,}\b)/gi, "[.]");

/** "one, two and three". */
export function list(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
