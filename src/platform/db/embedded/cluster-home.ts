import { createHash, randomBytes } from "node:crypto";
import { chown, mkdir, open, readFile, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { SHARED_FOLDERS } from "./binaries.ts";
import { EmbeddedPostgresError, errorCode, naming } from "./embedded-error.ts";
import type { EmbeddedLog } from "./embedded-log.ts";
import { canReach, choosePostgresUser, letThrough, type PostgresUser } from "./postgres-user.ts";

/**
 * `control` lies in the data directory and holds what only Sallyport reads (passwords, log, note of
 * the place); `data` is PostgreSQL's own folder, at another place when its user cannot reach this one.
 */
export type ClusterHome = { control: string; data: string; user: PostgresUser | undefined };

/** The home that a start has chosen before; undefined on a new data directory. */
export async function findClusterHome(dataDir: string): Promise<ClusterHome | undefined> {
  const control = controlFolder(dataDir);
  const place = await readPlace(control);
  if (place === undefined) return undefined;
  const data = join(place, "data");
  return { control, data, user: await choosePostgresUser(data) };
}

/** Finds or makes the home of a data directory's cluster. */
export async function openClusterHome(dataDir: string, log: EmbeddedLog): Promise<ClusterHome> {
  const control = controlFolder(dataDir);
  await naming(resolve(dataDir), async () => {
    // The folders above with the usual mode: they may lead to other things too.
    await mkdir(dirname(resolve(dataDir)), { recursive: true });
    await mkdir(control, { recursive: true, mode: 0o700 });
    await probe(control);
  });
  const known = await findClusterHome(dataDir);
  if (known !== undefined) {
    if (dirname(known.data) !== control || (await openControl(dataDir, known.user))) return known;
    throw new EmbeddedPostgresError(
      `${control}: PostgreSQL's user (uid ${known.user?.uid}) cannot reach this folder any more. Move it back, or let others enter the folders above it (chmod o+x).`,
    );
  }
  const user = await choosePostgresUser(join(control, "data"));
  const place = await choosePlace(dataDir, user, log);
  await writePlace(control, place);
  return { control, data: join(place, "data"), user };
}

const controlFolder = (dataDir: string): string => join(resolve(dataDir), "postgres");

/** An unwritable folder is reported here, by name, before anything else is tried. */
async function probe(folder: string): Promise<void> {
  const path = join(folder, `.probe-${randomBytes(6).toString("hex")}`);
  await (await open(path, "wx")).close();
  await rm(path);
}

/** Lets PostgreSQL's user into the data directory where nothing but our own folders stands in the way. */
async function openControl(dataDir: string, user: PostgresUser | undefined): Promise<boolean> {
  const control = controlFolder(dataDir);
  const isOpen = (await letThrough(user, resolve(dataDir))) && (await letThrough(user, control));
  return isOpen && (await canReach(user, control));
}

async function choosePlace(
  dataDir: string,
  user: PostgresUser | undefined,
  log: EmbeddedLog,
): Promise<string> {
  const control = controlFolder(dataDir);
  if ((await openControl(dataDir, user)) || user === undefined) return control;
  const id = createHash("sha256").update(resolve(dataDir)).digest("hex").slice(0, 12);
  const errors: unknown[] = [];
  for (const base of SHARED_FOLDERS) {
    try {
      // The random part: a data directory that was deleted starts anew and never meets its old data.
      const place = join(base, `sallyport-${id}-${randomBytes(4).toString("hex")}`);
      const older = (await readdir(base)).filter((name) => name.startsWith(`sallyport-${id}-`));
      await naming(place, async () => {
        await mkdir(place, { mode: 0o710 });
        await chown(place, 0, user.gid);
      });
      if (older.length > 0)
        log.warn({ base, older }, "Databases of earlier data directories remain");
      log.info(
        { place },
        "PostgreSQL's user cannot reach the data directory; its data are kept here",
      );
      return place;
    } catch (error) {
      errors.push(error);
    }
  }
  throw new AggregateError(
    errors,
    `PostgreSQL may not run as root, and its user cannot reach ${resolve(dataDir)}, ${SHARED_FOLDERS.join(" or ")}.`,
  );
}

async function readPlace(control: string): Promise<string | undefined> {
  const text = await naming(control, () => readIfThere(join(control, "place.json")));
  if (text === undefined) return undefined;
  const { place }: { place: string | null } = JSON.parse(text);
  if (place === null) return control;
  const isThere = await stat(place).then(
    () => true,
    () => false,
  );
  if (isThere) return place;
  throw new EmbeddedPostgresError(
    `The database of ${dirname(control)} was kept in ${place}, which is gone. Restore it, or delete ${control} to start empty.`,
  );
}

/** Synced before anything is stored there: a place that is forgotten would be a database that is lost. */
async function writePlace(control: string, place: string): Promise<void> {
  // Beside this file it is named relatively, so that the data directory can be moved.
  const text = JSON.stringify({ place: place === control ? null : place });
  await writeSynced(join(control, "place.json"), `${text}\n`);
}

/** Writes a private file (mode 600) so that after a crash it is there whole, or not at all. */
export async function writeSynced(path: string, text: string): Promise<void> {
  await naming(dirname(path), async () => {
    const draft = `${path}.${randomBytes(6).toString("hex")}`;
    const file = await open(draft, "wx", 0o600);
    await file.writeFile(text);
    await file.sync();
    await file.close();
    await rename(draft, path);
    await syncFolder(dirname(path));
  });
}

/** Makes the names in a folder survive a power failure. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  await folder.sync();
  await folder.close();
}

/** The file's text; undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
