import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { readConfig } from "../../src/config.ts";
import { createPasswordHasher } from "../../src/identity/passwords/password-hasher.ts";
import { createKeyRing } from "../../src/platform/crypto/key-ring.ts";
import { uuidv7 } from "../../src/platform/crypto/uuid.ts";
import { openDatabase } from "../../src/platform/db/db.ts";
import { Recorder } from "../../src/record/entries/recorder.ts";
import { buildApp } from "../../src/sallyport.ts";
import { bindWings } from "../../src/wings.ts";

/**
 * What /openapi.json answers: the real app with all its routes, made on a migrated database and never
 * listening. The same text for the same code, wherever and whenever it is made.
 */
export async function openapi(runtimeUrl: string): Promise<string> {
  const clock = { now: () => new Date(), databaseShiftMs: 0 };
  const log = pino({ level: "silent" });
  const config = readConfig({});
  const keyRing = createKeyRing({ current: randomBytes(32), previous: [] });
  const database = openDatabase(runtimeUrl, () => {});
  const recorder = await Recorder.start({
    databaseUrl: runtimeUrl,
    processId: uuidv7(clock.now().getTime()),
    keyRing,
    clock,
    log,
  });
  try {
    const passwords = createPasswordHasher({ maxQueued: 1 });
    const { db } = database;
    const partial = { config, db, clock, log, keyRing, recorder, passwords };
    const wings = bindWings(partial);
    const app = await buildApp({ ...partial, ports: wings.ports }, wings);
    await app.ready();
    const description = app.swagger();
    await app.close();
    return `${JSON.stringify(description, null, 2)}\n`;
  } finally {
    await recorder.close();
    await database.close();
  }
}
