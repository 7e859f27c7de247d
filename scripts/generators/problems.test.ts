import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { problems } from "../../src/contract/problems.ts";
import { problemsPage } from "./problems.ts";

const read = (path: string): Promise<string> =>
  readFile(new URL(`../../${path}`, import.meta.url), "utf8");

type Described = {
  components: { schemas: { Problem: { properties: { code: { enum: string[] } } } } };
};

const codes = Object.keys(problems);

test("docs/problems.md names every code once with its status and title, and no other", async () => {
  const page = await read("docs/problems.md");
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \| ([^|]+) \| [^|]+ \|$/gm)];
  expect(rows.map(([, code]) => code)).toEqual(expect.arrayContaining(codes));
  expect(rows).toHaveLength(codes.length);
  const told = rows.map(([, code, status, title]) => [code, { status: Number(status), title }]);
  expect(Object.fromEntries(told)).toEqual(problems);
});

test("the page shows the same chapters that would be made now", async () => {
  expect(await read("docs/problems.md")).toBe(problemsPage());
});

test("docs/openapi.json names the same codes", async () => {
  const described = JSON.parse(await read("docs/openapi.json")) as Described;
  expect(described.components.schemas.Problem.properties.code.enum).toEqual(codes);
});
