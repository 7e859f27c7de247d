import { sql } from "kysely";
import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { throttleKey } from "./throttle-key.ts";

/** At most `max` in any `windowMs`. */
export type WindowCap = { name: string; max: number; windowMs: number };

/**
 * Counts one more in the caller's transaction, unless the cap is reached. Each that passes prolongs the window, so no
 * stretch of `windowMs` holds more than `max`, whenever it begins.
 */
export async function takeInWindow(
  tx: Tx,
  ctx: Context,
  { name, max, windowMs }: WindowCap,
  subject: string,
): Promise<boolean> {
  const now = ctx.now();
  const taken = await sql`
    insert into throttle as held (key, count, ends_at)
    values (${throttleKey(ctx, name, subject)}, 1, ${new Date(now.getTime() + windowMs)}::timestamptz)
    on conflict (key) do update set ends_at = excluded.ends_at,
      count = case when held.ends_at <= ${now}::timestamptz then 1 else held.count + 1 end
      where held.ends_at <= ${now}::timestamptz or held.count < ${max}::int
    returning key`.execute(tx);
  return taken.rows.length > 0;
}
