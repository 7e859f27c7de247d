/*
 * What a brand's colour must be, and what is made of it. Pure and small: the server judges by it and the
 * panel previews by it. Lightness and hue are those of OKLab, in which steps of one size look like that.
 */

/** WCAG 2.2, 1.4.3: text against what is behind it. */
export const TEXT_CONTRAST = 4.5;

/** Where nobody chose a colour: steel blue. */
export const DEFAULT_COLOR = "#2c5f9e";

/** The panel's darkest background that carries links: cards in the dark scheme. */
export const DARK_BACKGROUND = "#2e2e2e";
const WHITE = "#ffffff";

type Triple = readonly [number, number, number];
type Polar = { lightness: number; chroma: number; hue: number };

/** Ten shades, light to dark; the eighth is the brand's own colour. */
export type Shades = readonly [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];

/** `#1f4e8c`, lower case; null for anything else. Three digits stand for six. */
export function parseColor(text: string): string | null {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1]?.toLowerCase();
  if (digits === undefined) return null;
  return `#${digits.length === 3 ? digits.replaceAll(/./g, "$&$&") : digits}`;
}

/** WCAG's ratio of two colours, 1 to 21. */
export function contrastOf(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminanceOf(one), luminanceOf(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

export type ColorJudgement = {
  /** White text on the colour, and the colour as text on white: the same ratio. */
  onWhite: number;
  /** The shade that is used in the dark scheme, against its background. */
  onDark: number;
  passes: boolean;
  /** The nearest colour of the same hue that passes: itself where it does. */
  nearest: string;
};

/** Whether texts in a colour, and white texts on it, can be read. */
export function judgeColor(color: string): ColorJudgement {
  const onWhite = contrastOf(color, WHITE);
  const onDark = contrastOf(shadesOf(color)[3], DARK_BACKGROUND);
  const passes = onWhite >= TEXT_CONTRAST && onDark >= TEXT_CONTRAST;
  return { onWhite, onDark, passes, nearest: passes ? color : nearestReadable(color) };
}

/** How far each shade is from the colour (0) to nearly white (1). */
const TOWARDS_WHITE = [1, 0.92, 0.82, 0.7, 0.58, 0.44, 0.26] as const;
const NEARLY_WHITE = 0.975;
/** Shares of the colour's own lightness. */
const DARKER = [0.84, 0.66] as const;
/** Below this a filled button can hardly be told from the dark background. */
const LEAST_DARK_FILL = 0.45;

/** Tints, the colour, and two darker shades: tints lose colour as they near white. */
export function shadesOf(color: string): Shades {
  const own = toPolar(color);
  const tint = (share: number) =>
    fromPolar({
      lightness: own.lightness + (NEARLY_WHITE - own.lightness) * share,
      chroma: own.chroma * (1 - share * 0.85),
      hue: own.hue,
    });
  const shade = (share: number) => fromPolar({ ...own, lightness: own.lightness * share });
  const [a, b, c, d, e, f, g] = TOWARDS_WHITE;
  return [
    tint(a),
    tint(b),
    tint(c),
    tint(d),
    tint(e),
    tint(f),
    tint(g),
    color,
    shade(DARKER[0]),
    shade(DARKER[1]),
  ];
}

/** What filled buttons have in the dark scheme: the colour, or a lighter one of its hue where it is very dark. */
export function darkFillOf(color: string): string {
  const own = toPolar(color);
  if (own.lightness >= LEAST_DARK_FILL) return color;
  const lighter = fromPolar({ ...own, lightness: LEAST_DARK_FILL });
  return contrastOf(lighter, WHITE) >= TEXT_CONTRAST ? lighter : color;
}

/** The lightest of the same hue that passes; rounding to whole steps of 1/255 is part of the search. */
function nearestReadable(color: string): string {
  const own = toPolar(color);
  let [fails, passes] = [own.lightness, 0];
  for (let round = 0; round < 20; round += 1) {
    const middle = (fails + passes) / 2;
    const candidate = fromPolar({ ...own, lightness: middle });
    if (contrastOf(candidate, WHITE) >= TEXT_CONTRAST) passes = middle;
    else fails = middle;
  }
  return fromPolar({ ...own, lightness: passes });
}

const toLinear = (channel: number): number =>
  channel <= 0.040_45 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;

const toGamma = (channel: number): number =>
  channel <= 0.003_130_8 ? channel * 12.92 : 1.055 * channel ** (1 / 2.4) - 0.055;

function linearOf(color: string): Triple {
  const channel = (from: number) =>
    toLinear(Number.parseInt(color.slice(from, from + 2), 16) / 255);
  return [channel(1), channel(3), channel(5)];
}

function luminanceOf(color: string): number {
  const [red, green, blue] = linearOf(color);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Björn Ottosson's OKLab, as polar coordinates. */
function toPolar(color: string): Polar {
  const [red, green, blue] = linearOf(color);
  const l = Math.cbrt(0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue);
  const m = Math.cbrt(0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue);
  const s = Math.cbrt(0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue);
  const a = 1.977_998_495_1 * l - 2.428_592_205 * m + 0.450_593_709_9 * s;
  const b = 0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766 * s;
  return {
    lightness: 0.210_454_255_3 * l + 0.793_617_785 * m - 0.004_072_046_8 * s,
    chroma: Math.hypot(a, b),
    hue: Math.atan2(b, a),
  };
}

/** The nearest colour that a screen can show: as much of the chroma as fits. */
function fromPolar({ lightness, chroma, hue }: Polar): string {
  let [fits, tooMuch] = [0, chroma];
  if (isShown(linearFrom({ lightness, chroma, hue }))) fits = chroma;
  else
    for (let round = 0; round < 16; round += 1) {
      const middle = (fits + tooMuch) / 2;
      if (isShown(linearFrom({ lightness, chroma: middle, hue }))) fits = middle;
      else tooMuch = middle;
    }
  const channels = linearFrom({ lightness, chroma: fits, hue }).map((channel) =>
    Math.round(toGamma(Math.min(1, Math.max(0, channel))) * 255)
      .toString(16)
      .padStart(2, "0"),
  );
  return `#${channels.join("")}`;
}

const isShown = (channels: Triple): boolean =>
  channels.every((channel) => channel >= -0.0005 && channel <= 1.0005);

function linearFrom({ lightness, chroma, hue }: Polar): Triple {
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)];
  const l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b) ** 3;
  const m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b) ** 3;
  const s = (lightness - 0.089_484_177_5 * a - 1.291_485_548 * b) ** 3;
  return [
    4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
    -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
    -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s,
  ];
}
