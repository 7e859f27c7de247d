import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

type Operation = {
  tags?: string[];
  summary?: string;
  security?: object[];
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<string, unknown>;
};

const text = await readFile(new URL("../../docs/openapi.json", import.meta.url), "utf8");
const description = JSON.parse(text) as {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
};

const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    operation,
  })),
);

test("the description is OpenAPI 3.1 and holds the main job", () => {
  expect(description.openapi).toMatch(/^3\.1\./);
  const names = operations.map(({ name }) => name);
  for (const name of ["POST /v1/accounts", "POST /v1/decisions", "GET /v1/audit/entries"])
    expect(names).toContain(name);
});

test("every call says what it does, for which chapter, and who may make it", () => {
  const silent = operations.filter(
    ({ operation: { summary, tags, security } }) =>
      summary === undefined || tags?.length !== 1 || security === undefined,
  );
  expect(silent.map(({ name }) => name)).toEqual([]);
});

test("every call describes its answer, its refusal and its body", () => {
  const vague = operations.filter(({ name, operation: { requestBody, responses } }) => {
    const hasAnswer = Object.keys(responses).some((status) => status.startsWith("2"));
    const takesBody = /^(?:POST|PUT|PATCH) /.test(name) && !BODILESS.test(name);
    return !hasAnswer || responses["default"] === undefined || (takesBody && !requestBody);
  });
  expect(vague.map(({ name }) => name)).toEqual([]);
});

/** Calls whose path says everything. */
const BODILESS = /\/(?:confirm|resend|retry|enable)$/;

test("whatever is referred to is there", () => {
  const dangling = [...text.matchAll(/"\$ref": "([^"]+)"/g)].filter(([, reference = ""]) => {
    let at: unknown = description;
    for (const step of reference.replace(/^#\//, "").split("/"))
      at = (at as Record<string, unknown> | undefined)?.[step];
    return !reference.startsWith("#/") || at === undefined;
  });
  expect(dangling.map(([, reference]) => reference)).toEqual([]);
});
