import { sql } from "kysely";
import { partKinds } from "../../contract/proofs/commitment.ts";
import { countSubjects } from "../../contract/proofs/count-map.ts";
import type { Acts, LeaverReceipt, Removal, RemovalChange } from "../../contract/access/receipt.ts";
import type { BatchProof } from "../../contract/record/proofs.ts";
import type { Context } from "../../context.ts";
import { accountTarget } from "../../identity/accounts/account-queries.ts";
import type { Db } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import { CountReader } from "../../record/completeness/count-reader.ts";
import type { StoredMap } from "../../record/completeness/count-queries.ts";
import { lastMapWithin } from "../../record/completeness/map-queries.ts";
import { parseEntryId, type BatchRow } from "../../record/entries/batch.ts";
import type { Leaf } from "../../record/proofs/open-leaf.ts";
import { proveBatch, proveEntry, readLeaf } from "../../record/proofs/read-proof.ts";
import { readBatches, type BatchPlace } from "../../record/search/batch-queries.ts";
import { partsIn } from "../../record/sequencer/commit-batch.ts";
import { requireMembership } from "../organisations/require-membership.ts";
import { accountRefs } from "../sharing/ref-queries.ts";
import { findRemoval, listRemovals, type RemovalRow } from "./removal-record.ts";

/** Who was removed from everything of an organisation. @throws {ProblemError} `not-found`, `forbidden` to an officer */
export async function readRemovals(
  ctx: Context,
  { organisationId }: { organisationId: string },
): Promise<{ removals: Removal[] }> {
  await requireMembership(ctx.db, ctx, organisationId, "owner");
  const rows = await listRemovals(ctx.db, organisationId);
  const refs = await accountRefs(
    ctx.db,
    rows.map((row) => row.account_id),
  );
  return {
    removals: rows.map((row) => ({
      id: row.id,
      account: refs(row.account_id),
      removedAt: row.removed_at.toISOString(),
      entry: row.entry,
    })),
  };
}

/**
 * The receipt of a removal as the log stands now: a later one covers more.
 *
 * @throws {ProblemError} `not-found`, `forbidden` to an officer, `not-proven-yet` until the log has counted it.
 */
export async function readReceipt(
  ctx: Context,
  named: { organisationId: string; removalId: string },
): Promise<LeaverReceipt> {
  await requireMembership(ctx.db, ctx, named.organisationId, "owner");
  const row = await findRemoval(ctx.db, named);
  if (row === undefined) throw new ProblemError("not-found");
  ctx.notes.targets = [accountTarget(row.account_id)];
  const removal = await readRemoval(ctx.db, row);
  const reader = removal === null ? null : await CountReader.open(ctx.db, removal.leaf.epoch);
  const map = reader === null ? null : await lastMapWithin(ctx.db, reader.log);
  if (removal === null || reader === null || map === null || map.covered <= removal.leaf.index)
    throw new ProblemError("not-proven-yet", { retryAfterSeconds: 2 });
  return await new ReceiptWriter(ctx.db, { row, reader, map }).write(removal);
}

type FoundRemoval = { batch: BatchRow; leaf: Leaf; position: number };

/** Null before the log has taken its batch. */
async function readRemoval(db: Db, { entry }: RemovalRow): Promise<FoundRemoval | null> {
  const place = parseEntryId(entry);
  if (place === null) throw new Error("an entry's id is one of ours");
  const [batch] = await readBatches(db, [place]);
  const leaf = await readLeaf(db, place);
  return batch === undefined || leaf === null ? null : { batch, leaf, position: place.position };
}

/** Puts one receipt together, all of it against one checkpoint and one map. */
class ReceiptWriter {
  readonly #db: Db;
  readonly #row: RemovalRow;
  readonly #reader: CountReader;
  readonly #map: StoredMap;

  constructor(db: Db, given: { row: RemovalRow; reader: CountReader; map: StoredMap }) {
    this.#db = db;
    this.#row = given.row;
    this.#reader = given.reader;
    this.#map = given.map;
  }

  async write(removal: FoundRemoval): Promise<LeaverReceipt> {
    const { log, tree } = this.#reader;
    const { organisation_id: organisationId, account_id: accountId } = this.#row;
    return {
      format: "sallyport-leavers-receipt/v1",
      key: log.verifierKey,
      removal: await proveEntry(tree, log.checkpoint, {
        ...removal,
        isShown: ({ kind }) => SHOWN.includes(kind),
      }),
      map: await this.#reader.proveMap(this.#map),
      upTo: await this.#lastCounted(),
      acts: await this.#acts(countSubjects.actsIn(organisationId, accountId)),
      apps: await this.#apps(removal),
    };
  }

  /** Those that they had a role in, and of those that they reached as owner or officer the ones that they used. */
  async #apps(removal: FoundRemoval): Promise<LeaverReceipt["apps"]> {
    const { before } = changeIn(removal) ?? {};
    const granted = (before?.grants ?? []).map(({ app }) => app.id);
    const ofOrganisation = await appsOf(this.#db, this.#row.organisation_id);
    const apps: LeaverReceipt["apps"] = [];
    for (const app of new Set([...granted, ...ofOrganisation])) {
      const acts = await this.#acts(countSubjects.actsAt(app, this.#row.account_id));
      if (granted.includes(app) || acts.count.value !== null) apps.push({ app, acts });
    }
    return apps;
  }

  async #acts(subject: string): Promise<Acts> {
    const { count, proof } = await this.#reader.count(this.#map, subject);
    return {
      salt: this.#reader.saltOf(subject),
      count: proof,
      last: count === null ? null : await this.#batchAt(await placeAt(this.#db, this.#map, count)),
    };
  }

  async #lastCounted(): Promise<BatchProof | null> {
    const place = await lastPlaceBefore(this.#db, this.#map);
    return await this.#batchAt(place);
  }

  /** Null for one that is not kept any more. */
  async #batchAt(place: BatchPlace | null): Promise<BatchProof | null> {
    if (place === null) return null;
    const [batch] = await readBatches(this.#db, [place]);
    const leaf = await readLeaf(this.#db, place);
    if (batch === undefined || leaf === null) return null;
    return await proveBatch(this.#reader.tree, { batch, leaf });
  }
}

/** What happened, to whom, and what there was before: not who did it, nor from where. */
const SHOWN: readonly number[] = [partKinds.c, partKinds.t, partKinds.d];

/** Null where it was erased. */
function changeIn({ batch, position }: FoundRemoval): RemovalChange | null {
  const part = partsIn(batch.payload)[position]?.find(({ kind }) => kind === partKinds.d);
  return part === undefined || part.text === "" ? null : (JSON.parse(part.text) as RemovalChange);
}

async function appsOf(db: Db, organisationId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("app")
    .select("id")
    .where("organisation_id", "=", organisationId)
    .orderBy("name")
    .orderBy("id")
    .execute();
  return rows.map(({ id }) => id);
}

async function placeAt(
  db: Db,
  { epoch }: StoredMap,
  { last }: { last: number },
): Promise<BatchPlace | null> {
  const { rows } = await sql<{ writer: number; number: string }>`
    select writer, number from log_leaf
    where epoch = ${epoch} and index = ${last} and writer is not null`.execute(db);
  return toPlace(rows[0]);
}

async function lastPlaceBefore(db: Db, { epoch, covered }: StoredMap): Promise<BatchPlace | null> {
  const { rows } = await sql<{ writer: number; number: string }>`
    select writer, number from log_leaf
    where epoch = ${epoch} and index < ${covered} and writer is not null
    order by index desc limit 1`.execute(db);
  return toPlace(rows[0]);
}

const toPlace = (row: { writer: number; number: string } | undefined): BatchPlace | null =>
  row === undefined ? null : { writer: row.writer, number: Number(row.number) };
