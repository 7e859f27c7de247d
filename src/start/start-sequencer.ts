import { openDatabase } from "../platform/db/db.ts";
import { folderAnchor } from "../record/sequencer/anchor.ts";
import { openLogKey } from "../record/sequencer/log-key.ts";
import { readEpoch } from "../record/sequencer/sequence-queries.ts";
import { Sequencer } from "../record/sequencer/sequencer.ts";
import type { RunningDatabase } from "./open-database.ts";
import type { OpenServices } from "./open-services.ts";
import { startEraser } from "./start-eraser.ts";
import { StartError } from "./start-error.ts";

/** One connection works; the other looks whether a log is there. */
const CONNECTIONS = 2;

/**
 * Starts the part that brings the record into the public log and signs it, and the eraser beside it. Comes back
 * when what a restored database has forgotten to be erased is erased again.
 *
 * @throws {StartError} when the log's signing key is gone or damaged.
 */
export async function startSequencer(
  open: OpenServices,
  { ownerUrl }: RunningDatabase,
): Promise<() => Promise<void>> {
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
    const signing = {
      db,
      keyRing,
      log,
      prefix: `${config.publicUrl.host}/audit`,
      signer,
      anchor: folderAnchor(config.anchor),
    };
    const stopEraser = await startEraser(open, { ownerUrl, signing });
    const sequencer = new Sequencer(signing);
    sequencer.start();
    return async () => {
      await sequencer.stop();
      await stopEraser();
      await close();
    };
  } catch (error) {
    await close();
    throw error;
  }
}
