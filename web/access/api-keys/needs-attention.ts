import type { ApiKey } from "./key-api.ts";

const DAY_MS = 86_400_000;

/** A month to plan its successor. */
const EXPIRES_SOON_MS = 30 * DAY_MS;
/** Nobody misses a key that was not used for a quarter. */
const IDLE_MS = 90 * DAY_MS;
/** A new key gets a week to be built in. */
const UNUSED_MS = 7 * DAY_MS;

export type Attention = "expiresSoon" | "neverUsed" | "idle";

/** Why somebody should look at a live key, the most urgent reason first; null when nobody need. */
export function needsAttention(
  key: Pick<ApiKey, "state" | "rotatedTo" | "createdAt" | "expiresAt" | "lastUsedAt">,
  nowMs: number,
): Attention | null {
  // One that has a successor ends as somebody meant it to.
  if (key.state !== "live" || key.rotatedTo !== null) return null;
  if (Date.parse(key.expiresAt) - nowMs < EXPIRES_SOON_MS) return "expiresSoon";
  if (key.lastUsedAt === null)
    return nowMs - Date.parse(key.createdAt) > UNUSED_MS ? "neverUsed" : null;
  return nowMs - Date.parse(key.lastUsedAt) > IDLE_MS ? "idle" : null;
}
