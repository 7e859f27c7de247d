// npm run screenshots: the pictures of the README and of the panel's help, taken of a demo that is made for it.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { Camera, settle, shoot, type Look, type Region, type Size } from "./screenshots/camera.ts";
import { guidePictures, readmePictures, type Picture } from "./screenshots/pictures.ts";
import { findPlaces, type Places } from "./screenshots/places.ts";
import { startDemo } from "./screenshots/running-demo.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const HELP_FOLDER = join(root, "web/help/pictures");
const README_FOLDER = join(root, "docs/pictures");

/** Wide enough for the menu, and no wider: what is beside it fills a guide's column at its own size. */
const GUIDE = { width: 1120, height: 900 };
const README = { width: 1280, height: 800 };
/** Pixels of a picture for each of the page's: sharp where screens are, and still light. */
const SCALE = 1.5;
/** Of WebP, of 100: letters stay sharp. */
const QUALITY = 60;
/** Around what is cut out, pixels of the page. */
const MARGIN = 20;

/** How much of what was asked for is given up to end where a whole card does. */
const SHORTER = 0.3;

const languages = ["en", "nl"] as const;
const colorSchemes = ["light", "dark"] as const;
const looks: Look[] = languages.flatMap((language) =>
  colorSchemes.map((colorScheme) => ({ language, colorScheme })),
);

/** Only pictures whose names hold one of these words; all, where there are none. */
const wanted = process.argv.slice(2);
const isWanted = (name: string): boolean =>
  wanted.length === 0 || wanted.some((word) => name.includes(word));

/** How large each of the guides' pictures is drawn, so that nothing moves when it comes. */
const SIZES_FILE = join(HELP_FOLDER, "sizes.json");
const sizes: Record<string, [width: number, height: number]> = JSON.parse(
  await readFile(SIZES_FILE, "utf8").catch(() => "{}"),
);

let totalBytes = 0;
const demo = await startDemo();
try {
  const camera = await Camera.open(demo);
  try {
    const places = await askForPlaces(camera);
    for (const look of looks) await takeGuides(camera, look, places);
    for (const colorScheme of colorSchemes)
      await takeReadme(camera, { language: "en", colorScheme }, places);
  } finally {
    await camera.close();
  }
} finally {
  await demo.stop();
}
const sorted = Object.entries(sizes).toSorted(([a], [b]) => a.localeCompare(b));
// A line for each picture, as the formatter wants it.
const lines = sorted.map(([name, [width, height]]) => `  "${name}": [${width}, ${height}]`);
await writeFile(SIZES_FILE, `{\n${lines.join(",\n")}\n}\n`);
console.log(`${Math.round(totalBytes / 1000)} kB altogether`);

async function askForPlaces(camera: Camera): Promise<Places> {
  const look: Look = { language: "en", colorScheme: "light" };
  const page = await camera.pageOf(guidePictures.apps.who, look, README);
  return await findPlaces(page, ["Webshop", "Dealer portal"]);
}

async function takeGuides(camera: Camera, look: Look, places: Places): Promise<void> {
  const folder = join(HELP_FOLDER, look.language);
  await mkdir(folder, { recursive: true });
  for (const [name, picture] of Object.entries(guidePictures)) {
    if (!isWanted(name)) continue;
    const viewport = { ...GUIDE, width: picture.width ?? GUIDE.width };
    const page = await openPicture({ camera, look, places, picture, viewport });
    const region = await regionOf(page, picture.height);
    sizes[`${look.language}/${name}`] = [Math.round(region.width), Math.round(region.height)];
    await keep(page, join(folder, `${name}-${look.colorScheme}.webp`), region);
  }
}

async function takeReadme(camera: Camera, look: Look, places: Places): Promise<void> {
  await mkdir(README_FOLDER, { recursive: true });
  for (const [name, picture] of Object.entries(readmePictures)) {
    if (!isWanted(name)) continue;
    const page = await openPicture({ camera, look, places, picture, viewport: README });
    const region = { x: 0, y: 0, ...README };
    await keep(page, join(README_FOLDER, `${name}-${look.colorScheme}.webp`), region);
  }
}

type Opening = {
  camera: Camera;
  look: Look;
  places: Places;
  picture: Picture;
  viewport: Size;
};

async function openPicture({ camera, look, places, picture, viewport }: Opening): Promise<Page> {
  const page = await camera.pageOf(picture.who, look, viewport);
  await page.goto(picture.path(places));
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await settle(page);
  await picture.act?.(page, look.language);
  await settle(page);
  return page;
}

async function keep(page: Page, path: string, region: Region): Promise<void> {
  const bytes = await shoot(page, path, { region, scale: SCALE, quality: QUALITY });
  totalBytes += bytes;
  console.log(`${path.slice(root.length)} ${Math.round(bytes / 1000)} kB`);
  await page.context().close();
}

/** The open dialog, or the page beside the menu, down to the last thing that fits whole: a card, else a line. */
async function regionOf(page: Page, height: number): Promise<Region> {
  const found: unknown = await page.evaluate(`(() => {
    const main = document.querySelector("[role=dialog]") ?? document.querySelector("#page");
    const { x, y, width } = (main.querySelector(".mantine-Container-root") ?? main).getBoundingClientRect();
    const parts = [...main.querySelectorAll("section, [role=alert], li, tr, form, p, a, figure, h2, button, input, select, textarea")]
      .filter((each) => [null, each].includes(each.closest("li, tr, [role=alert]")))
      .map((each) => ({ isCard: each.tagName === "SECTION", ...each.getBoundingClientRect().toJSON() }));
    const top = Math.min(y, main.firstElementChild.getBoundingClientRect().top);
    return { x, y: top + scrollY, width, parts: parts.map(({ isCard, top, bottom }) => ({ isCard, top: top + scrollY, bottom: bottom + scrollY })) };
  })()`);
  const { x, y, width, parts } = found as Omit<Region, "height"> & {
    parts: { isCard: boolean; top: number; bottom: number }[];
  };
  const fitting = parts.filter(({ bottom: end }) => end <= y + height);
  const cards = fitting.filter((part) => part.isCard && part.bottom >= y + height * (1 - SHORTER));
  const bottom = Math.max(...(cards.length > 0 ? cards : fitting).map((part) => part.bottom));
  // Nothing of what comes next looks in.
  const next = parts.map(({ top }) => top).filter((top) => top >= bottom - 1);
  const below = Math.min(MARGIN, ...next.map((top) => Math.max(0, top - bottom - 2)));
  return {
    x: Math.max(0, x - MARGIN),
    y: Math.max(0, y - MARGIN),
    width: width + 2 * MARGIN,
    height: bottom + below - y + MARGIN,
  };
}
