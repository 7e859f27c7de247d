import type { DecisionAnswer, DecisionReason } from "../../contract/access/decisions.ts";
import type { Services } from "../../context.ts";
import { TokenBuckets } from "../../platform/limits/token-buckets.ts";
import { ProblemError } from "../../problem-error.ts";
import type { Submission } from "../../record/entries/batcher.ts";
import type { Prepared } from "../../record/entries/batch-writer.ts";
import type { KeyUsage } from "../api-keys/key-usage.ts";
import { decide } from "./decide.ts";
import { encodeDecision } from "./decision-entry.ts";
import { FactRoom, type Absent, type FactRoomOptions } from "./fact-room.ts";
import type { Fact } from "./fact-store.ts";
import type { AppFact, KeyFact } from "./facts.ts";
import { judgeAsker, type Asker } from "./judge-asker.ts";

/** Decisions about one key: bursts, and per second in the long run. */
const KEY_LIMIT = { burst: 2_000, perSecond: 1_000 };

export type Question = {
  /** The asker's own key, as it was sent. */
  askerKey: string;
  /** Where the asker calls from, canonical; null: could not be told. */
  askerAddress: string | null;
  credential: string;
  action: string;
  appId: string;
  /** Canonical; null: could not be read. */
  address: string | null;
  requestId: string;
  userAgent: string;
  /** What the caller asked the gateway for, where it says: method and path, without the query. */
  method?: string;
  path?: string;
};

type Decided = Omit<DecisionAnswer, "entryId">;

export type DecisionDeskOptions = FactRoomOptions &
  Pick<Services, "clock" | "recorder"> & { usage: KeyUsage };

/** Answers the one question from memory, with every answer on record before it is given. */
export class DecisionDesk {
  readonly #options: DecisionDeskOptions;
  readonly #facts: FactRoom;
  readonly #limits = new TokenBuckets(KEY_LIMIT);

  constructor(options: DecisionDeskOptions) {
    this.#options = options;
    this.#facts = new FactRoom(options);
  }

  /** Reads the versions; before it nothing can be decided. */
  async start(): Promise<void> {
    const { db, clock, recorder } = this.#options;
    recorder.catchUp = (slots) => this.#facts.versions.catchUp(db, clock, slots);
    await this.#facts.versions.catchUp(db, clock);
  }

  /**
   * @throws {ProblemError} `not-signed-in`, `address-not-allowed`, `forbidden`, `not-found`: the asker
   *   may not ask this. Nothing is on record yet.
   * @throws {RecordUnavailable} when the answer could not be put on record; then there is none.
   */
  async ask(question: Question): Promise<DecisionAnswer> {
    const { clock, recorder, usage } = this.#options;
    const sitting = new Sitting(this, question);
    const { value, entryId } = await recorder.submitAnswer(sitting);
    const atMs = clock.now().getTime();
    if (sitting.gatewayKeyId !== null)
      usage.used(sitting.gatewayKeyId, question.askerAddress, true, atMs);
    if (value.credentialId !== null)
      usage.used(value.credentialId, question.address, value.allowed, atMs);
    return { ...value, entryId };
  }

  /** Decides with what is known at this moment, or says what must be fetched first. */
  prepare(sitting: Sitting): Prepared<Decided> | Promise<void> {
    const { question, absent } = sitting;
    const at = this.#options.clock.now();
    const nowMs = at.getTime() + this.#facts.versions.databaseAheadMs;
    const app = this.#facts.app(question.appId, absent);
    if (app instanceof Promise) return app;
    const asker = judgeAsker(this.#facts, {
      key: question.askerKey,
      address: question.askerAddress,
      app: app?.value ?? null,
      nowMs,
      absent,
    });
    if (asker instanceof Promise) return asker;
    if (app === null) throw new ProblemError("not-found");
    sitting.gatewayKeyId = asker.kind === "api-key" ? asker.keyId : null;
    const given = { question, at, app, asker };

    const key = this.#facts.key(question.credential, absent);
    if (key instanceof Promise) return key;
    // Another app's key is unknown here, or an asker could map out who has keys where.
    if (key === null || key.value.appId !== app.value.appId)
      return this.#answer(given, {
        key: null,
        reason: "unknown-credential",
        endsAtMs: asker.endsAtMs,
      });
    const { reason, endsAtMs } = decide({
      key: key.value,
      app: app.value,
      permission: question.action,
      address: question.address,
      nowMs,
      // By our own clock: how far PostgreSQL's is ahead is seen anew each time, and buckets that were
      // taken from in what is no future any more would refuse until it comes.
      isWithinLimit: () => sitting.takeQuota(this.#limits, key.value.keyId, at.getTime()),
    });
    return this.#answer(given, { key, reason, endsAtMs: Math.min(endsAtMs, asker.endsAtMs) });
  }

  #answer(
    {
      question,
      at,
      app,
      asker,
    }: { question: Question; at: Date; app: Fact<AppFact>; asker: Asker },
    {
      key,
      reason,
      endsAtMs,
    }: { key: Fact<KeyFact> | null; reason: DecisionReason; endsAtMs: number },
  ): Prepared<Decided> {
    const keyFact = key === null ? null : key.value;
    return {
      entry: encodeDecision({ question, at, app: app.value, key: keyFact, asker, reason }),
      fence: this.#facts.versions.fence(
        distinct(app.slots, asker.slots, key === null ? [] : key.slots),
        endsAtMs,
      ),
      value: {
        allowed: reason === "allowed",
        reason,
        accountId: keyFact === null ? null : keyFact.accountId,
        credentialId: keyFact === null ? null : keyFact.keyId,
        role: keyFact?.grant?.role ?? null,
      },
    };
  }
}

/** One question while it waits for its answer: decided anew each time a batch is put together. */
class Sitting implements Submission<Decided> {
  readonly #desk: DecisionDesk;
  readonly question: Question;
  /** What was looked up in vain. */
  readonly absent: Absent = new Set();
  /** The key of whoever asks, once it was judged; null for the operator's, whose uses are not listed. */
  gatewayKeyId: string | null = null;
  #isWithinLimit: boolean | null = null;

  constructor(desk: DecisionDesk, question: Question) {
    this.#desk = desk;
    this.question = question;
  }

  prepare(): Prepared<Decided> | Promise<void> {
    return this.#desk.prepare(this);
  }

  /** Counts once, however often it is decided. */
  takeQuota(limits: TokenBuckets, keyId: string, nowMs: number): boolean {
    this.#isWithinLimit ??= limits.take(keyId, nowMs) === 0;
    return this.#isWithinLimit;
  }
}

/** A handful of numbers: looking back is cheaper than a Set. */
function distinct(
  first: readonly number[],
  second: readonly number[],
  third: readonly number[],
): number[] {
  const found = [...first];
  for (const slot of second) if (!found.includes(slot)) found.push(slot);
  for (const slot of third) if (!found.includes(slot)) found.push(slot);
  return found;
}
