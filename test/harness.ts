import { randomBytes } from "node:crypto";
import type { PoolConfig } from "pg";
import { pino } from "pino";
import { readConfig } from "../src/config.ts";
import type { Services } from "../src/context.ts";
import { createPasswordHasher } from "../src/identity/passwords/password-hasher.ts";
import { createKeyRing } from "../src/platform/crypto/key-ring.ts";
import { open } from "../src/platform/crypto/seal.ts";
import { uuidv7 } from "../src/platform/crypto/uuid.ts";
import { openDatabase } from "../src/platform/db/db.ts";
import { MAIL_SEAL, type StoredMail } from "../src/platform/mail/queue-mail.ts";
import { decodeEntries } from "../src/record/entries/entry-codec.ts";
import type { Entry } from "../src/record/entries/entry.ts";
import { Recorder } from "../src/record/entries/recorder.ts";
import type { Promiser } from "../src/record/proofs/promise-entry.ts";
import { buildApp } from "../src/sallyport.ts";
import { bindWings } from "../src/wings.ts";
import { startClock, type TestClock } from "./clock.ts";
import { cloneTemplate, type TestDatabase } from "./template-database.ts";

export type HarnessOptions = {
  /** Settings beside the defaults. */
  env?: Record<string, string>;
  /** False: another process files; for tests that lose what this one says to PostgreSQL, which a filer says too. */
  isFiling?: boolean;
  /** Another harness on whose database this one runs: a second process. */
  beside?: Pick<Harness, "clock" | "database"> & { services: Pick<Services, "keyRing"> };
  /** Of the pool that requests use. */
  pool?: PoolConfig;
  /** Signs receipts, as a process does that holds the log's key. */
  promiser?: (services: Services) => Promiser;
};

/** All of Sallyport on a database of its own. Only the clock is moved; everything else is the real thing. */
export async function startHarness({
  env = {},
  beside,
  isFiling = true,
  pool = {},
  promiser,
}: HarnessOptions = {}): Promise<Harness> {
  const database = beside?.database ?? (await cloneTemplate());
  // No sequencer runs here, so nobody waits for it.
  const config = readConfig({ SALLYPORT_ROLES: "web,worker", ...env });
  const clock = beside?.clock ?? startClock();
  const log = pino({ level: process.env["SALLYPORT_TEST_LOG"] ?? "silent" });
  const { db, close } = openDatabase(database.runtimeUrl, () => {}, pool);
  const keyRing =
    beside?.services.keyRing ?? createKeyRing({ current: randomBytes(32), previous: [] });
  const processId = uuidv7(Date.now());
  const recorder = await Recorder.start({
    databaseUrl: database.runtimeUrl,
    processId,
    keyRing,
    clock,
    log,
  });
  const passwords = createPasswordHasher({ maxQueued: 1000 });
  const partial = { config, db, clock, log, keyRing, recorder, passwords };
  const bound = bindWings(partial);
  const services: Services = { ...partial, ports: bound.ports };
  const app = await buildApp(services, bound, promiser?.(services) ?? null);
  const stops = await Promise.all(
    bound.wings
      .flatMap((wing) => [wing.start, isFiling ? wing.background : undefined])
      .map(async (start) => await start?.()),
  );
  await app.ready();

  return {
    app,
    services,
    db,
    clock,
    database,
    call: async (
      method: string,
      url: string,
      given: { body?: unknown; as?: Headers; from?: string } = {},
    ) => {
      const reply = await app.inject({
        method: method as "GET",
        url,
        headers: {
          ...given.as,
          ...(given.body !== undefined && { "content-type": "application/json" }),
        },
        ...(given.body !== undefined && { payload: JSON.stringify(given.body) }),
        ...(given.from !== undefined && { remoteAddress: given.from }),
      });
      return {
        status: reply.statusCode,
        body: parse(reply.body),
        headers: reply.headers,
        text: reply.body,
      };
    },
    mails: async (): Promise<StoredMail[]> => {
      const rows = await db.selectFrom("outgoing_mail").select("sealed").orderBy("id").execute();
      return rows.flatMap(({ sealed }) =>
        sealed === null
          ? []
          : [JSON.parse(open(keyRing, MAIL_SEAL, sealed).toString()) as StoredMail],
      );
    },
    entries: async (): Promise<Entry[]> => {
      const rows = await db
        .selectFrom("entry_batch")
        .select("payload")
        .orderBy("writer")
        .orderBy("number")
        .execute();
      return rows.flatMap((row) => decodeEntries(row.payload));
    },
    async stop() {
      await app.close();
      for (const stop of stops) await stop?.();
      await recorder.close();
      await close();
      if (beside === undefined) await database.drop();
    },
  };
}

export type Reply = { status: number; body: Json; headers: Record<string, unknown>; text: string };

export type Harness = {
  app: Awaited<ReturnType<typeof buildApp>>;
  services: Services;
  db: Services["db"];
  clock: TestClock;
  database: TestDatabase;
  /** A JSON request; `as` takes the headers of a builder's person or key, `from` the client's address. */
  call(
    method: string,
    url: string,
    given?: { body?: unknown; as?: Headers; from?: string },
  ): Promise<Reply>;
  /** Mails of the sandbox, oldest first. */
  mails(): Promise<StoredMail[]>;
  /** Everything on record, in the order of its batches. */
  entries(): Promise<Entry[]>;
  stop(): Promise<void>;
};

/** Headers that say who is asking. */
export type Headers = Record<string, string>;

// eslint-disable-next-line typescript/no-explicit-any -- replies of many shapes; each test states the one it expects
type Json = any;

function parse(text: string): Json {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
