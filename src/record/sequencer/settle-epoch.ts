import { sql } from "kysely";
import { areEqual, utf8 } from "../../contract/proofs/bytes.ts";
import { encodeLinkLeaf } from "../../contract/proofs/commitment.ts";
import { hashLeaf } from "../../contract/proofs/merkle.ts";
import { formatVerifierKey, parseNote } from "../../contract/proofs/note.ts";
import { TileTree } from "../../contract/proofs/tile-tree.ts";
import type { Tx } from "../../platform/db/db.ts";
import type { Anchor, Anchored } from "../anchor/anchor.ts";
import type { LogSigner } from "./log-key.ts";
import { LogTree, sha256 } from "./log-tree.ts";
import { tileReader } from "./read-tile.ts";
import { addLeaves, insertEpoch, lockLog, readEpoch, type Epoch } from "./sequence-queries.ts";
import type { SequencingServices } from "./sequence-round.ts";

export type SigningServices = SequencingServices & {
  signer: LogSigner;
  anchor: Anchor;
  /** Where the public log is found, without scheme: its first life's name begins with it. */
  prefix: string;
  /** Nothing is shown before enough witnesses have signed it. */
  needsWitnesses: boolean;
};

/** Why the log cannot go on as it was. */
export type Break = "database-behind" | "database-forked" | "key-changed";

/**
 * Makes sure that what is signed next never contradicts what was signed before. A database that is behind
 * the anchor, or tells another history, was restored; then the log begins another life, under another
 * name, whose first leaf commits to the last thing that was signed.
 *
 * @returns the life that goes on, or null while another process is at it.
 * @throws when the anchor cannot be read: nothing is signed then.
 */
export async function settleEpoch(services: SigningServices): Promise<Epoch | null> {
  return await services.db.transaction().execute(async (tx) => {
    if (!(await lockLog(tx))) return null;
    const epoch = await readEpoch(tx);
    const anchored = await services.anchor.read();
    if (epoch === null && anchored === null)
      return await insertEpoch(tx, named(services, 1, `${services.prefix}/1`));
    const broken = await findBreak(tx, services, { epoch, anchored });
    if (broken === null && epoch !== null) return epoch;
    return await beginEpoch(tx, services, { epoch, anchored, broken });
  });
}

/** What keeps the log in the database from going on, or null. */
export async function findBreak(
  tx: Tx,
  { signer }: Pick<SigningServices, "signer">,
  { epoch, anchored }: { epoch: Epoch | null; anchored: Anchored | null },
): Promise<Break | null> {
  if (epoch !== null && epoch.verifierKey !== formatVerifierKey(signer.verifierKey(epoch.origin)))
    return "key-changed";
  if (anchored === null) return null;
  if (epoch === null || epoch.epoch < anchored.epoch) return "database-behind";
  // A life that was begun and not signed yet has nothing to contradict.
  if (epoch.epoch > anchored.epoch) return null;
  return await contradictionOf(tx, epoch, anchored);
}

/** How the log in the database differs from what was signed of this very life, or null. */
async function contradictionOf(
  tx: Tx,
  { epoch, origin, size }: Epoch,
  { checkpoint }: Anchored,
): Promise<Break | null> {
  if (checkpoint.origin !== origin) return "database-forked";
  if (size < checkpoint.size) return "database-behind";
  const tree = new TileTree(sha256, checkpoint.size, tileReader(tx, epoch));
  return areEqual(await tree.root(), checkpoint.root) ? null : "database-forked";
}

const named = ({ signer }: SigningServices, epoch: number, origin: string) => ({
  epoch,
  origin,
  verifierKey: formatVerifierKey(signer.verifierKey(origin)),
});

async function beginEpoch(
  tx: Tx,
  services: SigningServices,
  {
    epoch,
    anchored,
    broken,
  }: { epoch: Epoch | null; anchored: Anchored | null; broken: Break | null },
): Promise<Epoch> {
  const number = Math.max(epoch?.epoch ?? 0, anchored?.epoch ?? 0) + 1;
  const { former, source } = formerOf(services, { epoch, anchored });
  const origin = `${former.replace(/\/\d+$/, "")}/${number}`;
  services.log.error(
    { reason: broken, former, origin },
    "the log goes on under a new name: see docs/proofs.md",
  );
  if (epoch !== null) await releaseUnsigned(tx, epoch);
  const begun = await insertEpoch(tx, named(services, number, origin));
  const leaf = Buffer.from(encodeLinkLeaf(sha256(utf8(parseNote(source)?.text ?? ""))));
  const tiles = new LogTree(0, []).append([Buffer.from(hashLeaf(sha256, leaf))]);
  await addLeaves(tx, begun, [{ leaf, place: null, seed: null }], tiles);
  return { ...begun, size: 1 };
}

/** Name and last checkpoint of the life that ends: the anchor knows better than a database from the past. */
function formerOf(
  { prefix }: SigningServices,
  { epoch, anchored }: { epoch: Epoch | null; anchored: Anchored | null },
): { former: string; source: string } {
  if (anchored !== null) return { former: anchored.checkpoint.origin, source: anchored.source };
  return { former: epoch?.origin ?? `${prefix}/1`, source: epoch?.checkpoint ?? "" };
}

/** Leaves of the former life that nothing signed covers: their batches come into the new one. */
async function releaseUnsigned(tx: Tx, { epoch, checkpointSize }: Epoch): Promise<void> {
  await sql`
    with released as (
      delete from log_leaf where epoch = ${epoch} and index >= ${checkpointSize} and writer is not null
      returning writer, number
    )
    insert into sequence_gap (writer, number) select writer, number from released
    on conflict do nothing`.execute(tx);
}
