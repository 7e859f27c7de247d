import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EmbeddedPostgresError } from "./embedded-error.ts";
import { canReach, type PostgresUser } from "./postgres-user.ts";

/** sun_path holds 108 bytes with the closing zero (unix(7)). */
const LONGEST_SOCKET_PATH_BYTES = 107;

/** What mkdtemp and PostgreSQL append. */
const TAIL = "/sallyport-XXXXXX/.s.PGSQL.5432";

/**
 * Makes a folder of mode 700 for the socket: short, which the data directory need not be, and closed
 * to everybody but root and the user that PostgreSQL runs as.
 */
export async function makeSocketFolder(user: PostgresUser | undefined): Promise<string> {
  const errors: unknown[] = [];
  for (const base of new Set([tmpdir(), "/tmp", "/run", "/dev/shm"])) {
    try {
      // PostgreSQL reads the setting as a list, separated by commas.
      if (/[,"\\]/.test(base) || !(await canReach(user, base))) continue;
      if (Buffer.byteLength(base + TAIL) > LONGEST_SOCKET_PATH_BYTES) continue;
      const folder = await mkdtemp(join(base, "sallyport-"));
      if (user !== undefined) await chown(folder, user.uid, user.gid);
      return folder;
    } catch (error) {
      errors.push(error);
    }
  }
  throw new EmbeddedPostgresError(
    "No short folder for PostgreSQL's socket: make /tmp writable, or set TMPDIR.",
    { cause: new AggregateError(errors) },
  );
}

/** A killed server's socket and its lock: the folder is ours alone, so whatever lies there is dead. */
export async function emptySocketFolder(folder: string): Promise<void> {
  await rm(join(folder, ".s.PGSQL.5432"), { force: true });
  await rm(join(folder, ".s.PGSQL.5432.lock"), { force: true });
}
