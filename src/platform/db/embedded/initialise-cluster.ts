import { lchown, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Binaries } from "./binaries.ts";
import { readIfThere, syncFolder, type ClusterHome } from "./cluster-home.ts";
import { EmbeddedPostgresError, naming } from "./embedded-error.ts";
import { makePasswords, readPasswords, type Passwords } from "./passwords.ts";
import type { PostgresUser } from "./postgres-user.ts";
import { chooseMaker, runInitdb } from "./run-initdb.ts";

/**
 * Makes the cluster where there is none, whole or not at all, and says who may connect.
 * @throws EmbeddedPostgresError when the data were written by another major release
 */
export async function openCluster(home: ClusterHome, binaries: Binaries): Promise<Passwords> {
  const written = await readVersion(home);
  if (written === undefined) return createCluster(home, binaries);
  if (written === binaries.major) return readPasswords(home.control);
  throw new EmbeddedPostgresError(
    `${home.data} was written by PostgreSQL ${written}, and this release brings ${binaries.major}. Start it with the release that wrote it, dump it there, and load it here.`,
  );
}

async function readVersion(home: ClusterHome): Promise<string | undefined> {
  try {
    return (await readIfThere(join(home.data, "PG_VERSION")))?.trim();
  } catch (error) {
    throw new EmbeddedPostgresError(
      `${home.data} cannot be read. Was it made by another user, or by root? Start Sallyport as that user.`,
      { cause: error },
    );
  }
}

async function createCluster(home: ClusterHome, binaries: Binaries): Promise<Passwords> {
  const passwords = await makePasswords(home.control);
  const place = dirname(home.data);
  const draft = join(place, "data.new");
  const maker = await chooseMaker(home.user);
  const passwordFile = join(place, "owner-password");
  await naming(place, async () => {
    // What an interrupted start has left.
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { mode: 0o700 });
    await rm(passwordFile, { force: true });
    await writeFile(passwordFile, passwords.owner, { mode: 0o600, flag: "wx" });
    await give(maker, draft);
    await give(maker, passwordFile);
  });
  try {
    await runInitdb({ ...home, user: maker }, binaries, { draft, passwordFile });
    if (maker !== home.user) await giveAll(home.user, draft);
    await rename(draft, home.data);
    // Or a power failure could bring back the name under which the next start throws it away.
    await syncFolder(place);
  } finally {
    await rm(passwordFile, { force: true });
  }
  return passwords;
}

async function give(user: PostgresUser | undefined, path: string): Promise<void> {
  if (user !== undefined) await lchown(path, user.uid, user.gid);
}

async function giveAll(user: PostgresUser | undefined, folder: string): Promise<void> {
  for (const path of await readdir(folder, { recursive: true }))
    await give(user, join(folder, path));
  await give(user, folder);
}
