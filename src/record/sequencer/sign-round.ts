import { formatCheckpoint } from "../../contract/proofs/checkpoint.ts";
import { formatNote } from "../../contract/proofs/note.ts";
import { TileTree } from "../../contract/proofs/tile-tree.ts";
import { sha256 } from "./log-tree.ts";
import { tileReader } from "./read-tile.ts";
import { lockLog, putCheckpoint, readEpoch } from "./sequence-queries.ts";
import { findBreak, type Break, type SigningServices } from "./settle-epoch.ts";

export type Signed = { size: number } | { broken: Break } | null;

/**
 * Signs the log as it is committed, where it has grown. The order is what makes it safe: the tree is on
 * disk, then the anchor remembers the checkpoint, then it is published (by the witnesses' round, where
 * enough of them must have signed it first). Whatever dies in between, nothing
 * was shown that the anchor does not know, and nothing was signed that the database may lose.
 *
 * @returns what was signed; what forbids it; null where there is nothing new, or another process is at it.
 * @throws when the anchor cannot be read or written: nothing is published then.
 */
export async function signRound(services: SigningServices): Promise<Signed> {
  const { db, anchor, signer, needsWitnesses } = services;
  return await db.transaction().execute(async (tx) => {
    if (!(await lockLog(tx))) return null;
    const epoch = await readEpoch(tx);
    if (epoch === null) return null;
    const anchored = await anchor.read();
    const isSigned = epoch.checkpoint !== null && epoch.checkpointSize === epoch.size;
    const isShown = needsWitnesses || epoch.publishedSize === epoch.size;
    if (isSigned && isShown && epoch.checkpoint === anchored?.source) return null;
    const broken = await findBreak(tx, services, { epoch, anchored });
    if (broken !== null) return { broken };
    const { origin, size } = epoch;
    const root = await new TileTree(sha256, size, tileReader(tx, epoch.epoch)).root();
    const text = formatCheckpoint({ origin, size, root });
    const source = formatNote({ text, signatures: [signer.sign(origin, text)] });
    await anchor.write(epoch.epoch, source);
    const signed = { epoch: epoch.epoch, size, checkpoint: source };
    await putCheckpoint(tx, { ...signed, isShown: !needsWitnesses });
    return { size };
  });
}
