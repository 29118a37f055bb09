/** Paper, logical page, margins, spacing. PCL 5 Technical Reference Manual, chapters 4 and 5. */
import { UNIT } from "../../page.ts";
import { DECIPOINT, PAPERS, quarters } from "../layout.ts";
import type { Commands } from "./contract.ts";

/** Lines of six an inch on paper known by the number of them: ESC&l#P. */
const LENGTHS: Readonly<Record<number, number>> = { 60: 1, 63: 1, 66: 2, 70: 26, 84: 3, 102: 6 };
/** Lines an inch that there are. */
const LINES = new Set([1, 2, 3, 4, 6, 8, 12, 16, 24, 48]);

export const LAYOUT_COMMANDS: Commands = {
  "&lA": (m, { value }) => {
    const paper = PAPERS.get(value);
    if (paper) m.relayout({ paper, orientation: 0 });
  },
  "&lP": (m, { value }) => {
    const paper = PAPERS.get(LENGTHS[Math.round((value * m.environment.vmi * 6) / UNIT)] ?? 0);
    if (paper) m.relayout({ paper });
  },
  "&lO": (m, { value }) => {
    if (value < 0 || value > 3 || quarters(value) === m.environment.layout.orientation) return;
    m.relayout({ orientation: quarters(value) });
  },
  // Paper source; 0 only ejects.
  "&lH": (m) => m.ejectIfMarked(),
  "&aG": (m) => m.ejectIfMarked(),
  "&lU": (m, { value }) => shift(m, { shiftX: value * DECIPOINT }),
  "&lZ": (m, { value }) => shift(m, { shiftY: value * DECIPOINT }),
  "&aP": (m, { value }) => {
    const { layout } = m.environment;
    const direction = quarters(value / 90);
    if (value % 90 !== 0 || direction === layout.direction) return;
    const where = m.frame.place(m.x, m.y);
    m.environment.layout = { ...layout, direction };
    [m.x, m.y] = m.frame.back(...where);
    m.environment.left = 0;
    m.environment.right = undefined;
  },
  "&lE": (m, { value, sign }) => {
    const top = value * m.environment.vmi;
    if (sign !== "" || top > m.frame.height) return;
    m.environment.top = top;
    m.environment.textLength = undefined;
    m.home();
  },
  "&lF": (m, { value }) => {
    const { vmi, top } = m.environment;
    if (value >= 0 && top + value * vmi <= m.frame.height) m.environment.textLength = value * vmi;
  },
  "&lL": (m, { value }) => {
    m.environment.skipPerforation = value === 1;
  },
  "&aL": (m, { value }) => {
    const left = Math.abs(value) * m.hmi;
    if (left >= m.right) return;
    m.environment.left = left;
    m.x = Math.max(m.x, left);
  },
  // The margin lies behind the column.
  "&aM": (m, { value }) => {
    const right = (Math.abs(value) + 1) * m.hmi;
    if (right > m.left) m.environment.right = right;
  },
  "&kH": (m, { value }) => {
    m.environment.hmi = (Math.abs(value) * UNIT) / 120;
  },
  "&lC": (m, { value }) => {
    if (value >= 0) m.environment.vmi = Math.min((value * UNIT) / 48, m.frame.height);
  },
  "&lD": (m, { value }) => {
    if (LINES.has(value)) m.environment.vmi = UNIT / value;
  },
  "&uD": (m, { value }) => {
    if (value >= 75 && value <= UNIT) m.environment.unit = UNIT / value;
  },
  "&sC": (m, { value }) => {
    m.environment.wrap = value === 0;
  },
  "&kG": (m, { value }) => {
    m.environment.returns = { cr: value === 1 || value === 3, lf: value >= 2, ff: value >= 2 };
  },
};

function shift(m: Parameters<Commands[string]>[0], change: { shiftX: number } | { shiftY: number }): void {
  m.environment.layout = { ...m.environment.layout, ...change };
}
