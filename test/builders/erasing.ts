import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eraseDue, type EraserServices } from "../../src/record/erasure/eraser.ts";
import { folderLedger } from "../../src/record/erasure/erasure-ledger.ts";
import { fileRound } from "../../src/record/search/file-round.ts";
import type { Harness } from "../harness.ts";
import { startLog, type LogBench } from "./log.ts";

export const DAY_MS = 86_400_000;

export type EraserBench = {
  log: LogBench;
  given: EraserServices;
  /** Where the ledger is. */
  folder: string;
  /** All that is on record comes into the log and into the copies for search. */
  settle(): Promise<void>;
  /** All that is due is erased. */
  erase(): Promise<void>;
  /** The names of tables in which one of the texts stands anywhere, as text or as bytes. */
  tablesWith(...texts: string[]): Promise<string[]>;
  close(): Promise<void>;
};

/** An eraser by itself, moved by hand, on a harness that does not file. */
export async function startErasing(h: Harness): Promise<EraserBench> {
  const log = await startLog(h.database.ownerUrl, { keyRing: h.services.keyRing });
  const folder = await mkdtemp(join(tmpdir(), "sallyport-ledger-"));
  const { services } = h;
  const given: EraserServices = {
    services,
    db: log.owner.db,
    ledger: folderLedger(folder, services.keyRing),
  };
  const settle = async (): Promise<void> => {
    await log.countUp();
    services.recorder.counts.want();
    for (let round = 0; round < 3; round++)
      while ((await fileRound(services, { withBad: false, withEnds: false })).hasMore);
  };
  return {
    log,
    given,
    folder,
    settle,
    erase: async () => {
      await settle();
      if (!(await eraseDue(given))) throw new Error("something is left that is not ready");
    },
    tablesWith: async (...texts) => {
      const { pool } = log.owner;
      const { rows: tables } = await pool.query<{ name: string }>(
        "select table_name as name from information_schema.tables where table_schema in ('public', 'graphile_worker') and table_type = 'BASE TABLE' order by 1",
      );
      const found: string[] = [];
      for (const { name } of tables) {
        const sought = texts.flatMap((text) => [text, Buffer.from(text).toString("hex")]);
        const schema =
          name.startsWith("_private") || name === "migrations" ? "graphile_worker." : "";
        const { rowCount } = await pool.query(
          `select from ${schema}"${name}" as row, unnest($1::text[]) as sought where position(sought in row::text) > 0 limit 1`,
          [sought],
        );
        if (rowCount !== 0) found.push(name);
      }
      return found;
    },
    close: async () => {
      await log.close();
      await rm(folder, { recursive: true });
    },
  };
}
