import { readdirSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { guides } from "./guides.ts";
import sizes from "./pictures/sizes.json" with { type: "json" };

const FOLDER = new URL("pictures/", import.meta.url);
/** What a picture may weigh, bytes: somebody looks at it over a phone's network. */
const PICTURE_BYTES = 60_000;
/** ... and all of them, in the repository: each new set is kept for good. */
const ALL_BYTES = 3_000_000;

const languages = readdirSync(FOLDER).filter((name) => !name.includes("."));

test("every guide has its picture, in both languages and both looks, and none is heavy", () => {
  expect(languages.toSorted()).toEqual(["en", "nl"]);
  const wanted = languages.flatMap((language) =>
    Object.keys(guides).flatMap((guide) =>
      ["dark", "light"].map((look) => `${language}/${guide}-${look}.webp`),
    ),
  );
  const found = languages.flatMap((language) =>
    readdirSync(new URL(language, FOLDER)).map((file) => `${language}/${file}`),
  );
  expect(found.toSorted()).toEqual(wanted.toSorted());
  const bytes = found.map((file) => statSync(new URL(file, FOLDER)).size);
  expect(Math.max(...bytes)).toBeLessThan(PICTURE_BYTES);
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(ALL_BYTES);
});

test("the page knows how large each of them is", () => {
  const wanted = languages.flatMap((language) =>
    Object.keys(guides).map((guide) => `${language}/${guide}`),
  );
  expect(Object.keys(sizes).toSorted()).toEqual(wanted.toSorted());
});
