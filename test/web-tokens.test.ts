/** The colours of the console: enough contrast in both themes, and intents that stay apart for colour-blind readers. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { INTENT_ORDER } from "../src/detect/intent.ts";

type Rgb = readonly [number, number, number];

const CSS = readFileSync("web/style/tokens.css", "utf8");
const THEMES = {
  light: colours(/:root \{([^}]*)\}/),
  dark: { ...colours(/:root \{([^}]*)\}/), ...colours(/:root\[data-theme="dark"\] \{([^}]*)\}/) },
};

function colours(block: RegExp): Record<string, string> {
  const body = block.exec(CSS)?.[1] ?? "";
  return Object.fromEntries([...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((found) => [found[1]!, found[2]!]));
}

/** Linear light of a colour, 0 to 1 (IEC 61966-2-1). */
function linear(hex: string): Rgb {
  return [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
}

/** WCAG 2.2, contrast ratio. */
function contrast(a: string, b: string): number {
  const light = (hex: string) => {
    const [r, g, blue] = linear(hex);
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [most, least] = [light(a), light(b)].sort((x, y) => y - x) as [number, number];
  return (most + 0.05) / (least + 0.05);
}

type Matrix = readonly [Rgb, Rgb, Rgb];
const times = (matrix: Matrix, [r, g, b]: Rgb): Rgb =>
  matrix.map((row) => row[0] * r + row[1] * g + row[2] * b) as unknown as Rgb;

/** How colours look to colour-blind eyes: Machado, Oliveira and Fernandes 2009, severity 1, on linear light. */
const EYES: Record<string, Matrix> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** OKLab of linear light (Ottosson 2020), times 100. */
function oklab(light: Rgb): Rgb {
  const clipped = light.map((value) => Math.min(1, Math.max(0, value))) as unknown as Rgb;
  const lms = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    clipped,
  ).map(Math.cbrt) as unknown as Rgb;
  const lab = times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    lms,
  );
  return lab.map((value) => value * 100) as unknown as Rgb;
}

function closest(theme: Record<string, string>, eye: Matrix): number {
  const labs = INTENT_ORDER.map((intent) => oklab(times(eye, linear(theme[`i-${intent}`]!))));
  let least = Infinity;
  labs.forEach((a, i) => {
    for (const b of labs.slice(i + 1)) least = Math.min(least, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]));
  });
  return least;
}

describe.each(Object.entries(THEMES))("%s", (_, theme) => {
  it("has every token", () => {
    expect(INTENT_ORDER.filter((intent) => theme[`i-${intent}`] === undefined)).toEqual([]);
  });

  it("can be read: text 4.5 to 1", () => {
    const pairs = [
      ...["ink", "ink-2", "ink-3"].flatMap((text) => ["desk", "paper", "sunk", "hover"].map((on) => [text, on])),
      ...["cyan", "magenta", "ok", "warn"].flatMap((text) => ["desk", "paper", "hover"].map((on) => [text, on])),
      ["mark-ink", "mark"],
      ["warn", "warn-tint"],
      ["ink", "warn-tint"],
      ["ink", "magenta-tint"],
      ["ink", "cyan-tint"],
      ["cyan", "cyan-tint"],
      ["paper", "ink"],
      ["paper", "ok"],
      ["paper", "magenta"],
      ["sheet-ink", "sheet"],
    ] as [string, string][];
    const faint = pairs.filter(([text, on]) => contrast(theme[text]!, theme[on]!) < 4.5);
    expect(faint.map(([text, on]) => `${text} on ${on}: ${contrast(theme[text]!, theme[on]!).toFixed(2)}`)).toEqual([]);
  });

  it("can be seen: glyphs and the edges of fields 3 to 1 on paper", () => {
    const drawn = [...INTENT_ORDER.map((intent) => `i-${intent}`), "rule-2", "ink-2"];
    expect(drawn.filter((name) => contrast(theme[name]!, theme["paper"]!) < 3)).toEqual([]);
  });

  it.each([
    ["normal", 10],
    ["protan", 8],
    ["deutan", 8],
    ["tritan", 6.5],
  ] as const)("keeps the intents apart for %s eyes", (eye, least) => {
    const found = closest(theme, EYES[eye]!);
    console.log(`closest pair of intents, ${eye}: ${found.toFixed(1)}`);
    expect(found).toBeGreaterThanOrEqual(least);
  });
});

describe("styles", () => {
  it("use no colour that is not a token, but for paper's own shadows", () => {
    const files = readdirSync("web", { recursive: true, encoding: "utf8" }).filter((path) =>
      /\.(svelte|css)$/.test(path),
    );
    const found = files
      .filter((path) => !path.endsWith("tokens.css"))
      .flatMap((path) => {
        const text = readFileSync(`web/${path}`, "utf8");
        const style = path.endsWith(".css") ? text : (/<style>([^]*)<\/style>/.exec(text)?.[1] ?? "");
        return [...style.matchAll(/#[0-9a-f]{3,8}\b/gi)].map((one) => `${path}: ${one[0]}`);
      });
    expect(found).toEqual([]);
  });

  it("are never written into the markup, which the content security policy forbids", () => {
    const files = readdirSync("web", { recursive: true, encoding: "utf8" }).filter((path) =>
      /\.(svelte|html)$/.test(path),
    );
    expect(files.filter((path) => /\sstyle="|\{@html|\son\w+="/.test(readFileSync(`web/${path}`, "utf8")))).toEqual([]);
  });
});
