// npm run check: everything that can be judged without running the program, cheap steps first. All of them run,
// and every one that fails is named at the end.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Folders and files of source; those that do not exist yet are left out. */
const SOURCES = [
  "src",
  "web",
  "cli",
  "test",
  "bench",
  "scripts",
  "vitest.config.ts",
  "vite.config.ts",
].filter((path) => existsSync(`${root}${path}`));

/** Each is a script for this Node: what it does, then the file and its arguments. */
const STEPS: [name: string, ...command: string[]][] = [
  ["format", "node_modules/oxfmt/bin/oxfmt", "--check", ...SOURCES],
  ["lint", "node_modules/oxlint/bin/oxlint", "--type-aware", "--deny-warnings", ...SOURCES],
  ["types", "node_modules/typescript/bin/tsc", "--noEmit", "-p", "tsconfig.json"],
  ["types of the panel", "node_modules/typescript/bin/tsc", "--noEmit", "-p", "tsconfig.web.json"],
  [
    "types of the browser tests",
    "node_modules/typescript/bin/tsc",
    "--noEmit",
    "-p",
    "tsconfig.browser.json",
  ],
  ["lockfile", "scripts/check-lockfile.ts"],
  ["dead code", "node_modules/knip/bin/knip.js", "--no-progress"],
  ["generated files", "scripts/generate.ts", "--check"],
];

const failed: string[] = [];
for (const [name, ...command] of STEPS) {
  console.log(`\n— ${name}`);
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: "inherit" });
  if (status !== 0) failed.push(name);
}
console.log(failed.length === 0 ? "\nAll checks passed." : `\nFailed: ${failed.join(", ")}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
