import { sql } from "kysely";
import { leastPeriods } from "../../contract/record/retention.ts";
import type { Tx } from "../../platform/db/db.ts";
import { insertAct, knownActs, notePlaces, openAct } from "./act-queries.ts";
import type { ErasureLedger } from "./erasure-ledger.ts";
import { readHeld } from "./hold-queries.ts";
import { applyShortened, DEFAULT_PERIODS, readPolicies } from "./periods.ts";
import { DAY_MS, type PersonPlan, type RetentionPlan } from "./plan.ts";

/** Time between two acts of retention, ms: a little less than a day, so that it stays daily. */
const RETENTION_EVERY_MS = DAY_MS - 3_600_000;

/**
 * Begins what is due, if nothing is under way: notes what it has to look at and writes its page in the
 * ledger, before anything goes. Under `lockErasing`.
 *
 * @returns whether something was begun.
 * @throws when the ledger cannot be written: nothing is begun then.
 */
export async function planAct(tx: Tx, ledger: ErasureLedger, now: Date): Promise<boolean> {
  if ((await openAct(tx)) !== null) return false;
  const plan = (await personPlan(tx, now)) ?? (await retentionPlan(tx, now));
  if (plan === null) return false;
  const number = Math.max(0, ...(await knownActs(tx)), ...(await ledger.numbers())) + 1;
  const act = { number, plan, isReplay: false };
  await insertAct(tx, act, now);
  await notePlaces(tx, act);
  if (!(await ledger.add(number, plan)))
    throw new Error(`page ${number} of the ledger was written by another process`);
  return true;
}

/**
 * Takes over what the ledger knows and the database does not: it came back from the past, or a process died
 * just after it had written the page. It is carried out again.
 */
export async function adoptActs(tx: Tx, ledger: ErasureLedger, now: Date): Promise<void> {
  const known = await knownActs(tx);
  const missing = (await ledger.numbers()).filter((number) => !known.has(number));
  for (const number of missing) {
    const act = { number, plan: await ledger.read(number), isReplay: true };
    await insertAct(tx, act, now);
    await notePlaces(tx, act);
  }
}

async function retentionPlan(tx: Tx, now: Date): Promise<RetentionPlan | null> {
  const { rows } = await sql<{ isDue: boolean }>`
    select (
        exists (select from log_leaf
          where look_at <= ${now}::timestamptz and look_at is not null and writer is not null)
        or exists (select from retention_policy where next_at <= ${now}::timestamptz)
      ) and not exists (select from erasure_act
        where kind = 'retention' and begun_at > ${new Date(now.getTime() - RETENTION_EVERY_MS)}::timestamptz
      ) as "isDue"`.execute(tx);
  if (rows[0]?.isDue !== true) return null;
  const shortened = await applyShortened(tx, now);
  return {
    kind: "retention",
    at: now.toISOString(),
    periods: DEFAULT_PERIODS,
    organisations: await readPolicies(tx),
    shortened,
    held: await readHeld(tx, now),
  };
}

async function personPlan(tx: Tx, now: Date): Promise<PersonPlan | null> {
  const { rows } = await sql<{ id: string; account: string }>`
    select id, account_id as account from erasure_request
    where next_at <= ${now}::timestamptz order by next_at limit 1`.execute(tx);
  const [request] = rows;
  if (request === undefined) return null;
  return {
    kind: "person",
    at: now.toISOString(),
    request: request.id,
    account: request.account,
    before: new Date(now.getTime() - leastPeriods.importantDays * DAY_MS).toISOString(),
    organisations: await ownedAlone(tx, request.account),
    held: await readHeld(tx, now),
  };
}

/** Organisations that nobody else is in: their log is this person's own. */
async function ownedAlone(tx: Tx, account: string): Promise<string[]> {
  const { rows } = await sql<{ organisation: string }>`
    select organisation_id as organisation from organisation_member as own
    where account_id = ${account} and not exists (select from organisation_member as other
      where other.organisation_id = own.organisation_id and other.account_id <> ${account})
    order by organisation_id`.execute(tx);
  return rows.map(({ organisation }) => organisation);
}

/**
 * What becomes of the request when its act has ended: what was too young then is taken when it is old
 * enough, what was held after a while again; else it is done.
 */
export async function settleRequest(
  tx: Tx,
  { request, before }: PersonPlan,
  { held, now }: { held: number; now: Date },
): Promise<void> {
  const heldAgain = held > 0 ? new Date(now.getTime() + HELD_AGAIN_MS) : null;
  await sql`
    update erasure_request set
      next_at = case when asked_at >= ${before}::timestamptz
        then asked_at + ${leastPeriods.importantDays} * interval '1 day' + interval '1 hour' else ${heldAgain}::timestamptz end,
      ended_at = case when asked_at < ${before}::timestamptz and ${heldAgain}::timestamptz is null
        then ${now}::timestamptz end
    where id = ${request} and ended_at is null`.execute(tx);
}

/** A hold is released without a word to us. */
const HELD_AGAIN_MS = 7 * DAY_MS;
