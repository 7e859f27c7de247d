import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const START = 'import { expect, it } from "vitest";\n';

const RUNS: [what: string, test: string, lastLine: string, isRed: boolean][] = [
  [
    "a green run",
    'it("a", () => {}); it.skip("b", () => {});',
    "1 passed, 0 failed, 1 skipped",
    false,
  ],
  [
    "a failed test",
    'it("a", () => {}); it("b", () => expect(1).toBe(2));',
    "1 passed, 1 failed, 0 skipped",
    true,
  ],
  ["a file that does not load", 'import "./missing.ts";', "0 passed, 1 failed, 0 skipped", true],
  [
    "an error that nobody waited for",
    'it("a", () => void Promise.reject(new Error("lost")));',
    "1 passed, 1 failed, 0 skipped",
    true,
  ],
];

it.each(RUNS)("ends %s with what happened", async (_what, test, lastLine, isRed) => {
  expect(await runTests(test, {})).toEqual({ lastLine, isRed });
});

it("names a browser's test that passed on its second try", async () => {
  const { output, ...ended } = await runAll(
    failingAtFirst("locator.click: Timeout 15000ms exceeded."),
  );
  expect(ended).toEqual({ lastLine: "1 passed, 0 failed, 0 skipped", isRed: false });
  expect(output).toContain("Needed a second try: twice\n");
});

it("tries nothing again that is not as it should be", async () => {
  const ended = await runTests(failingAtFirst("expected 1 to be 2"), {});
  expect(ended).toEqual({ lastLine: "0 passed, 1 failed, 0 skipped", isRed: true });
});

const failingAtFirst = (message: string) =>
  `let tries = 0; it("twice", () => { if (tries++ === 0) throw new Error(${JSON.stringify(message)}); });`;

it("fails a run in CI that skips a test", async () => {
  const ended = await runTests('it("a", () => {}); it.skip("b", () => {});', { CI: "true" });
  expect(ended).toEqual({ lastLine: "1 passed, 1 failed, 1 skipped", isRed: true });
});

it("says a failure when the run breaks before its first test", async () => {
  const ended = await runTests('it("a", () => {});', {}, 'throw new Error("no database");');
  expect(ended).toEqual({ lastLine: "0 passed, 1 failed, 0 skipped", isRed: true });
});

/** The last line of what a run prints, and whether it exits with an error. */
async function runTests(test: string, env: Record<string, string>, setUp = "") {
  const { lastLine, isRed } = await runAll(test, env, setUp);
  return { lastLine, isRed };
}

/** Runs a real vitest on one file. */
async function runAll(test: string, env: Record<string, string> = {}, setUp = "") {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-reporter-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "one.test.ts"), `${START}${test}\n`);
  await writeFile(join(folder, "set-up.ts"), `export function setup() { ${setUp} }\n`);
  await writeFile(
    join(folder, "vitest.config.ts"),
    `import { ClosingLineReporter } from ${JSON.stringify(join(root, "test/closing-line-reporter.ts"))};
    import { SECOND_TRY } from ${JSON.stringify(join(root, "test/second-try.ts"))};
    const reporters = ["default", new ClosingLineReporter()];
    export default { test: { globalSetup: ["set-up.ts"], reporters, retry: SECOND_TRY } };\n`,
  );
  const { CI: _ci, ...inherited } = process.env;
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const ended = await promisify(execFile)(process.execPath, [vitest, "run", "--root", folder], {
    cwd: folder,
    env: { ...inherited, ...env },
  }).then(
    ({ stdout }) => ({ stdout, isRed: false }),
    ({ stdout }: { stdout: string }) => ({ stdout, isRed: true }),
  );
  const lastLine = ended.stdout.trimEnd().split("\n").at(-1);
  return { output: ended.stdout, lastLine, isRed: ended.isRed };
}
