import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { languages } from "./languages.ts";

const ROOT = new URL("../../src/contract/texts/", import.meta.url);

/** Every file of a language: the panel's, and below them those of mails. */
const filesOf = (language: string): string[] =>
  readdirSync(new URL(language, ROOT), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".json"))
    .toSorted();

const names = filesOf("en");

type Texts = { [key: string]: string | Texts | string[] };

const read = (language: string, file: string): Texts =>
  JSON.parse(readFileSync(new URL(`${language}/${file}`, ROOT), "utf8")) as Texts;

/** Every text by its whole key. */
function flat(texts: Texts | string[], path = ""): [key: string, text: string][] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === "string"
      ? [[`${path}${key}`, value] as [string, string]]
      : flat(value, `${path}${key}.`),
  );
}

const placeholders = (text: string): string[] =>
  [...new Set(text.match(/\{\{.*?\}\}/g))].toSorted();

const wordsOf = (text: string): number =>
  text
    .replaceAll(/\{\{.*?\}\}/g, "")
    .split(/\s+/)
    .filter(Boolean).length;

describe.each(Object.keys(languages).filter((language) => language !== "en"))("%s", (language) => {
  test("has the files of English", () => {
    expect(filesOf(language)).toEqual(names);
  });

  test.each(names)("%s has every text, with the same places to fill", (file) => {
    const english = flat(read("en", file)).map(([key, text]) => [key, placeholders(text)]);
    const theirs = flat(read(language, file)).map(([key, text]) => [key, placeholders(text)]);
    expect(theirs.toSorted()).toEqual(english.toSorted());
  });

  test("is a translation: hardly a sentence is the English one", () => {
    const same = names.flatMap((file) => {
      const english = new Map(flat(read("en", file)));
      return flat(read(language, file))
        .filter(([key, text]) => english.get(key) === text && wordsOf(text) > 2)
        .map(([key]) => `${file} ${key}`);
    });
    expect(same).toEqual([]);
  });
});
