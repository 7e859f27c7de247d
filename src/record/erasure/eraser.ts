import { sql } from "kysely";
import { setTimeout as delay } from "node:timers/promises";
import { systemContext, type Services } from "../../context.ts";
import type { Db } from "../../platform/db/db.ts";
import { change, record } from "../entries/change.ts";
import {
  awaitErasing,
  endAct,
  lockErasing,
  openAct,
  type Act,
  type ActTotals,
} from "./act-queries.ts";
import { eraseSome, type Progress } from "./erase-some.ts";
import type { ErasureLedger } from "./erasure-ledger.ts";
import { refileTermless } from "./refile-termless.ts";
import { adoptActs, planAct, settleRequest } from "./plan-act.ts";

/** Time between two looks for something to do, ms. */
const LOOK_EVERY_MS = 60_000;
/** While something is under way that is not ready, or after a failure, ms. */
const AGAIN_MS = 1_000;

export type EraserServices = {
  /** Of the process; what is erased goes by `db`. */
  services: Services;
  /** As a role that may change what is on record. */
  db: Db;
  ledger: ErasureLedger;
};

/**
 * Carries out what is due: entries whose period has ended, people who asked to be forgotten, and what a
 * database that came back from the past has forgotten. Runs beside the sequencer, which has the anchor and
 * the role for it. Any number of processes may run one; the database lets one at a time work.
 */
export class Eraser {
  readonly #given: EraserServices;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(given: EraserServices) {
    this.#given = given;
  }

  start(): void {
    this.#plan(0);
  }

  /** Lets the transaction under way end. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#round;
  }

  #plan(inMs: number): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#round = this.#runRound();
    }, inMs);
    this.#timer.unref();
  }

  async #runRound(): Promise<void> {
    try {
      const { services, db } = this.#given;
      await refileTermless({ ...services, db }, () => this.#isStopped);
      const isOver = await eraseDue(this.#given, () => this.#isStopped);
      this.#plan(isOver ? LOOK_EVERY_MS : AGAIN_MS);
    } catch (error) {
      this.#given.services.log.error({ err: error }, "erasing could not go on; tried again");
      this.#plan(LOOK_EVERY_MS);
    }
  }
}

/** Takes over, begins and carries out what is due. @returns false while something is left that is not ready. */
export async function eraseDue(
  given: EraserServices,
  isStopped: () => boolean = () => false,
): Promise<boolean> {
  const now = await carefulNow(given);
  await given.db.transaction().execute(async (tx) => {
    if (await lockErasing(tx)) await adoptActs(tx, given.ledger, now);
  });
  for (;;) {
    if (!(await carryOutOpen(given, isStopped))) return false;
    if (!(await begin(given, now))) return true;
  }
}

/** Goes on with what was begun. @returns false while something of it is left that is not ready. */
async function carryOutOpen(given: EraserServices, isStopped: () => boolean): Promise<boolean> {
  for (;;) {
    const act = await openAct(given.db);
    if (act === null) return true;
    const now = await carefulNow(given);
    if ((await carryOn(given, act, { now, isStopped })) !== "done") return false;
  }
}

/**
 * Carries out again what a database that came back from the past has forgotten; to be done before anything
 * is served from it.
 *
 * @param catchUp brings what is on record into the log and into the copies for search, as far as it goes.
 */
export async function replayLedger(
  given: EraserServices,
  catchUp: () => Promise<void>,
): Promise<void> {
  const now = await carefulNow(given);
  await given.db.transaction().execute(async (tx) => {
    // Another process may be taking it over this moment: whoever does not wait would serve what it has not noted yet.
    await awaitErasing(tx);
    await adoptActs(tx, given.ledger, now);
  });
  for (;;) {
    const act = await openAct(given.db);
    if (act?.isReplay !== true) return;
    given.services.log.warn(
      { act: act.number },
      "the database came back from before something was erased: it is erased again before anything is served",
    );
    await catchUp();
    const progress = await carryOn(given, act, { now, isStopped: () => false });
    if (progress !== "done") await delay(AGAIN_MS);
  }
}

/** The earlier of our time and PostgreSQL's: a clock that is ahead must not have anything erased. */
async function carefulNow({ services, db }: EraserServices): Promise<Date> {
  const { clock } = services;
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db);
  const theirs = (rows[0]?.now.getTime() ?? 0) + clock.databaseShiftMs;
  return new Date(Math.min(clock.now().getTime(), theirs));
}

const begin = async ({ db, ledger }: EraserServices, now: Date): Promise<boolean> =>
  await db
    .transaction()
    .execute(async (tx) => (await lockErasing(tx)) && (await planAct(tx, ledger, now)));

async function carryOn(
  given: EraserServices,
  act: Act,
  { now, isStopped }: { now: Date; isStopped: () => boolean },
): Promise<Progress> {
  const { services, db } = given;
  let progress: Progress = "more";
  while (progress === "more" && !isStopped()) {
    progress = await eraseSome({ ...services, db }, act, now);
    if (progress === "busy") {
      // The filer's transaction, mostly.
      await delay(BUSY_PAUSE_MS);
      if ((await openAct(db))?.number === act.number) progress = "more";
    }
  }
  if (progress === "done") await finish(given, act, now);
  return progress;
}

const BUSY_PAUSE_MS = 50;

/** The act is an entry: what kind, how much, of which leaves; whom it was about stands in none. */
async function finish({ services, db }: EraserServices, act: Act, now: Date): Promise<void> {
  const ctx = { ...systemContext(services, "eraser"), db };
  const { plan, number, isReplay } = act;
  await change(ctx, {}, async (tx) => {
    const totals = await endAct(tx, number, now);
    if (totals === null) throw new Error(`another process has ended act ${number}`);
    if (plan.kind === "person") await settleRequest(tx, plan, { held: totals.held, now });
    await record(tx, ctx, {
      action: plan.kind === "person" ? "erasure.carried-out" : "retention.carried-out",
      change: { after: { act: number, isReplay, ...told(totals) } },
    });
  });
}

const told = ({ firstLeaf, lastLeaf, ...counts }: ActTotals) => ({
  ...counts,
  ...(firstLeaf !== null && { leaves: [firstLeaf, lastLeaf] }),
});
