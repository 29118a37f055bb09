/** Raster graphics, colour, patterns, rectangles. PCL 5 Technical Reference Manual, chapters 13 to 15; PCL 5 Color manual. */
import { configureImage, monochromePalette, simpleColour, COLOURS } from "../colour.ts";
import { configureRaster } from "../inks.ts";
import { DECIPOINT } from "../layout.ts";
import type { Machine } from "../machine.ts";
import type { Command } from "../parse.ts";
import { PATTERN, readTile } from "../patterns.ts";
import type { Environment, Fill, RasterSettings } from "../state.ts";
import type { Commands } from "./contract.ts";

/** Rows are told apart by it: a wider one would be nothing but a bomb. */
const DOTS = 65_535;
const PALETTES = 20;

/** Sets a value of raster graphics; while they are under way it is ignored. */
function raster(change: (command: Command, m: Machine) => Partial<RasterSettings>): Commands[string] {
  return (m, command) => {
    if (!m.raster.active) Object.assign(m.environment.raster, change(command, m));
  };
}

function dots({ value }: Command): number | undefined {
  return value > 0 ? Math.min(value, DOTS) : undefined;
}

function endRaster(m: Machine): void {
  m.raster.end();
}

function useColours(m: Machine, made: { format: Environment["format"]; palette: number[] } | undefined): void {
  if (!made) return;
  endRaster(m);
  m.raster.inks = undefined;
  m.environment.format = made.format;
  m.environment.palette = made.palette;
}

/** ESC*v#A, B, C: a primary of the colour that the next ESC*v#I stores. */
function primary(index: 0 | 1 | 2): Commands[string] {
  return (m, { value }) => {
    m.environment.primaries[index] = Math.min(255, Math.max(0, Math.round(value)));
  };
}

/** Kinds of ESC*c#P and ESC*v#T. */
const RECTANGLE_FILLS: readonly (Fill | "current")[] = ["solid", "white", "shade", "hatch", "own", "current"];
const TEXT_FILLS: readonly Fill[] = ["solid", "white", "shade", "hatch", "own"];

export const GRAPHICS_COMMANDS: Commands = {
  "*tR": raster(({ value }, m) => ({ dpi: value >= 75 && value <= 2400 ? value : m.environment.raster.dpi })),
  "*rF": raster(({ value }, m) => ({
    presentation: value === 0 || value === 3 ? value : m.environment.raster.presentation,
  })),
  "*rS": raster((command) => ({ width: dots(command) })),
  "*rT": raster((command) => ({ height: dots(command) })),
  "*tH": raster(({ value }) => ({ toWidth: value > 0 ? value * DECIPOINT : undefined })),
  "*tV": raster(({ value }) => ({ toHeight: value > 0 ? value * DECIPOINT : undefined })),
  "*bM": (m, { value }) => {
    m.environment.raster.compression = value;
  },
  "*rA": (m, { value }) => m.raster.start(value),
  "*rB": endRaster,
  "*rC": (m) => {
    endRaster(m);
    m.environment.raster.compression = 0;
  },
  "*bY": (m, { value }) => m.raster.offset(Math.max(0, Math.floor(value))),
  "*bV": (m, { data }) => m.raster.transferPlane(data ?? new Uint8Array()),
  "*bW": (m, { data }) => m.raster.transferRow(data ?? new Uint8Array()),
  "*rU": (m, { value }) => useColours(m, simpleColour(value)),
  "*vW": (m, { data }) => useColours(m, data && configureImage(data)),
  "*gW": (m, { data }) => {
    endRaster(m);
    m.raster.inks = data && configureRaster(data);
  },
  "*vA": primary(0),
  "*vB": primary(1),
  "*vC": primary(2),
  "*vI": (m, { value }) => {
    const { palette, primaries, format } = m.environment;
    const rgb = (primaries[0] << 16) | (primaries[1] << 8) | primaries[2];
    if (value >= 0 && value < palette.length) palette[value] = format.space === "cmy" ? rgb ^ 0xffffff : rgb;
    m.environment.primaries = [0, 0, 0];
  },
  "*vS": (m, { value }) => {
    const { palette } = m.environment;
    m.environment.foreground = palette[Math.abs(Math.floor(value)) % Math.min(COLOURS, palette.length)] ?? 0;
  },
  "*pP": (m, { value }) => {
    const { palettes, environment } = m;
    if (value === 0 && palettes.length < PALETTES) palettes.push([...environment.palette]);
    if (value === 1) environment.palette = palettes.pop() ?? monochromePalette();
  },
  "*vN": (m, { value }) => {
    m.environment.sourceOpaque = value === 1;
  },
  "*vO": (m, { value }) => {
    m.environment.patternOpaque = value === 1;
  },
  "*vT": (m, { value }) => {
    const fill = TEXT_FILLS[value];
    if (!fill) return;
    m.environment.pattern = fill;
    m.environment.currentPattern = m.environment.patternId;
  },
  "*cG": (m, { value }) => {
    m.environment.patternId = value;
  },
  "*cW": (m, { data }) => {
    const tile = data && readTile(data);
    if (tile && m.tiles.size < PATTERN.count) m.tiles.set(m.environment.patternId, tile);
  },
  "*cQ": (m, { value }) => {
    if (value === 0 || value === 1) m.tiles.clear();
    if (value === 2) m.tiles.delete(m.environment.patternId);
  },
  "*pR": (m) => {
    m.patternOrigin = [m.x, m.y];
  },
  "*cA": (m, { value }) => {
    m.rectangle[0] = Math.abs(value) * m.environment.unit;
  },
  "*cB": (m, { value }) => {
    m.rectangle[1] = Math.abs(value) * m.environment.unit;
  },
  "*cH": (m, { value }) => {
    m.rectangle[0] = Math.abs(value) * DECIPOINT;
  },
  "*cV": (m, { value }) => {
    m.rectangle[1] = Math.abs(value) * DECIPOINT;
  },
  "*cP": (m, { value }) => {
    endRaster(m);
    const fill = RECTANGLE_FILLS[value];
    if (!fill) return;
    const { pattern, currentPattern, patternId } = m.environment;
    const paint = fill === "current" ? m.paintOf(pattern, currentPattern) : m.paintOf(fill, patternId);
    m.fill(m.x, m.y, ...m.rectangle, paint);
  },
};
