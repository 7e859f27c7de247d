import { existsSync } from "node:fs";
import { glob, readFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

const pages: string[] = [];
for await (const path of glob(["*.md", "{bench,deploy,docs,sdk,test,web}/**/*.md"], { cwd: root }))
  if (!path.includes("node_modules")) pages.push(join(root, path));

/** Links and pictures of a page, without those that stand in code. */
function linksOf(text: string): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, "").replaceAll(/`[^`\n]*`/g, "`code`");
  const found = prose.matchAll(/\]\(([^)\s]+)\)|\bsrc(?:set)?="([^"]+)"/g);
  return [...found].map(([, link, picture]) => link ?? picture ?? "");
}

/** The anchor that a heading gets: lower case, words joined by `-`, everything else left out. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");

async function anchorsOf(path: string): Promise<string[]> {
  const prose = (await readFile(path, "utf8")).replaceAll(/^```[\s\S]*?^```/gm, "");
  return [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));
}

async function isBroken(page: string, target: string): Promise<boolean> {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : join(dirname(page), decodeURIComponent(path));
  if (relative(root, file).startsWith("..") || !existsSync(file)) return true;
  return anchor !== undefined && file.endsWith(".md") && !(await anchorsOf(file)).includes(anchor);
}

test("there are pages to look at", () => {
  expect(pages.map((page) => relative(root, page))).toEqual(
    expect.arrayContaining(["README.md", "docs/README.md", "docs/decisions/README.md"]),
  );
});

test("every relative link leads to a file that is there, and to a heading in it", async () => {
  const broken: string[] = [];
  for (const page of pages)
    for (const target of linksOf(await readFile(page, "utf8")))
      if (!/^(?:[a-z]+:|\/\/)/i.test(target) && (await isBroken(page, target)))
        broken.push(`${relative(root, page)}: ${target}`);
  expect(broken).toEqual([]);
});

test("docs/README.md leads to every page of docs/", async () => {
  const index = linksOf(await readFile(join(root, "docs/README.md"), "utf8"));
  const listed = new Set(index.map((target) => join(root, "docs", target.split("#")[0] ?? "")));
  const missing = pages.filter(
    (page) =>
      dirname(page) === join(root, "docs") && !page.endsWith("README.md") && !listed.has(page),
  );
  expect(missing.map((page) => relative(root, page))).toEqual([]);
});

test("docs/decisions/README.md leads to every decision, and their numbers have no gap", async () => {
  const folder = join(root, "docs/decisions");
  const index = linksOf(await readFile(join(folder, "README.md"), "utf8"));
  const files = pages
    .filter((page) => dirname(page) === folder && !page.endsWith("README.md"))
    .map((page) => relative(folder, page));
  expect(index.filter((target) => /^\d{4}-/.test(target)).toSorted()).toEqual(files.toSorted());
  expect(files.toSorted().map((file) => Number(file.slice(0, 4)))).toEqual(
    files.map((_, place) => place + 1),
  );
});

test("the threat model names tests that are there", async () => {
  const tests = new Set<string>();
  for await (const path of glob("{src,cli,scripts,test}/**/*.test.ts", { cwd: root }))
    tests.add(basename(path));
  const text = await readFile(join(root, "docs/threat-model.md"), "utf8");
  const named = [...text.matchAll(/`([^`\s]+\.test\.ts)`/g)].map(([, path = ""]) => path);
  expect(named).not.toEqual([]);
  expect(named.filter((path) => !tests.has(basename(path)))).toEqual([]);
});
