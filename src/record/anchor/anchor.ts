import { parseCheckpoint, type Checkpoint } from "../../contract/proofs/checkpoint.ts";
import { parseNote } from "../../contract/proofs/note.ts";
import { folderStore, type AnchorStore } from "./anchor-store.ts";

/** The last thing that was signed in one life of the log. */
export type Anchored = { epoch: number; checkpoint: Checkpoint; source: string };

/**
 * Remembers what was signed, apart from the database: a database that came back from the past is known
 * by it. Whoever signs writes here first.
 */
export type Anchor = {
  /** Of the newest life; null before anything was signed. @throws when it cannot be read, or is damaged. */
  read(): Promise<Anchored | null>;
  /** There for good before it returns. */
  write(epoch: number, source: string): Promise<void>;
};

const NAME = /^([1-9]\d{0,8})\.checkpoint$/;
const nameOf = (epoch: number): string => `${epoch}.checkpoint`;

export function anchorIn(store: AnchorStore): Anchor {
  return {
    read: async () => {
      const epochs = (await store.list(""))
        .flatMap((name) => NAME.exec(name)?.[1] ?? [])
        .map(Number);
      if (epochs.length === 0) return null;
      const epoch = Math.max(...epochs);
      const source = (await store.read(nameOf(epoch))) ?? "";
      const checkpoint = parseCheckpoint(parseNote(source)?.text ?? "");
      if (checkpoint === null)
        throw new Error(`${store.placeOf(nameOf(epoch))} is damaged: it holds no checkpoint`);
      return { epoch, checkpoint, source };
    },
    write: async (epoch, source) => await store.replace(nameOf(epoch), source),
  };
}

export const folderAnchor = (folder: string): Anchor => anchorIn(folderStore(folder));
