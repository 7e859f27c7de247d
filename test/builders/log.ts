import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import type { KeyRing } from "../../src/platform/crypto/key-ring.ts";
import { openDatabase, type OpenDatabase } from "../../src/platform/db/db.ts";
import { encode, sealBatch } from "../../src/record/entries/batch.ts";
import type { Entry } from "../../src/record/entries/entry.ts";
import { CountMemory, countRound } from "../../src/record/completeness/count-round.ts";
import { folderAnchor, type Anchor } from "../../src/record/anchor/anchor.ts";
import { LogSigner } from "../../src/record/sequencer/log-key.ts";
import { Memory, sequenceRound } from "../../src/record/sequencer/sequence-round.ts";
import { settleEpoch, type SigningServices } from "../../src/record/sequencer/settle-epoch.ts";
import { signRound } from "../../src/record/sequencer/sign-round.ts";
import { anEntry } from "./entries.ts";

const newSigner = (): LogSigner =>
  new LogSigner(
    generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
  );

export type LogBench = {
  services: SigningServices;
  owner: OpenDatabase;
  /** Everything on record comes into the log and is signed. */
  catchUp(): Promise<void>;
  /** The same, with a map of counts that covers all of it. */
  countUp(): Promise<void>;
  close(): Promise<void>;
};

/** A sequencer by itself, moved by hand. */
export async function startLog(
  ownerUrl: string,
  {
    keyRing,
    prefix = "sec.example.test/audit",
    anchor,
  }: { keyRing: KeyRing; prefix?: string; /** Instead of a folder. */ anchor?: Anchor },
): Promise<LogBench> {
  const owner = openDatabase(ownerUrl, () => {});
  const folder = await mkdtemp(join(tmpdir(), "sallyport-anchor-"));
  const services: SigningServices = {
    db: owner.db,
    keyRing,
    log: pino({ level: "silent" }),
    prefix,
    signer: newSigner(),
    anchor: anchor ?? folderAnchor(folder),
    needsWitnesses: false,
  };
  const memory = new Memory();
  const counts = new CountMemory();
  const sequence = async () => {
    await settleEpoch(services);
    while ((await sequenceRound(services, memory)).hasMore);
  };
  return {
    services,
    owner,
    catchUp: async () => {
      await sequence();
      await signRound(services);
    },
    countUp: async () => {
      await sequence();
      while ((await countRound(services, counts, { isDue: true })).hasMore);
      await signRound(services);
    },
    close: async () => {
      await owner.close();
      await rm(folder, { recursive: true });
    },
  };
}

const AT_ONCE = 2_000;

/** Batches of one entry each, as a writer that is gone left them: many, quickly. */
export async function addBatches(
  { pool }: OpenDatabase,
  keyRing: KeyRing,
  { count, from = 1, ...given }: { count: number; from?: number } & Partial<Entry>,
): Promise<void> {
  const { rows } = await pool.query<{ id: number }>(
    "insert into entry_writer (process_id) values (gen_random_uuid()) returning id",
  );
  const writer = rows[0]?.id ?? 0;
  const at = new Date("2026-03-01T00:00:00.000Z");
  const entry = encode(anEntry({ at, ...given }));
  for (let first = from; first < from + count; first += AT_ONCE) {
    const batches = Array.from({ length: Math.min(AT_ONCE, from + count - first) }, (_, index) =>
      sealBatch(
        keyRing,
        { day: "2026-03-01", writer, number: first + index },
        { at, entries: [entry] },
      ),
    );
    const [sample] = batches;
    await pool.query(
      `insert into entry_batch (day, writer, number, class, at, count, organisations, accounts, apps, credentials, payload, mac, mac_key_id)
       select '2026-03-01', $1, number, $2, $3, 1, '{}', '{}', '{}', '{}', $4, mac, $5
       from unnest($6::bigint[], $7::bytea[]) as batch (number, mac)`,
      [
        writer,
        sample?.class,
        at,
        sample?.payload,
        sample?.macKeyId,
        batches.map(({ number }) => number),
        batches.map(({ mac }) => mac),
      ],
    );
  }
}
