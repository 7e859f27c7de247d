import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestDatabase } from "../template-database.ts";

/** Settings of processes that share this database, its secret key, the log's key and its anchor. */
export function externalEnv(database: TestDatabase): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-log-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return {
    SALLYPORT_DATABASE_URL: database.runtimeUrl,
    SALLYPORT_MIGRATION_DATABASE_URL: database.ownerUrl,
    SALLYPORT_SECRET_KEY: randomBytes(32).toString("base64"),
    SALLYPORT_LOG_KEY_FILE: join(folder, "log.key"),
    SALLYPORT_ANCHOR: join(folder, "anchor"),
  };
}
