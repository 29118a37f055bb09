/** Where the next thing is printed. PCL 5 Technical Reference Manual, chapter 6. */
import { DECIPOINT } from "../layout.ts";
import type { Machine } from "../machine.ts";
import type { Command } from "../parse.ts";
import type { Commands } from "./contract.ts";

/** Across: from the logical page's left. */
function toX(m: Machine, { value, sign }: Command, unit: number): void {
  m.raster.end();
  m.moveTo(sign === "" ? value * unit : m.x + value * unit, m.y);
}

/** Down: from the top margin. */
function toY(m: Machine, { value, sign }: Command, unit: number, extra = 0): void {
  m.raster.end();
  m.moveTo(m.x, sign === "" ? m.environment.top + value * unit + extra : m.y + value * unit);
}

export const CURSOR_COMMANDS: Commands = {
  "&aC": (m, command) => toX(m, command, m.hmi),
  "&aH": (m, command) => toX(m, command, DECIPOINT),
  "*pX": (m, command) => toX(m, command, m.environment.unit),
  // A row begins above its baseline.
  "&aR": (m, command) => toY(m, command, m.environment.vmi, 0.75 * m.environment.vmi),
  "&aV": (m, command) => toY(m, command, DECIPOINT),
  "*pY": (m, command) => toY(m, command, m.environment.unit),
  "&fS": (m, { value }) => {
    if (value === 0) m.pushCursor();
    if (value === 1) m.popCursor();
  },
  "&dD": (m) => {
    m.environment.underline = true;
  },
  "&d@": (m) => {
    m.environment.underline = false;
  },
};

/** Every eighth column has a tab. */
const TAB = 8;
const BS = 0x08;

/** What control codes do. */
export const CONTROLS: Readonly<Record<number, (m: Machine) => void>> = {
  [BS]: (m) => m.moveTo(Math.max(0, m.x - (m.lastAdvance || m.hmi)), m.y),
  0x09: (m) => {
    const tab = TAB * m.hmi;
    if (tab > 0) m.moveTo(Math.min(m.left + (Math.floor((m.x - m.left) / tab + 1e-6) + 1) * tab, m.right), m.y);
  },
  0x0a: (m) => {
    if (m.environment.returns.lf) m.carriageReturn();
    m.lineFeed();
  },
  0x0c: (m) => {
    if (m.environment.returns.ff) m.carriageReturn();
    m.formFeed();
  },
  0x0d: (m) => {
    m.carriageReturn();
    if (m.environment.returns.cr) m.lineFeed();
  },
  0x0e: (m) => {
    m.environment.active = 1;
  },
  0x0f: (m) => {
    m.environment.active = 0;
  },
};

/** Two-character sequences. */
export const ESCAPES: Readonly<Record<string, (m: Machine) => void>> = {
  E: (m) => m.reset(),
  "9": (m) => {
    m.environment.left = 0;
    m.environment.right = undefined;
  },
  "=": (m) => m.lineFeed(0.5),
};

/** Pitches that ESC&k#S names, letters an inch. */
export const PITCHES: Readonly<Record<number, number>> = { 0: 10, 2: 16.67, 4: 12 };
