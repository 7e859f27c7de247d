import type { Logger } from "pino";
import type { SealedKey } from "./batch.ts";
import {
  BatchWriter,
  NotSent,
  OUTAGE_PATIENCE_MS,
  type BatchWriterOptions,
  type Prepared,
} from "./batch-writer.ts";

/** Two writers: while one commits, the other collects (measured: reference of docs/decisions/0003). */
const WRITERS = 2;
/** Entries in one commit; more would make everybody wait for one large row. */
const MAX_BATCH_ENTRIES = 400;
/** Requests not yet answered beyond this are refused with 503: memory stays bounded when PostgreSQL is slow. */
const MAX_OUTSTANDING = 10_000;
/** Who waits for as many as are being committed waits no longer than this, ms: a commit takes one or two. */
const STUCK_COMMIT_MS = 20;
/** A fence that fails this often means changes come faster than commits: the asker is told to try again. */
const MAX_TRIES = 50;
/**
 * What waits for its entry. `prepare` is called, synchronously, each time a batch is put together
 * that may hold it; a promise means "not yet: ask again when it is resolved".
 */
export type Submission<T> = { prepare(): Prepared<T> | Promise<void> };

export type Recorded<T> = { value: T; entryId: string };

/** The entry could not be written, so the request must not be answered as done. */
export class RecordUnavailable extends Error {
  override readonly name = "RecordUnavailable";
}

type Waiting = {
  /** How often its fence did not hold. */
  tries: number;
  sinceMs: number;
  submission: Submission<unknown>;
  resolve(recorded: Recorded<unknown>): void;
  reject(error: Error): void;
};

type Ready = { waiting: Waiting; prepared: Prepared<unknown> };

export type BatcherOptions = BatchWriterOptions & {
  log: Logger;
  /** Called when a fence did not hold: learn what changed, then the batch is put together again. */
  catchUp: (slots: readonly number[]) => Promise<void>;
};

/**
 * Commits entries in batches and releases each request when its entry is committed: what arrives
 * while a commit is under way goes with the next one, without a timer.
 */
export class Batcher {
  readonly #options: BatcherOptions;
  readonly #queue: Waiting[] = [];
  readonly #writers: BatchWriter[];
  /** Submitted and not yet answered: in the queue, in preparation, in a commit. */
  #outstanding = 0;
  #isFlushPlanned = false;
  #isClosed = false;
  /** Entries in commits under way. */
  #committing = 0;
  readonly #underWay = new Set<readonly Ready[]>();
  #guard: NodeJS.Timeout | null = null;
  #onDrained: (() => void) | null = null;

  constructor(options: BatcherOptions) {
    this.#options = options;
    this.#writers = Array.from({ length: WRITERS }, () => new BatchWriter(options));
  }

  get queuedCount(): number {
    return this.#queue.length;
  }

  /** Of what waits in the queue and in the commits under way, ms. */
  get oldestWaitMs(): number {
    const waiting = [...this.#underWay].flat().map((ready) => ready.waiting);
    const since = [...this.#queue, ...waiting].map(({ sinceMs }) => sinceMs);
    const oldest = since.reduce((least, sinceMs) => Math.min(least, sinceMs), Infinity);
    return Math.max(0, performance.now() - oldest);
  }

  async connect(): Promise<void> {
    await Promise.all(this.#writers.map((writer) => writer.connect()));
  }

  /**
   * @throws {RecordUnavailable} when the entry could not be committed, or PostgreSQL went away in the
   *   middle and nobody can tell.
   */
  submit<T>(submission: Submission<T>): Promise<Recorded<T>> {
    if (this.#isClosed) return Promise.reject(new RecordUnavailable("shutting down"));
    if (this.#outstanding >= MAX_OUTSTANDING)
      return Promise.reject(new RecordUnavailable("too many wait"));
    this.#outstanding += 1;
    return new Promise<Recorded<unknown>>((resolve, reject) => {
      this.#queue.push({ tries: 0, sinceMs: performance.now(), submission, resolve, reject });
      this.#plan();
    }) as Promise<Recorded<T>>;
  }

  #answer(waiting: Waiting, answer: Recorded<unknown> | Error): void {
    this.#outstanding -= 1;
    if (answer instanceof Error) waiting.reject(answer);
    else waiting.resolve(answer);
    if (this.#outstanding === 0) this.#onDrained?.();
  }

  /** Whether the lost commit happened; if not, it never will: empty batches take its place. */
  async wasCommitted(keys: readonly SealedKey[]): Promise<boolean> {
    const writer = new BatchWriter(this.#options);
    try {
      return await writer.wasCommitted(keys);
    } catch (error) {
      throw new RecordUnavailable("nobody can tell", { cause: error });
    } finally {
      await writer.close();
    }
  }

  /** Writes numbers that came back and that no batch took. */
  async fillReturned(): Promise<void> {
    const { numbers, now } = this.#options;
    while (numbers.returnedCount > 0) {
      const writer = this.#writers.find((candidate) => candidate.isIdle);
      if (writer === undefined) return; // the next batch takes it
      const key = numbers.take(now());
      try {
        await writer.fill(key);
      } catch (error) {
        numbers.leaveOpen([key]);
        throw error;
      } finally {
        this.#plan(); // whoever came meanwhile
      }
    }
  }

  /** Fills numbers of which nobody could tell, on a connection of its own: a lost transaction may still hold them. */
  async fillOpen(): Promise<void> {
    const keys = this.#options.numbers.takeOpen();
    const writer = new BatchWriter(this.#options);
    try {
      while (keys[0] !== undefined) {
        await writer.fill(keys[0]);
        keys.shift();
      }
    } finally {
      if (keys.length > 0) this.#options.numbers.leaveOpen(keys);
      await writer.close();
    }
  }

  /** Commits what waits, then closes. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#outstanding > 0)
      await new Promise<void>((resolve) => {
        this.#onDrained = resolve;
      });
    await this.fillReturned();
    await this.fillOpen();
    await Promise.all(this.#writers.map((writer) => writer.close()));
  }

  #plan(): void {
    if (this.#isFlushPlanned || this.#queue.length === 0) return;
    this.#isFlushPlanned = true;
    setImmediate(() => {
      this.#isFlushPlanned = false;
      this.#flush();
    });
  }

  /**
   * While one writer commits, the other waits until as many have come as are on their way: under load
   * both then carry half, instead of one a crowd and the other a few, and each commit costs PostgreSQL
   * nearly the same. Without load it starts at once, and whoever becomes idle plans again: no timer
   * but for a commit that is stuck.
   */
  #flush(isOverdue = false): void {
    for (const writer of this.#writers) {
      if (!writer.isIdle) continue;
      if (this.#queue.length < this.#committing && !isOverdue) {
        this.#guardAgainstStuckCommit();
        continue;
      }
      const ready = this.#prepareBatch();
      if (ready.length > 0) void this.#commit(writer, ready);
    }
  }

  /** A commit that takes long must not keep a few from the other writer. */
  #guardAgainstStuckCommit(): void {
    if (this.#guard !== null) return;
    this.#guard = setTimeout(() => {
      this.#guard = null;
      this.#flush(true);
    }, STUCK_COMMIT_MS);
  }

  /** Takes from the queue what can be answered now; what must load something first comes back later. */
  #prepareBatch(): Ready[] {
    const ready: Ready[] = [];
    for (const waiting of this.#queue.splice(0, MAX_BATCH_ENTRIES)) {
      try {
        const prepared = waiting.submission.prepare();
        if (prepared instanceof Promise) this.#awaitPreparation(waiting, prepared);
        else ready.push({ waiting, prepared });
      } catch (error) {
        this.#answer(waiting, error as Error);
      }
    }
    return ready;
  }

  #awaitPreparation(waiting: Waiting, preparation: Promise<void>): void {
    preparation.then(
      () => {
        this.#queue.push(waiting);
        this.#plan();
      },
      (error: unknown) => this.#answer(waiting, error as Error),
    );
  }

  async #commit(writer: BatchWriter, ready: Ready[]): Promise<void> {
    this.#committing += ready.length;
    this.#underWay.add(ready);
    try {
      const ids = await writer.write(ready.map(({ prepared }) => prepared));
      if (ids === "again") {
        await this.#options.catchUp(slotsOf(ready));
        this.#putBack(ready);
      } else {
        for (const [index, { waiting, prepared }] of ready.entries())
          this.#answer(waiting, { value: prepared.value, entryId: ids[index] ?? "" });
      }
    } catch (error) {
      this.#options.log.error({ err: error }, "entries could not be recorded");
      const refusal = new RecordUnavailable("not recorded", { cause: error });
      for (const { waiting } of ready) this.#answer(waiting, refusal);
      if (error instanceof NotSent) this.#refuseImpatient(refusal);
    }
    this.#committing -= ready.length;
    this.#underWay.delete(ready);
    this.#plan();
  }

  /** To be answered again; what changes faster than it can be answered is refused in the end. */
  #putBack(ready: readonly Ready[]): void {
    for (const { waiting } of ready.toReversed()) {
      waiting.tries += 1;
      if (waiting.tries < MAX_TRIES) this.#queue.unshift(waiting);
      else this.#answer(waiting, new RecordUnavailable("what it depends on keeps changing"));
    }
  }

  /** PostgreSQL is away: who has waited as long as those who were just refused is refused with them. */
  #refuseImpatient(refusal: RecordUnavailable): void {
    const limitMs = performance.now() - OUTAGE_PATIENCE_MS;
    const waiting = this.#queue.splice(0);
    for (const candidate of waiting) {
      if (candidate.sinceMs < limitMs) this.#answer(candidate, refusal);
      else this.#queue.push(candidate);
    }
  }
}

function slotsOf(ready: readonly Ready[]): number[] {
  return [...new Set(ready.flatMap(({ prepared }) => prepared.fence?.slots ?? []))];
}
