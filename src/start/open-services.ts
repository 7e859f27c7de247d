import type { Logger } from "pino";
import type { Config } from "../config.ts";
import type { Clock, Services } from "../context.ts";
import { createPasswordHasher } from "../identity/passwords/password-hasher.ts";
import { createKeyRing, type KeyRing } from "../platform/crypto/key-ring.ts";
import { openDatabase } from "../platform/db/db.ts";
import { Recorder } from "../record/entries/recorder.ts";
import { bindWings, type Wings } from "../wings.ts";
import { checkKey, isWithoutKey } from "./key-check.ts";
import type { RunningDatabase } from "./open-database.ts";
import { readSecretKey } from "./secret-key.ts";

/** Sign-ins that wait for their hash; beyond it they are refused, or they would wait for minutes. */
const MAX_QUEUED_HASHES = 1_000;

export type OpenServices = {
  services: Services;
  wings: Wings;
  /** Puts what waits on record, then closes. After it nothing can be recorded, so call it last. */
  close(): Promise<void>;
};

export type OpenServicesOptions = {
  config: Config;
  database: RunningDatabase;
  processId: string;
  clock: Clock;
  log: Logger;
};

/**
 * What routes, jobs and commands use, on a migrated database.
 * @throws {StartError} when the secret key is not this database's.
 */
export async function openServices(options: OpenServicesOptions): Promise<OpenServices> {
  const { config, database, processId, clock, log } = options;
  let isClosing = false;
  const opened = openDatabase(database.runtimeUrl, (error) => {
    // The pool does not wait for the goodbyes of its connections.
    if (!isClosing) log.warn({ err: error }, "a connection to PostgreSQL was lost");
  });
  const { db } = opened;
  try {
    const keyRing = await openKeyRing(config, db);
    const recorder = await Recorder.start({
      databaseUrl: database.runtimeUrl,
      processId,
      keyRing,
      clock,
      log,
    });
    const passwords = createPasswordHasher({ maxQueued: MAX_QUEUED_HASHES });
    const partial = { config, db, clock, log, keyRing, recorder, passwords };
    const wings = bindWings(partial);
    return {
      services: { ...partial, ports: wings.ports },
      wings,
      async close() {
        try {
          await recorder.close();
        } finally {
          isClosing = true;
          await opened.close();
        }
      },
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function openKeyRing(config: Config, db: Services["db"]): Promise<KeyRing> {
  const current = await readSecretKey(config, () => isWithoutKey(db));
  const keyRing = createKeyRing({ current, previous: config.previousSecretKeys });
  await checkKey(db, keyRing);
  return keyRing;
}
