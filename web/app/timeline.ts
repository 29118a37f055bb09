/** Puts moments on a line on which long pauses are torn out, so that minutes stay visible between days. */

export interface Stretch {
  /** Milliseconds since 1970. */
  from: number;
  to: number;
  /** Where it is drawn, in pixels. */
  x: number;
  width: number;
}

/** Pauses are torn out where the next shorter one is so many times shorter, taking none for less than this. */
const STEEP = 6;
const SHORTEST_MS = 60_000;
const TEARS = 4;
/** Pixels of a tear, and of a stretch at least. */
const TEAR = 48;
const LEAST = 56;

/** The stretches that hold all moments, drawn over `width` pixels. */
export function stretches(moments: readonly number[], width: number): Stretch[] {
  const times = [...new Set(moments)].sort((a, b) => a - b);
  if (times.length === 0) return [];
  const parts = torn(times, Math.max(0, Math.min(TEARS, Math.floor(width / (TEAR + LEAST)) - 1)));
  const pad = Math.max(2000, 0.04 * Math.max(...parts.map(([from, to]) => to - from)));
  const padded = parts.map(([from, to]) => [from - pad, to + pad] as const);
  const room = width - TEAR * (padded.length - 1);
  const least = Math.min(LEAST, room / padded.length);
  const total = padded.reduce((sum, [from, to]) => sum + (to - from), 0);
  const spare = room - least * padded.length;
  let x = 0;
  return padded.map(([from, to]) => {
    const stretch = { from, to, x, width: least + (spare * (to - from)) / total };
    x += stretch.width + TEAR;
    return stretch;
  });
}

function torn(times: readonly number[], tears: number): [number, number][] {
  const pauses = times.slice(1).map((time, i) => ({ at: i + 1, ms: time - times[i]! }));
  const sorted = pauses.toSorted((a, b) => b.ms - a.ms);
  const steepness = (k: number) => (sorted[k - 1]?.ms ?? 0) / Math.max(SHORTEST_MS, sorted[k]?.ms ?? 0);
  const counts = Array.from({ length: Math.min(tears, sorted.length) }, (_, i) => i + 1);
  const best = counts.reduce((most, k) => (steepness(k) > steepness(most) ? k : most), counts[0] ?? 0);
  const cut = new Set(best > 0 && steepness(best) >= STEEP ? sorted.slice(0, best).map(({ at }) => at) : []);
  const parts: [number, number][] = [];
  let from = 0;
  for (let i = 1; i <= times.length; i++) {
    if (i < times.length && !cut.has(i)) continue;
    parts.push([times[from]!, times[i - 1]!]);
    from = i;
  }
  return parts;
}

/** Where a moment is drawn. */
export function xOf(time: number, parts: readonly Stretch[]): number {
  const part = parts.find(({ to }) => time <= to) ?? parts.at(-1);
  if (!part) return 0;
  const share = (time - part.from) / Math.max(1, part.to - part.from);
  return part.x + Math.max(0, Math.min(1, share)) * part.width;
}

const STEPS = [
  1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400, 172_800, 604_800, 2_592_000,
].map((seconds) => seconds * 1000);

/** Round moments of a stretch, at least `apart` pixels from each other and from its beginning. */
export function ticks(part: Stretch, apart = 84): number[] {
  const length = part.to - part.from;
  const step = STEPS.find((one) => (one / length) * part.width >= apart);
  if (step === undefined) return [];
  const zone = new Date(part.from).getTimezoneOffset() * 60_000;
  const found: number[] = [];
  for (let at = Math.ceil((part.from - zone) / step) * step + zone; at <= part.to; at += step) {
    const x = ((at - part.from) / length) * part.width;
    if (x >= apart + 30 && x <= part.width - 16) found.push(at);
  }
  return found;
}
