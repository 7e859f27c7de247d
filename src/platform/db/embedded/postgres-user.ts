import { chmod, chown, realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { naming } from "./embedded-error.ts";

/** Whom PostgreSQL runs as when that is not the caller. */
export type PostgresUser = { uid: number; gid: number };

/**
 * PostgreSQL refuses to run as root, so root hands it to this number, which needs no entry in
 * /etc/passwd. Debian leaves 60000-64999 to itself by hand and systemd's ranges begin above 61183; below
 * 65536 it also exists in containers that map only so many.
 */
const SANDBOX_ID = 60_654;

/** Undefined: PostgreSQL runs as the caller. As root, data keep the owner they have. */
export async function choosePostgresUser(dataFolder: string): Promise<PostgresUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(dataFolder).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return { uid: SANDBOX_ID, gid: SANDBOX_ID };
}

/** Can the user walk down to this existing folder? Access lists that only widen are not looked at. */
export async function canReach(user: PostgresUser | undefined, folder: string): Promise<boolean> {
  if (user === undefined) return true;
  let current = await realpath(folder);
  for (;;) {
    if (!(await canEnter(user, current))) return false;
    const parent = dirname(current);
    if (parent === current) return true;
    current = parent;
  }
}

/** Lets the user through a private folder of ours by its group, and nobody else; true when it gets through. */
export async function letThrough(user: PostgresUser | undefined, folder: string): Promise<boolean> {
  if (user === undefined || (await canEnter(user, folder))) return true;
  const { uid, mode } = await stat(folder);
  // A folder that another group uses is not ours to change.
  if (uid !== process.getuid?.() || (mode & 0o070) !== 0) return false;
  await naming(folder, async () => {
    await chown(folder, uid, user.gid);
    await chmod(folder, (mode & 0o7777) | 0o010);
  });
  return true;
}

async function canEnter(user: PostgresUser, folder: string): Promise<boolean> {
  const { uid, gid, mode } = await stat(folder);
  if (uid === user.uid) return (mode & 0o100) !== 0;
  if (gid === user.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}
