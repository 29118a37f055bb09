/** Screens instead of hues: four fills in ink that survive a black-and-white printout. */

export type Screen = "solid" | "hatch" | "tint" | "dots";

/** The value of a colour token as it is now. */
export const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const CELL = 6;

/** A fill for a canvas, in the ink of the theme. */
export function screenFill(screen: Screen, context: CanvasRenderingContext2D): string | CanvasPattern {
  const ink = token("--ink-2");
  if (screen === "solid") return ink;
  if (screen === "tint") return token("--tint");
  const cell = document.createElement("canvas");
  const scale = Math.max(1, Math.round(devicePixelRatio));
  cell.width = cell.height = CELL * scale;
  const pen = cell.getContext("2d")!;
  pen.scale(scale, scale);
  pen.fillStyle = pen.strokeStyle = ink;
  if (screen === "hatch") {
    pen.lineWidth = 1.2;
    for (const shift of [-CELL, 0, CELL]) {
      pen.moveTo(shift - 1, CELL + 1);
      pen.lineTo(shift + CELL + 1, -1);
    }
    pen.stroke();
  } else {
    for (const [x, y] of [
      [0, 0],
      [3, 3],
    ] as const)
      pen.fillRect(x, y, 1.3, 1.3);
  }
  return context.createPattern(cell, "repeat") ?? ink;
}
