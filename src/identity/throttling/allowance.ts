import { sql, type RawBuilder } from "kysely";
import type { Context } from "../../context.ts";
import { ProblemError } from "../../problem-error.ts";
import { throttleKey } from "./throttle-key.ts";

/** So many at once; then one more every `refillMs`. */
export type Allowance = { name: string; burst: number; refillMs: number };

/** One of a subject's allowance. */
export type Claim = { allowance: Allowance; subject: string };

/**
 * Takes one of each claim's allowance, shared by all processes. Kept as the time at which it would be
 * full again (GCRA), moved by one conditional statement: of any number of takers at once no more
 * than `burst` pass. Commits at once by itself, so that what follows cannot take it back by failing.
 *
 * @returns 0, or how long to wait until there is one of each, ms; then none was taken.
 */
export async function takeAllowances(ctx: Context, claims: readonly Claim[]): Promise<number> {
  const now = ctx.now();
  const keyed = claims.map((claim) => ({ ...claim, key: keyOf(ctx, claim) }));
  const rows = inKeyOrder(keyed).map(
    ({ key, allowance: { burst, refillMs } }) =>
      sql`(${key}::bytea, ${burst}::int, ${shifted(now, refillMs)}::timestamptz)`,
  );
  // `excluded` carries each row's burst, and its refill as the time from now on.
  const taken = await sql<{ key: Buffer }>`
    insert into throttle as held (key, count, ends_at) ${unflushed(rows)}
    on conflict (key) do update set count = excluded.count,
      ends_at = greatest(held.ends_at, ${now}::timestamptz) + (excluded.ends_at - ${now}::timestamptz)
      where greatest(held.ends_at, ${now}::timestamptz) - ${now}::timestamptz
        <= (excluded.count - 1) * (excluded.ends_at - ${now}::timestamptz)
    returning key`.execute(ctx.db);
  const isTaken = ({ key }: { key: Buffer }) => taken.rows.some((row) => row.key.equals(key));
  if (keyed.every(isTaken)) return 0;
  const waits = keyed.filter((claim) => !isTaken(claim)).map((claim) => waitOf(ctx, claim, now));
  await giveBackAllowances(ctx, keyed.filter(isTaken));
  return Math.max(...(await Promise.all(waits)));
}

/** Gives back what was taken for something that turned out not to count. */
export async function giveBackAllowances(ctx: Context, claims: readonly Claim[]): Promise<void> {
  if (claims.length === 0) return;
  const now = ctx.now();
  const keyed = claims.map((claim) => ({ ...claim, key: keyOf(ctx, claim) }));
  // A row that was swept meanwhile comes back full, which is the same as none.
  const rows = inKeyOrder(keyed).map(
    ({ key, allowance: { burst, refillMs } }) =>
      sql`(${key}::bytea, ${burst}::int, ${shifted(now, -refillMs)}::timestamptz)`,
  );
  await sql`
    insert into throttle as held (key, count, ends_at) ${unflushed(rows)}
    on conflict (key) do update
      set ends_at = held.ends_at - (${now}::timestamptz - excluded.ends_at)`.execute(ctx.db);
}

/** @throws {ProblemError} `too-many-requests` with Retry-After; then none was taken. */
export async function requireAllowances(ctx: Context, claims: readonly Claim[]): Promise<void> {
  const waitMs = await takeAllowances(ctx, claims);
  if (waitMs > 0)
    throw new ProblemError("too-many-requests", { retryAfterSeconds: Math.ceil(waitMs / 1000) });
}

async function waitOf(ctx: Context, { key, allowance }: Keyed, now: Date): Promise<number> {
  const held = await ctx.db
    .selectFrom("throttle")
    .select("ends_at")
    .where("key", "=", key)
    .executeTakeFirst();
  const { burst, refillMs } = allowance;
  const waitMs = (held?.ends_at ?? now).getTime() - now.getTime() - (burst - 1) * refillMs;
  // Another gave one back since: then at once, but not "none to wait", for none was taken.
  return Math.max(waitMs, 1);
}

type Keyed = Claim & { key: Buffer };

const keyOf = (ctx: Context, { allowance, subject }: Claim): Buffer =>
  throttleKey(ctx, allowance.name, subject);

/** Rows are locked in the order given: always the same, so that no two statements wait for each other. */
const inKeyOrder = (claims: readonly Keyed[]): Keyed[] =>
  claims.toSorted((a, b) => Buffer.compare(a.key, b.key));

/**
 * The rows, in a statement whose commit does not wait for the disk: a counter lost with the machine's
 * power is no harm, and the wait would hold a network's row from all others.
 */
const unflushed = (rows: RawBuilder<unknown>[]) => sql`
  select wanted.* from (select set_config('synchronous_commit', 'off', true)) as unflushed,
    (values ${sql.join(rows)}) as wanted`;

const shifted = (now: Date, ms: number): Date => new Date(now.getTime() + ms);
