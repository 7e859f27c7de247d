import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseCheckpoint, type Checkpoint } from "../../contract/proofs/checkpoint.ts";
import { parseNote } from "../../contract/proofs/note.ts";
import { replaceFile } from "../../platform/files/durable-file.ts";

/** The last thing that was signed in one life of the log. */
export type Anchored = { epoch: number; checkpoint: Checkpoint; source: string };

/**
 * Remembers what was signed, apart from the database: a database that came back from the past is known
 * by it. Whoever signs writes here first.
 */
export type Anchor = {
  /** Of the newest life; null before anything was signed. @throws when it cannot be read, or is damaged. */
  read(): Promise<Anchored | null>;
  /** On disk before it returns. */
  write(epoch: number, source: string): Promise<void>;
};

const NAME = /^([1-9]\d{0,8})\.checkpoint$/;

export function folderAnchor(folder: string): Anchor {
  return {
    read: async () => {
      const epochs = (await names(folder))
        .flatMap((name) => NAME.exec(name)?.[1] ?? [])
        .map(Number);
      if (epochs.length === 0) return null;
      const epoch = Math.max(...epochs);
      const path = join(folder, `${epoch}.checkpoint`);
      const source = await readFile(path, "utf8");
      const checkpoint = parseCheckpoint(parseNote(source)?.text ?? "");
      if (checkpoint === null) throw new Error(`${path} is damaged: it holds no checkpoint`);
      return { epoch, checkpoint, source };
    },
    write: async (epoch, source) => await replaceFile(join(folder, `${epoch}.checkpoint`), source),
  };
}

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return [];
    throw error;
  }
}
