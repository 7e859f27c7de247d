import type { Config } from "../config.ts";
import type { WitnessPolicy } from "../contract/proofs/policy.ts";
import { openDatabase } from "../platform/db/db.ts";
import { entryPromiser, type Promiser } from "../record/proofs/promise-entry.ts";
import { anchorIn } from "../record/anchor/anchor.ts";
import { openLogKey } from "../record/sequencer/log-key.ts";
import { readEpoch } from "../record/sequencer/sequence-queries.ts";
import { Sequencer } from "../record/sequencer/sequencer.ts";
import { readPolicy } from "../record/witnesses/read-policy.ts";
import { startWitnessing } from "../record/witnesses/witnessing.ts";
import { openAnchor } from "./open-anchor.ts";
import type { RunningDatabase } from "./open-database.ts";
import type { OpenServices } from "./open-services.ts";
import { startEraser } from "./start-eraser.ts";
import { StartError } from "./start-error.ts";

/** One connection works; the others look whether a log is there, and keep what witnesses signed. */
const CONNECTIONS = 3;

/**
 * Starts the part that brings the record into the public log and signs it, and the eraser beside it. Comes back
 * when what a restored database has forgotten to be erased is erased again.
 *
 * @returns `promise` signs receipts with the same key, for the process that holds it.
 * @throws {StartError} when the log's signing key is gone or damaged, or its witnesses cannot be read.
 */
export async function startSequencer(
  open: OpenServices,
  { ownerUrl }: RunningDatabase,
): Promise<{ promise: Promiser; stop: () => Promise<void> }> {
  const { services } = open;
  const { config, keyRing, log } = services;
  const { db, close } = openDatabase(
    ownerUrl,
    (error) => log.warn({ err: error }, "the sequencer lost a connection to PostgreSQL"),
    { max: CONNECTIONS, application_name: "sallyport sequencer" },
  );
  try {
    const signer = await openLogKey(
      config.logKeyFile,
      async () => (await readEpoch(db)) === null,
    ).catch((error: Error) => {
      throw new StartError(error.message, { cause: error });
    });
    const policy = await policyOf(config);
    const store = openAnchor(config.anchor);
    const signing = {
      db,
      keyRing,
      log,
      prefix: `${config.publicUrl.host}/audit`,
      signer,
      anchor: anchorIn(store),
      needsWitnesses: policy !== null && policy.quorum !== null,
    };
    const stopEraser = await startEraser(open, { ownerUrl, signing, store });
    const sequencer = new Sequencer(signing);
    sequencer.start();
    const stopWitnessing = policy === null ? undefined : startWitnessing({ db, log, policy });
    return {
      promise: entryPromiser(services, signer),
      stop: async () => {
        await Promise.all([sequencer.stop(), stopWitnessing?.()]);
        await stopEraser();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function policyOf({ witnessPolicy }: Config): Promise<WitnessPolicy | null> {
  if (witnessPolicy === undefined) return null;
  return await readPolicy(witnessPolicy).catch((error: Error) => {
    throw new StartError(error.message, { cause: error });
  });
}
