import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const FOLDER = fileURLToPath(new URL("../../src/contract/texts/", import.meta.url));

/** Operators know what they run, and the line that names us is shown only when they want it. */
const MAY_NAME_US = new Set([
  "operator.json",
  "branding.json",
  "common.json: securedBy",
  "mails/frame.json: maker",
  // A header's name, told to whoever sets a gateway up.
  "details.json: no-gateway-key",
  // The names of settings, told to operators, and on the page of a trial on one's own machine.
  "healthWarnings.json: log-behind",
  "pages/sandbox.json: explained",
]);

type Texts = Record<string, string | Record<string, string>>;

test.each(["en", "nl"])("no text for customers names Sallyport (%s)", async (language) => {
  const naming: string[] = [];
  const files = await readdir(`${FOLDER}${language}`, { recursive: true });
  for (const file of files.filter((name) => name.endsWith(".json"))) {
    const texts = JSON.parse(await readFile(`${FOLDER}${language}/${file}`, "utf8")) as Texts;
    for (const [key, value] of Object.entries(texts))
      if (/sallyport/i.test(JSON.stringify(value))) naming.push(`${file}: ${key}`);
  }
  const forCustomers = naming.filter(
    (name) => !MAY_NAME_US.has(name) && !MAY_NAME_US.has(name.split(":")[0] ?? ""),
  );
  expect(forCustomers).toEqual([]);
  expect(naming).toContain("common.json: securedBy");
});
