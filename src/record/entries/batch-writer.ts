import { Client, DatabaseError } from "pg";
import { connectionOf } from "../../platform/db/db.ts";
import type { KeyRing } from "../../platform/crypto/key-ring.ts";
import { joinFences, toRows, type FilledRow, type Prepared } from "./assemble-batch.ts";
import { sealBatch, type BatchKey, type SealedKey } from "./batch.ts";
import type { BatchNumbers } from "./batch-numbers.ts";
import { NO_FENCE, readMacs, writeBatches } from "./write-batch.ts";
import type { WriterCounts } from "./writer-counts.ts";

export type { Prepared } from "./assemble-batch.ts";

/** How long an outage of PostgreSQL is waited for before the waiting requests get 503, ms. */
export const OUTAGE_PATIENCE_MS = 5_000;
const RECONNECT_PAUSE_MS = 100;
/** A statement that takes longer is given up; its outcome is found out by its key. */
const STATEMENT_TIMEOUT_MS = 10_000;

export type BatchWriterOptions = {
  databaseUrl: string;
  keyRing: KeyRing;
  numbers: BatchNumbers;
  now: () => Date;
  databaseShiftMs: () => number;
  /** Told of what was committed. */
  counts: WriterCounts;
};

/** One connection that writes one batch after the other. */
export class BatchWriter {
  readonly #options: BatchWriterOptions;
  #client: Client | null = null;
  isIdle = true;

  constructor(options: BatchWriterOptions) {
    this.#options = options;
  }

  async connect(): Promise<Client> {
    if (this.#client !== null) return this.#client;
    const connection = connectionOf(this.#options.databaseUrl);
    const client = new Client({
      ...connection,
      // The statement's plan never depends on its values; planning it each time takes as long as it does.
      options: `${connection.options} -c plan_cache_mode=force_generic_plan`,
      connectionTimeoutMillis: OUTAGE_PATIENCE_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
    });
    // The query under way reports the break; here it only has to be noticed.
    client.on("error", () => this.#drop(client));
    client.on("end", () => this.#drop(client));
    await client.connect();
    this.#client = client;
    return client;
  }

  #drop(client: Client): void {
    if (this.#client === client) this.#client = null;
  }

  /** A connection of which we no longer know what it is doing. */
  #discard(): void {
    this.#client?.end().catch(() => {});
    this.#client = null;
  }

  /**
   * Commits the entries, one row for each class. `again`: the fence did not hold, nothing is written.
   *
   * @throws {Error} when they are not committed, or (PostgreSQL stayed away) nobody can tell.
   */
  async write(prepared: readonly Prepared<unknown>[]): Promise<string[] | "again"> {
    this.isIdle = false;
    try {
      return await this.#writeRows(prepared);
    } finally {
      this.isIdle = true;
    }
  }

  async #writeRows(prepared: readonly Prepared<unknown>[]): Promise<string[] | "again"> {
    const { now, numbers, keyRing, databaseShiftMs } = this.#options;
    const fence = joinFences(prepared);
    if (fence === null) return "again";
    // The connection first, so that a batch bears the time at which it was written.
    const client = await this.#connectPatiently();
    const at = now();
    const { rows, ids } = toRows(prepared, { at, keyRing, take: () => numbers.take(at) });
    try {
      const { holds, written } = await writeBatches(client, rows, {
        fence,
        databaseShiftMs: databaseShiftMs(),
      });
      if (holds) {
        if (written === rows.length) return this.#committed(rows, ids);
        // Only somebody who writes under our writer's id can have taken a fresh number.
        throw new Error("a batch's number was taken: is another process this writer too?");
      }
      for (const row of rows) numbers.giveBack(row);
      return "again";
    } catch (error) {
      if (isSurelyNotCommitted(error)) {
        for (const row of rows) numbers.giveBack(row);
        throw error;
      }
      this.#discard();
      return (await this.wasCommitted(rows)) ? this.#committed(rows, ids) : "again";
    }
  }

  #committed(rows: readonly FilledRow[], ids: string[]): string[] {
    for (const row of rows) this.#options.counts.add(row, row.entries);
    return ids;
  }

  /** Fills a number with an empty batch, unless one with this key is committed already. */
  async fill(key: BatchKey): Promise<void> {
    this.isIdle = false;
    try {
      await this.#fillAll([key]);
    } finally {
      this.isIdle = true;
    }
  }

  /** @returns whether all of them were ours to fill. */
  async #fillAll(keys: readonly BatchKey[]): Promise<boolean> {
    const { now, keyRing } = this.#options;
    const at = now();
    const rows = keys.map((key) => sealBatch(keyRing, key, { at, entries: [] }));
    const client = await this.#connectPatiently();
    const { written } = await writeBatches(client, rows, { fence: NO_FENCE, databaseShiftMs: 0 });
    return written === keys.length;
  }

  /**
   * The answer to a commit was lost. Empty batches under the same keys, in one statement and in the
   * order of the lost one, settle it: they wait for the lost transaction to end, and then either find
   * its rows (committed) or take their places (never will be). Whose rows they are the MACs tell: an
   * empty batch of an earlier try, whose own answer was lost, is not the lost one. Where nobody can
   * tell, the numbers are left open.
   */
  async wasCommitted(keys: readonly SealedKey[]): Promise<boolean> {
    const deadline = performance.now() + OUTAGE_PATIENCE_MS;
    for (;;) {
      try {
        return await this.#settle(keys);
      } catch (error) {
        this.#discard();
        if (performance.now() > deadline) {
          this.#options.numbers.leaveOpen(keys);
          throw error;
        }
        await pause(RECONNECT_PAUSE_MS);
      }
    }
  }

  async #settle(keys: readonly SealedKey[]): Promise<boolean> {
    if (await this.#fillAll(keys)) return false;
    const found = await readMacs(await this.connect(), keys);
    const ours = keys.filter((key, index) => found[index]?.equals(key.mac) === true);
    if (ours.length !== 0 && ours.length !== keys.length)
      throw new Error("one commit is there in part");
    return ours.length > 0;
  }

  async #connectPatiently(): Promise<Client> {
    const deadline = performance.now() + OUTAGE_PATIENCE_MS;
    for (;;) {
      try {
        return await this.connect();
      } catch (error) {
        if (performance.now() > deadline) throw new NotSent("no connection", { cause: error });
        await pause(RECONNECT_PAUSE_MS);
      }
    }
  }

  async close(): Promise<void> {
    await this.#client?.end();
  }
}

/** Nothing was sent to PostgreSQL: there is no connection, and was none for as long as we wait. */
export class NotSent extends Error {
  override readonly name = "NotSent";
}

/** SQLSTATE after which a statement may have been committed: the connection broke, the server went down meanwhile. */
const UNCERTAIN_SQLSTATE = /^(08|57P|40003)/;

/**
 * PostgreSQL refused the statement, or never saw it. A broken connection leaves it open. Only
 * PostgreSQL's own word counts: a code alone does not tell, EPIPE has five letters too.
 */
export function isSurelyNotCommitted(error: unknown): boolean {
  if (error instanceof NotSent) return true;
  return error instanceof DatabaseError && !UNCERTAIN_SQLSTATE.test(error.code ?? "08");
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
