import { mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createOnce, replaceFile } from "../../platform/files/durable-file.ts";

/**
 * Where the anchor keeps what it must not forget, apart from the database: small texts by name. Names are paths of
 * letters, digits, dots and hyphens, with "/" between them. What was written is there for good when a call returns.
 */
export type AnchorStore = {
  /** Names of what stands right below a folder ("" for the anchor's own), without the folder's. @throws when unreadable. */
  list(folder: string): Promise<string[]>;
  /** Null: there is no such text. @throws when it cannot be read. */
  read(name: string): Promise<string | null>;
  /** Whoever reads meanwhile finds the old text or the new. */
  replace(name: string, text: string): Promise<void>;
  /** @returns false when there is one of this name already; it stays as it is. */
  createOnce(name: string, text: string): Promise<boolean>;
  /** Where that is, for messages to the operator. */
  placeOf(name: string): string;
};

export function folderStore(root: string): AnchorStore {
  const pathOf = (name: string): string => join(root, name);
  return {
    list: async (folder) => {
      // An anchor that cannot be written is told at the start, not at the first erasure.
      await mkdir(pathOf(folder), { recursive: true });
      return await readdir(pathOf(folder));
    },
    read: async (name) => {
      try {
        return await readFile(pathOf(name), "utf8");
      } catch (error) {
        if ((error as { code?: unknown }).code === "ENOENT") return null;
        throw error;
      }
    },
    replace: async (name, text) => await replaceFile(pathOf(name), text),
    createOnce: async (name, text) => {
      await mkdir(dirname(pathOf(name)), { recursive: true });
      return await createOnce(pathOf(name), text);
    },
    placeOf: pathOf,
  };
}
