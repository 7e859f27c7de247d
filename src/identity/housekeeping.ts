import type { Services } from "../context.ts";
import type { Db } from "../platform/db/db.ts";
import { KNOWN_DAYS } from "./devices/device-cookie.ts";
import { removeUnused } from "./devices/device-queries.ts";

const EVERY_MS = 10 * 60_000;
const DAY_MS = 24 * 3_600_000;
/** Reports that an operator has dealt with: as long as important entries are kept by default. */
const REPORT_KEPT_MS = 400 * DAY_MS;
/** Ended sessions stay for what is on record about them; then the entry alone remains. */
const SESSION_KEPT_MS = 30 * DAY_MS;
/** By then a change of address can neither be confirmed nor taken back. */
const ADDRESS_KEPT_MS = 30 * DAY_MS;
/** Whoever began an enrolment and left can't confirm it after an hour. */
const PENDING_FACTOR_KEPT_MS = DAY_MS;

/** Removes what has ended. Nothing depends on it: every query asks for the end itself (T32). */
export async function removeEnded(db: Db, now: Date): Promise<void> {
  const before = (ms: number) => new Date(now.getTime() - ms);
  await db.deleteFrom("throttle").where("ends_at", "<", now).execute();
  await db.deleteFrom("sign_up").where("ends_at", "<", now).execute();
  await db.deleteFrom("mail_link").where("ends_at", "<", now).execute();
  await db.deleteFrom("password_reset").where("ends_at", "<", now).execute();
  await db.deleteFrom("address_change").where("asked_at", "<", before(ADDRESS_KEPT_MS)).execute();
  await db.deleteFrom("answered_challenge").where("ends_at", "<", now).execute();
  await db.deleteFrom("session").where("ends_at", "<", before(SESSION_KEPT_MS)).execute();
  await db.deleteFrom("sign_in_notice").where("ends_at", "<", now).execute();
  await removeUnused(db, before(KNOWN_DAYS * DAY_MS));
  await db.deleteFrom("stranger_report").where("closed_at", "<", before(REPORT_KEPT_MS)).execute();
  await db
    .deleteFrom("totp_factor")
    .where("state", "=", "pending")
    .where("created_at", "<", before(PENDING_FACTOR_KEPT_MS))
    .execute();
}

/** Does so from time to time; returns what stops it. */
export function startHousekeeping({
  db,
  clock,
  log,
}: Pick<Services, "db" | "clock" | "log">): () => Promise<void> {
  let underWay: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    underWay = removeEnded(db, clock.now()).catch((error: unknown) =>
      log.warn({ err: error }, "what has ended could not be removed; tried again"),
    );
  }, EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await underWay;
  };
}
