/** Quiet hours: a span of the day in a named zone. */
import { z } from "zod";

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as "22:00"');
const zone = z.string().refine((name) => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}, "expected the name of a time zone, such as Europe/Berlin");

export const quietSettings = z
  .strictObject({
    from: clock.describe('such as "22:00"'),
    to: clock.describe("may be before `from`: the next morning"),
    zone: zone.describe("time zone of both, such as Europe/Berlin"),
  })
  .refine(({ from, to }) => from !== to, "from and to are the same time");

export type QuietHours = z.output<typeof quietSettings>;

const MINUTE = 60_000;
const DAY_MINUTES = 1440;

const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

/** When the quiet hours that `now` lies in are over; undefined outside of them. Milliseconds since 1970. */
export function quietUntil({ from, to, zone: timeZone }: QuietHours, now: number): number | undefined {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const at = (time: number) => minutes(format.format(time));
  const after = (clock: string, time: number) => (at(time) - minutes(clock) + DAY_MINUTES) % DAY_MINUTES;
  const length = (minutes(to) - minutes(from) + DAY_MINUTES) % DAY_MINUTES;
  const since = after(from, now);
  if (since >= length) return undefined;
  const end = Math.floor(now / MINUTE) * MINUTE + (length - since) * MINUTE;
  // Where clocks were put back or forward meanwhile, it is not `to` then.
  const drift = ((after(to, end) + DAY_MINUTES / 2) % DAY_MINUTES) - DAY_MINUTES / 2;
  return end - drift * MINUTE;
}
