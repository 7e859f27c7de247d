import { randomBytes } from "node:crypto";
import { link, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** Readable by nobody else: what is written so are keys and what proves us wrong. */
const OWNER_ONLY = 0o600;

/**
 * Makes a file that is not there yet: whole or not at all, on disk before this returns, and never over
 * one that is there.
 *
 * @returns false when there is one.
 */
export async function createOnce(path: string, text: string): Promise<boolean> {
  return await throughDraft(path, text, async (draft) => {
    try {
      await link(draft, path);
      return true;
    } catch (error) {
      // Another process was quicker.
      if ((error as { code?: unknown }).code === "EEXIST") return false;
      throw error;
    }
  });
}

/** Replaces a file: whoever reads it, or starts after a power cut, finds the old text or the new, whole. */
export async function replaceFile(path: string, text: string): Promise<void> {
  await throughDraft(path, text, async (draft) => await rename(draft, path));
}

async function throughDraft<T>(
  path: string,
  text: string,
  publish: (draft: string) => Promise<T>,
): Promise<T> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  const file = await open(draft, "wx", OWNER_ONLY);
  try {
    await file.writeFile(text);
    await file.sync();
    const published = await publish(draft);
    const entries = await open(folder, "r");
    await entries.sync();
    await entries.close();
    return published;
  } finally {
    await file.close();
    await rm(draft, { force: true });
  }
}
