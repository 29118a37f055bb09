/** Choosing and bringing fonts. PCL 5 Technical Reference Manual, chapters 8 to 11. */
import { setText } from "../letters.ts";
import type { Machine } from "../machine.ts";
import type { Command } from "../parse.ts";
import type { Wanted } from "../typeface.ts";
import { DEFAULT_FONT } from "../typeface.ts";
import type { Commands } from "./contract.ts";
import { PITCHES } from "./cursor.ts";

type Change = (command: Command, wanted: Wanted) => Partial<Wanted>;

/** Characteristics by the last character of ESC(s#…; the secondary font has the same after ESC). */
const CHARACTERISTICS: Readonly<Record<string, Change>> = {
  P: ({ value }) => ({ proportional: value === 1 }),
  H: ({ value }) => ({ pitch: Math.abs(value) || DEFAULT_FONT.pitch }),
  V: ({ value }) => ({ height: Math.abs(value) || DEFAULT_FONT.height }),
  S: ({ value }) => ({ style: value }),
  B: ({ value }) => ({ weight: value }),
  T: ({ value }) => ({ typeface: value }),
};

function choose(m: Machine, which: 0 | 1, change: Partial<Wanted>): void {
  const { id: _, ...wanted } = m.environment.fonts[which];
  m.environment.fonts[which] = { ...wanted, ...change };
  m.environment.hmi = undefined;
}

/** Commands of one of the two fonts. */
function fontCommands(bracket: "(" | ")", which: 0 | 1): Commands {
  const chosen = Object.entries(CHARACTERISTICS).map(([final, change]) => [
    `${bracket}s${final}`,
    (m: Machine, command: Command) => choose(m, which, change(command, m.environment.fonts[which])),
  ]);
  const sets = [..."ABCDEFGHIJKLMNOPQRSTUVWYZ"].map((final) => [
    bracket + final,
    (m: Machine, { value }: Command) => choose(m, which, { symbolSet: `${value}${final}` }),
  ]);
  return {
    ...Object.fromEntries(sets),
    ...Object.fromEntries(chosen),
    [`${bracket}X`]: (m, { value }) => {
      if (m.soft.has(value)) choose(m, which, { id: value });
    },
    [`${bracket}@`]: (m, { value }) => {
      choose(m, which, value < 2 ? { symbolSet: DEFAULT_FONT.symbolSet } : DEFAULT_FONT);
    },
  };
}

/** ESC*c#F, by its value. */
const FONT_CONTROL: Readonly<Record<number, (m: Machine) => void>> = {
  0: (m) => m.soft.deleteAll(true),
  1: (m) => m.soft.deleteAll(false),
  2: (m) => m.soft.delete(m.fontId),
  3: (m) => m.soft.deleteCharacter(m.fontId, m.characterCode),
  4: (m) => m.soft.setPermanent(m.fontId, false),
  5: (m) => m.soft.setPermanent(m.fontId, true),
};

export const FONT_COMMANDS: Commands = {
  ...fontCommands("(", 0),
  ...fontCommands(")", 1),
  "*cD": (m, { value }) => {
    m.fontId = value;
  },
  "*cE": (m, { value }) => {
    m.characterCode = value;
  },
  "*cF": (m, { value }) => {
    FONT_CONTROL[value]?.(m);
    m.forgetFonts();
  },
  ")sW": (m, { data }) => {
    if (data) m.soft.header(m.fontId, data);
    m.forgetFonts();
  },
  "(sW": (m, { data }) => {
    if (data) m.soft.character(m.fontId, m.characterCode, data);
    m.forgetFonts();
  },
  "&kS": (m, { value }) => {
    const pitch = PITCHES[value];
    if (pitch !== undefined) for (const which of [0, 1] as const) choose(m, which, { pitch });
  },
  // Codes that would be controls are letters here.
  "&pX": (m, { data }) => {
    if (data) setText(m, data);
  },
};
