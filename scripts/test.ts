// npm test [-- filter]      npm run test:long: the same suite with its long campaigns
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ensurePrograms } from "./test-programs.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const args = process.argv.slice(2);
const isLong = args.includes("--long");

process.exitCode = await run();

async function run(): Promise<number> {
  try {
    await ensurePrograms();
  } catch (error) {
    return broken(error instanceof Error ? error.message : String(error));
  }
  const result = spawnSync(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", ...args.filter((arg) => arg !== "--long")],
    {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...(isLong && { SALLYPORT_TEST_LONG: "1" }) },
    },
  );
  // A run that was killed could not say its own closing line.
  return result.status ?? broken(`The tests were ended by ${result.signal ?? "an error"}.`);
}

/** Whoever reads only the last line must not take silence for success. */
function broken(message: string): number {
  process.stdout.write(`${message}\n\n0 passed, 1 failed, 0 skipped\n`);
  return 1;
}
