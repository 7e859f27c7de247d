import { sql } from "kysely";
import type { ReadTile } from "../../contract/proofs/tile-tree.ts";
import { HASH_BYTES } from "../../contract/proofs/merkle.ts";
import type { Db } from "../../platform/db/db.ts";

/** Hashes of one life of the log. A tile that has grown since begins with what it was: it is cut to the width. */
export const tileReader =
  (db: Db, epoch: number): ReadTile =>
  async ({ level, n, width }) => {
    const { rows } = await sql<{ hashes: Buffer }>`
      select hashes from log_tile where epoch = ${epoch} and level = ${level} and n = ${n}`.execute(
      db,
    );
    return (rows[0]?.hashes ?? Buffer.alloc(0)).subarray(0, width * HASH_BYTES);
  };
