import { globSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  detailParams,
  failureParams,
  healthWarningParams,
  networkWarningParams,
} from "./contract/failures.ts";

const ROOT = new URL("contract/texts/", import.meta.url);
const languages = readdirSync(ROOT);

const TABLES = [
  ["failures", failureParams],
  ["details", detailParams],
  ["networkWarnings", networkWarningParams],
  ["healthWarnings", healthWarningParams],
] as const;

const read = (language: string, file: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`${language}/${file}.json`, ROOT), "utf8")) as Record<
    string,
    string
  >;

const placesOf = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? ""))].toSorted();

const categoriesOf = (language: string): string[] =>
  new Intl.PluralRules(language).resolvedOptions().pluralCategories;

describe.each(languages)("%s", (language) => {
  test.each(TABLES)(
    "%s: every code has its text, filled with what the code brings",
    (file, table) => {
      const texts = read(language, file);
      const wanted = Object.entries(table).flatMap(([code, params]) => {
        const keys =
          code in texts ? [code] : categoriesOf(language).map((each) => `${code}_${each}`);
        return keys.map((key) => [key, [...params].toSorted()]);
      });
      const found = Object.entries(texts).map(([key, text]) => [key, placesOf(text)]);
      expect(found.toSorted()).toEqual(wanted.toSorted());
    },
  );

  test.each(TABLES)("%s: every text is whole sentences", (file) => {
    const broken = Object.values(read(language, file)).filter(
      (text) => !/^(\p{Lu}|\{\{).*\.$/u.test(text),
    );
    expect(broken).toEqual([]);
  });
});

test("nobody words a failure by hand: each is made by its code", () => {
  const files = globSync("src/**/*.ts", { cwd: new URL("..", import.meta.url).pathname });
  expect(files.length).toBeGreaterThan(300);
  const handmade = files.filter((file) => {
    if (file.endsWith(".test.ts") || file === "src/failures.ts") return false;
    const source = readFileSync(new URL(`../${file}`, import.meta.url), "utf8");
    return /\bpointer[^\n{}]*,\s*detail\b(?!: Type\.)|detail: ["'`]\w[^"'`]*["'`],?\s*\}\);/.test(
      source,
    );
  });
  expect(handmade).toEqual([]);
});
