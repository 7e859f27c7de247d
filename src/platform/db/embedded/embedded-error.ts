/** What keeps the embedded PostgreSQL from running, in words for the person who starts Sallyport. */
export class EmbeddedPostgresError extends Error {
  override name = "EmbeddedPostgresError";
}

/** Runs `work` on a folder; names the folder and the remedy when the system refuses. */
export async function naming<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const remedy = REMEDIES[errorCode(error) ?? ""];
    if (remedy === undefined) throw error;
    throw new EmbeddedPostgresError(`${folder}: ${remedy}`, { cause: error });
  }
}

/** The code that the system or PostgreSQL gave: ENOENT, 28P01. */
export function errorCode(error: unknown): string | undefined {
  const hasCode = error instanceof Error && "code" in error && typeof error.code === "string";
  return hasCode ? String(error.code) : undefined;
}

const REMEDIES: Partial<Record<string, string>> = {
  EACCES: "no permission to use this folder. Give it to the user that runs Sallyport.",
  EPERM: "no permission to use this folder. Give it to the user that runs Sallyport.",
  // Node says so where mkdir meets a read-only file system.
  ENOENT: "this folder cannot be made. Is the file system read-only?",
  EROFS: "the file system is read-only. Set SALLYPORT_DATA_DIR to a folder that can be written.",
  ENOSPC: "the disk is full. Free some space, then start again.",
  EDQUOT: "the disk quota is used up. Free some space, then start again.",
  EEXIST: "a part of this path is a file, not a folder.",
  ENOTDIR: "a part of this path is a file, not a folder.",
};
