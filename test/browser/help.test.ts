import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import help from "../../src/contract/texts/nl/help.json" with { type: "json" };
import { addPerson, type Person } from "../builders/people.ts";
import { PHONE, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
let person: Person;
beforeAll(async () => {
  panel = await startPanel();
  person = await addPerson(panel.h);
}, 120_000);
afterAll(() => panel.stop());

/** The guide's picture once it is there: its address, and how many of its own pixels came. */
async function pictureOf(page: Page): Promise<{ src: string; pixels: number; alt: string }> {
  const image = page.getByRole("img").last();
  await image.scrollIntoViewIfNeeded();
  const { src, pixels, alt } = await image.evaluate(async (element) => {
    const picture = element as HTMLImageElement;
    await picture.decode();
    return { src: picture.src, pixels: picture.naturalWidth, alt: picture.alt };
  });
  return { src: new URL(src).pathname, pixels, alt };
}

test("a guide shows its picture in the colours of the page, and says in words what is on it", async () => {
  const page = await panel.openAs(person);
  await page.goto("/help/ip-whitelist");
  const light = await pictureOf(page);
  expect(light.src).toMatch(/^\/assets\/ip-whitelist-light-[\w-]+\.webp$/);
  expect(light.pixels).toBeGreaterThan(1_000);
  expect(light.alt).toMatch(/^The IP whitelist of an app/);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.locator("img[src*=dark]").waitFor();
  expect((await pictureOf(page)).src).toMatch(/^\/assets\/ip-whitelist-dark-/);
  await page.context().close();
});

test("on a phone it fits, and opens by itself to be made larger; in Dutch it is the Dutch panel's", async () => {
  const page = await panel.openAs(person, { viewport: PHONE });
  await page.goto("/help/two-factor");
  const english = await pictureOf(page);
  expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
  const link = page.getByRole("link", { name: english.alt });
  expect(await link.getAttribute("href")).toBe(english.src);

  await page.evaluate("localStorage.setItem('sallyport-language', 'nl')");
  await page.reload();
  const dutch = await pictureOf(page);
  expect(dutch.alt).toBe(help.guides.twoFactor.picture);
  expect([dutch.src === english.src, dutch.pixels > 1_000]).toEqual([false, true]);
  await page.context().close();
});
