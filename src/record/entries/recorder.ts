import { Client } from "pg";
import type { Logger } from "pino";
import type { KeyRing } from "../../platform/crypto/key-ring.ts";
import { connectionOf } from "../../platform/db/db.ts";
import { encode, type SealedKey } from "./batch.ts";
import { BatchNumbers } from "./batch-numbers.ts";
import { Batcher, type Recorded, type Submission } from "./batcher.ts";
import type { Entry } from "./entry.ts";
import { EntryFold } from "./fold.ts";
import { WriterCounts } from "./writer-counts.ts";

/** A number that came back waits this long for a batch to take it before it is filled, ms. */
const FILL_AFTER_MS = 1_000;
/** How often counted tries are put on record, ms. */
const FOLD_EVERY_MS = 5_000;

export type RecorderOptions = {
  databaseUrl: string;
  processId: string;
  keyRing: KeyRing;
  clock: { now(): Date; databaseShiftMs: number };
  log: Logger;
};

/** The process's one way onto the record. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #batcher: Batcher;
  readonly #fold = new EntryFold();
  readonly #timer: NodeJS.Timeout;
  #fillTimer: NodeJS.Timeout | null = null;
  #isClosed = false;
  readonly numbers: BatchNumbers;
  /** What was committed under them, counted. */
  readonly counts = new WriterCounts();
  readonly keyRing: KeyRing;
  /** Batches that this process found not to be as they were written, since its start. */
  badBatchCount = 0;
  /** Bound by whoever answers from memory: learns what changed after a fence did not hold. */
  catchUp: (slots: readonly number[]) => Promise<void> = async () => {};

  private constructor(options: RecorderOptions, writer: number) {
    this.#options = options;
    this.keyRing = options.keyRing;
    this.numbers = new BatchNumbers(writer, () => this.#planFill());
    this.#batcher = new Batcher({
      ...options,
      numbers: this.numbers,
      counts: this.counts,
      now: options.clock.now,
      databaseShiftMs: () => options.clock.databaseShiftMs,
      catchUp: (slots) => this.catchUp(slots),
    });
    this.#timer = setInterval(
      () => this.#recordCounted(options.clock.now().getTime()),
      FOLD_EVERY_MS,
    );
    this.#timer.unref();
  }

  /** Registers a new writer and connects. */
  static async start(options: RecorderOptions): Promise<Recorder> {
    const recorder = new Recorder(options, await registerWriter(options));
    try {
      await recorder.#batcher.connect();
    } catch (error) {
      await recorder.close();
      throw error;
    }
    return recorder;
  }

  /** Commits the entry of a read, a refusal or a failure. @throws {RecordUnavailable} */
  submit(entry: Entry): Promise<Recorded<undefined>> {
    const encoded = encode(entry);
    return this.#batcher.submit({ prepare: () => ({ entry: encoded, value: undefined }) });
  }

  /** Commits an answer that is made when its batch is put together, under its fence. @throws {RecordUnavailable} */
  submitAnswer<T>(submission: Submission<T>): Promise<Recorded<T>> {
    return this.#batcher.submit(submission);
  }

  /** Like `submit`, but what repeats (same key) is counted per minute instead; then null. */
  async submitFolded(key: string, entry: Entry): Promise<Recorded<undefined> | null> {
    return this.#fold.admit(key, entry) ? await this.submit(entry) : null;
  }

  /** Settles whether a change whose commit's answer was lost happened. @throws {RecordUnavailable} where nobody can tell. */
  wasCommitted(key: SealedKey): Promise<boolean> {
    return this.#batcher.wasCommitted([key]);
  }

  get queuedCount(): number {
    return this.#batcher.queuedCount;
  }

  /** How long the entry that has waited longest for its commit waits by now, ms; 0 when none waits. */
  get oldestWaitMs(): number {
    return this.#batcher.oldestWaitMs;
  }

  /** Puts what is counted and what waits on record. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#isClosed = true;
    if (this.#fillTimer !== null) clearTimeout(this.#fillTimer);
    this.#recordCounted(Number.POSITIVE_INFINITY);
    await this.#batcher.close();
  }

  #recordCounted(now: number): void {
    for (const entry of this.#fold.takeCounted(now))
      this.submit(entry).catch((error: unknown) => {
        this.#options.log.error({ err: error }, "counted tries could not be recorded");
      });
  }

  #planFill(): void {
    if (this.#fillTimer !== null || this.#isClosed) return;
    this.#fillTimer = setTimeout(() => {
      this.#fillTimer = null;
      void this.#fill();
    }, FILL_AFTER_MS);
    this.#fillTimer.unref();
  }

  async #fill(): Promise<void> {
    try {
      if (this.numbers.returnedCount > 0) await this.#batcher.fillReturned();
      if (this.numbers.openCount > 0) await this.#batcher.fillOpen();
    } catch (error) {
      this.#options.log.warn({ err: error }, "a number could not be filled; tried again");
    }
    if (this.numbers.returnedCount + this.numbers.openCount > 0) this.#planFill();
  }
}

/** A writer's row: its id is never used by another run of a process. */
async function registerWriter({ databaseUrl, processId }: RecorderOptions): Promise<number> {
  const client = new Client(connectionOf(databaseUrl));
  client.on("error", () => {}); // the query under way reports it
  await client.connect();
  try {
    const { rows } = await client.query<{ id: number }>(
      "insert into entry_writer (process_id) values ($1) returning id",
      [processId],
    );
    const [row] = rows;
    if (row === undefined) throw new Error("the insert returns its row");
    return row.id;
  } finally {
    await client.end();
  }
}
