import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Kysely's types of every table of ours; graphile-worker's schema is its own affair. */
export async function databaseTypes(ownerUrl: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      "node_modules/kysely-codegen/dist/cli/bin.js",
      "--dialect=postgres",
      "--url=env(DATABASE_URL)",
      "--include-pattern=public.*",
      // db.ts makes pg leave `date` as text.
      "--date-parser=string",
      "--log-level=error",
      "--print",
    ],
    { cwd: root, env: { ...process.env, DATABASE_URL: ownerUrl }, maxBuffer: 64 * 1024 * 1024 },
  );
  return stdout;
}
