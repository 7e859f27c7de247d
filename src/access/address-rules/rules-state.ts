import type { StoredRules } from "./stored-rules.ts";

/** An enforcement that nobody confirmed goes back after this long. Long enough to see that it was wrong, and to say so. */
export const CONFIRM_WITHIN_MS = 10 * 60 * 1000;

/** A level's rules as they are stored. */
export type StoredState = {
  current: StoredRules;
  /** Set while a change waits to be confirmed. */
  pending: { revertsAt: Date; revertsTo: StoredRules } | null;
  /** When the last change went back; null once another was made. */
  wentBackAt: Date | null;
};

/** The same as it counts at one moment: a change whose time is over is none. */
export type RulesState = StoredState;

/** Of an owner for whom rules were never set. */
export const NO_RULES: RulesState = {
  current: { mode: "off", entries: [] },
  pending: null,
  wentBackAt: null,
};

/** What is stored, as it counts at `now`. */
export function stateAt(stored: StoredState, now: Date): RulesState {
  const { pending } = stored;
  if (pending === null || pending.revertsAt > now) return stored;
  return { current: pending.revertsTo, pending: null, wentBackAt: pending.revertsAt };
}

/**
 * The state after somebody sets `wanted`. An enforcement that is not what stood confirmed waits for its
 * confirmation and else goes back to that, however many changes came between; a list that is not
 * enforced cuts nobody off and stands at once.
 */
export function nextState(
  state: RulesState,
  wanted: StoredRules,
  { isConfirmed, now }: { isConfirmed: boolean; now: Date },
): RulesState {
  const confirmed = confirmedRules(state);
  if (isConfirmed || wanted.mode !== "enforce" || isSame(wanted, confirmed))
    return { current: wanted, pending: null, wentBackAt: null };
  const revertsAt = new Date(now.getTime() + CONFIRM_WITHIN_MS);
  return { current: wanted, pending: { revertsAt, revertsTo: confirmed }, wentBackAt: null };
}

/** The rules that hold unless somebody confirms others. */
export function confirmedRules({ current, pending }: RulesState): StoredRules {
  return pending?.revertsTo ?? current;
}

/** Whether two lists let the same in: entries are canonical, notes and order do not matter. */
export function isSame(a: StoredRules, b: StoredRules): boolean {
  if (a.mode !== b.mode || a.entries.length !== b.entries.length) return false;
  const networks = new Set(a.entries.map(({ cidr }) => cidr));
  return b.entries.every(({ cidr }) => networks.has(cidr));
}
