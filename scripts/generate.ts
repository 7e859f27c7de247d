// npm run generate                writes the generated files
// npm run generate -- --check     says which of them are stale
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { RUNTIME } from "../src/platform/db/embedded/connection-urls.ts";
import { migrate } from "../src/platform/db/migrate.ts";
import { databaseTypes } from "./database-types.ts";
import { dumpSchema } from "./dump-schema.ts";
import { openapi } from "./generators/openapi.ts";
import { problemsPage } from "./generators/problems.ts";
import { settingsDoc } from "./generators/settings-doc.ts";
import { textTypes } from "./generators/text-types.ts";
import { startTemporaryPostgres } from "./temporary-postgres.ts";

/** What generators work from: a database migrated to this release. */
type Source = { ownerUrl: string; runtimeUrl: string };

/** A line here is all that a new generated file needs; the text is formatted where oxfmt knows the ending. */
const GENERATORS: Record<string, (source: Source) => Promise<string>> = {
  "src/platform/db/database.ts": ({ ownerUrl }) => databaseTypes(ownerUrl),
  "docs/schema.sql": ({ ownerUrl }) => dumpSchema(ownerUrl),
  "docs/openapi.json": ({ runtimeUrl }) => openapi(runtimeUrl),
  "docs/problems.md": async () => problemsPage(),
  "docs/settings.md": async () => settingsDoc(),
  "web/i18n/texts.d.ts": textTypes,
};

const root = fileURLToPath(new URL("..", import.meta.url));
const isCheck = process.argv.includes("--check");

const postgres = await startTemporaryPostgres();
try {
  await migrate({ ownerUrl: postgres.ownerUrl, runtimeRole: RUNTIME });
  for (const [file, generate] of Object.entries(GENERATORS))
    await settle(file, await format(file, await generate(postgres)));
} finally {
  await postgres.stop();
}

async function settle(file: string, text: string): Promise<void> {
  const path = `${root}${file}`;
  const current = await readFile(path, "utf8").catch(() => undefined);
  if (current === text) return;
  if (isCheck) {
    process.exitCode = 1;
    console.error(`${file} is stale. Run: npm run generate`);
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  console.log(`${file} written`);
}

async function format(file: string, text: string): Promise<string> {
  if (!file.endsWith(".ts")) return text;
  const oxfmt = promisify(execFile)(
    process.execPath,
    ["node_modules/oxfmt/bin/oxfmt", "--stdin-filepath", file],
    { cwd: root, maxBuffer: 64 * 1024 * 1024 },
  );
  oxfmt.child.stdin?.end(text);
  return (await oxfmt).stdout;
}
