import type { Db } from "../db/db.ts";
import { readBranding, readLogo, type StoredBranding } from "./branding-queries.ts";

/** A change made by another process is shown after this at the latest, ms. Strangers ask, so not each asks PostgreSQL. */
const FRESH_MS = 2_000;

type Kept = {
  asked: Promise<StoredBranding>;
  untilMs: number;
  /** What was read last: stands in while PostgreSQL is away. */
  last: StoredBranding | null;
  logo: { version: number; bytes: Buffer } | null;
};

/** By process, that is: by its connection pool. */
const kept = new WeakMap<Db, Kept>();

/** The branding as it was at most two seconds ago; the last known one while PostgreSQL is away. */
export async function latestBranding(db: Db): Promise<StoredBranding> {
  const nowMs = performance.now();
  const known = kept.get(db);
  if (known !== undefined && nowMs < known.untilMs) return await known.asked;
  const asked = askAgain(db, known?.last ?? null);
  kept.set(db, {
    asked,
    untilMs: nowMs + FRESH_MS,
    last: known?.last ?? null,
    logo: known?.logo ?? null,
  });
  return await asked;
}

async function askAgain(db: Db, last: StoredBranding | null): Promise<StoredBranding> {
  try {
    const found = await readBranding(db);
    const entry = kept.get(db);
    if (entry !== undefined) entry.last = found;
    return found;
  } catch (error) {
    if (last !== null) return last;
    // A failure is nobody's answer for two seconds.
    kept.delete(db);
    throw error;
  }
}

/** This process changed it: its own next page shows that. */
export function forgetBranding(db: Db): void {
  const known = kept.get(db);
  if (known !== undefined) known.untilMs = 0;
}

/** The current logo, its bytes kept in memory; null where there is none. */
export async function latestLogo(
  db: Db,
): Promise<{ type: string; version: number; bytes: Buffer } | null> {
  const { logo } = await latestBranding(db);
  if (logo === null) return null;
  const known = kept.get(db);
  if (known?.logo?.version === logo.version)
    return { type: logo.type, version: logo.version, bytes: known.logo.bytes };
  const bytes = await readLogo(db, logo.version);
  if (bytes === null) return null;
  const entry = kept.get(db);
  if (entry !== undefined) entry.logo = { version: logo.version, bytes };
  return { type: logo.type, version: logo.version, bytes };
}
