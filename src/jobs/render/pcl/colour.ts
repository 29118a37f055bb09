/**
 * Colours of PCL 5c and of DeskJets: palettes, and how the bits of raster pixels become colours.
 * PCL 5 Color Technical Reference Manual, chapters 2 to 4.
 */

/** What the pixels of raster graphics are made of. */
export interface PixelFormat {
  /** Planes: one bit of a pixel each; otherwise whole pixels one after the other. */
  planes: boolean;
  /** Whether the value is a number of the palette; otherwise it is the colour itself, in {@link primaries}. */
  indexed: boolean;
  /** Bits of a pixel's number, or of each primary. */
  bits: readonly number[];
  space: ColourSpace;
}

export type ColourSpace = "rgb" | "cmy" | "kcmy" | "grey";
/** A palette holds at most this many. */
export const COLOURS = 256;

const RGB = [0x000000, 0xff0000, 0x00ff00, 0xffff00, 0x0000ff, 0xff00ff, 0x00ffff, 0xffffff];
const CMY = RGB.map((rgb) => rgb ^ 0xffffff);
const MONO = [0xffffff, 0x000000];

export const MONOCHROME: PixelFormat = { planes: true, indexed: true, bits: [1], space: "grey" };

/** ESC*r#U: simple colour. Undefined for a value there is not. */
export function simpleColour(value: number): { format: PixelFormat; palette: number[] } | undefined {
  const planes = (count: number, space: ColourSpace): PixelFormat => ({
    planes: true,
    indexed: true,
    bits: [count],
    space,
  });
  if (value === 1) return { format: MONOCHROME, palette: [...MONO] };
  if (value === 3) return { format: planes(3, "rgb"), palette: [...RGB] };
  if (value === -3) return { format: planes(3, "cmy"), palette: [...CMY] };
  // Black is the first plane.
  if (value === -4) {
    const palette = Array.from({ length: 16 }, (_, i) => (i & 1 ? 0 : CMY[i >> 1]!));
    return { format: planes(4, "kcmy"), palette };
  }
  return undefined;
}

export const monochromePalette = (): number[] => [...MONO];

/** ESC*v#W: configure image data. The long forms only add references for device-independent colour. */
export function configureImage(data: Uint8Array): { format: PixelFormat; palette: number[] } | undefined {
  const [space = 0, encoding = 0, bitsIndex = 0, ...primaries] = data.subarray(0, 6);
  if (data.length < 6 || encoding > 3) return undefined;
  const subtractive = space === 1;
  const bits = clamp(bitsIndex, 1, 8);
  const indexed = encoding < 2;
  const format: PixelFormat = {
    planes: encoding === 0 || encoding === 2,
    indexed,
    bits: indexed ? [bits] : primaries.map((one) => clamp(one, 1, 8)),
    space: subtractive ? "cmy" : "rgb",
  };
  return { format, palette: indexed ? defaultPalette(bits, subtractive) : monochromePalette() };
}

/** The first eight colours as in simple colour, the rest black. */
function defaultPalette(bits: number, subtractive: boolean): number[] {
  if (bits === 1) return monochromePalette();
  const few = subtractive ? [CMY[0]!, CMY[1]!, CMY[2]!, CMY[7]!] : [RGB[0]!, RGB[1]!, RGB[2]!, RGB[7]!];
  const first = bits === 2 ? few : subtractive ? CMY : RGB;
  return Array.from({ length: 2 ** bits }, (_, i) => first[i] ?? 0);
}

/** Inks laid over each other, 0 to 1 each, in the order K, C, M, Y (CMY without K, K alone). */
export function inked(inks: readonly number[]): number {
  const [k, c, m, y] = inks.length === 4 ? inks : inks.length === 3 ? [0, ...inks] : [inks[0]!, 0, 0, 0];
  const channel = (ink: number) => Math.round(255 * (1 - ink) * (1 - k!));
  return (channel(c!) << 16) | (channel(m!) << 8) | channel(y!);
}

export function fromPrimaries(values: readonly number[], { bits, space }: PixelFormat): number {
  const part = (i: number) => Math.round((255 * (values[i] ?? 0)) / (2 ** (bits[i] ?? 8) - 1));
  const rgb = (part(0) << 16) | (part(1) << 8) | part(2);
  return space === "cmy" ? rgb ^ 0xffffff : rgb;
}

/** How many bits a pixel has. */
export function bitsOf({ bits }: PixelFormat): number {
  return bits.reduce((sum, one) => sum + one, 0);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
