import type { RecentCaller } from "./rules-api.ts";

export type AddressUse = { address: string; allowed: number; refused: number; lastSeenAt: string };

/** Callers by address, whichever key they used; the busiest first. */
export function byAddress(
  callers: readonly Pick<RecentCaller, "address" | "count" | "refusedCount" | "lastSeenAt">[],
): AddressUse[] {
  const uses = new Map<string, AddressUse>();
  for (const { address, count, refusedCount, lastSeenAt } of callers) {
    const before = uses.get(address);
    uses.set(address, {
      address,
      allowed: (before?.allowed ?? 0) + count,
      refused: (before?.refused ?? 0) + refusedCount,
      lastSeenAt:
        before !== undefined && before.lastSeenAt > lastSeenAt ? before.lastSeenAt : lastSeenAt,
    });
  }
  const calls = ({ allowed, refused }: AddressUse) => allowed + refused;
  return [...uses.values()].toSorted((a, b) => calls(b) - calls(a));
}
