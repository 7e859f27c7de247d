import { openDatabase } from "../platform/db/db.ts";
import type { AnchorStore } from "../record/anchor/anchor-store.ts";
import { LONG_STATEMENT_MS } from "../record/erasure/act-queries.ts";
import { CountMemory, countRound } from "../record/completeness/count-round.ts";
import { Eraser, replayLedger } from "../record/erasure/eraser.ts";
import { ledgerIn } from "../record/erasure/erasure-ledger.ts";
import { fileRound } from "../record/search/file-round.ts";
import { Memory, sequenceRound } from "../record/sequencer/sequence-round.ts";
import { settleEpoch, type SigningServices } from "../record/sequencer/settle-epoch.ts";
import { signRound } from "../record/sequencer/sign-round.ts";
import type { OpenServices } from "./open-services.ts";

/** One transaction at a time, and a look beside it. */
const CONNECTIONS = 2;

/**
 * Starts what erases, once everything is erased again that the ledger knows and the database has forgotten. It
 * runs where the sequencer does: there are the anchor, and the role that may change what is on record.
 *
 * @throws {Error} when the ledger cannot be read: then nobody knows what must not be served.
 */
export async function startEraser(
  { services }: OpenServices,
  { ownerUrl, signing, store }: { ownerUrl: string; signing: SigningServices; store: AnchorStore },
): Promise<() => Promise<void>> {
  const { keyRing, log } = services;
  const { db, close } = openDatabase(
    ownerUrl,
    (error) => log.warn({ err: error }, "the eraser lost a connection to PostgreSQL"),
    {
      max: CONNECTIONS,
      application_name: "sallyport eraser",
      query_timeout: LONG_STATEMENT_MS,
    },
  );
  try {
    const given = { services, db, ledger: ledgerIn(store, keyRing) };
    const [memory, counts] = [new Memory(), new CountMemory()];
    await replayLedger(given, async () => {
      await settleEpoch(signing);
      while ((await sequenceRound(signing, memory)).hasMore);
      while ((await countRound(signing, counts, { isDue: true })).hasMore);
      await signRound(signing);
      while ((await fileRound(services, { withBad: false, withEnds: false })).hasMore);
    });
    const eraser = new Eraser(given);
    eraser.start();
    return async () => {
      await eraser.stop();
      await close();
    };
  } catch (error) {
    await close();
    throw error;
  }
}
