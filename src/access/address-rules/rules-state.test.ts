import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { RuleMode } from "../../platform/client-address/evaluate-rules.ts";
import {
  CONFIRM_WITHIN_MS,
  confirmedRules,
  nextState,
  NO_RULES,
  stateAt,
  type RulesState,
} from "./rules-state.ts";
import type { StoredRules } from "./stored-rules.ts";

const NOW = new Date("2026-03-01T12:00:00.000Z");
const later = (ms: number): Date => new Date(NOW.getTime() + ms);

const list = (mode: RuleMode, ...cidrs: string[]): StoredRules => ({
  mode,
  entries: cidrs.map((cidr) => ({ cidr, note: "" })),
});

const set = (state: RulesState, wanted: StoredRules, at = NOW): RulesState =>
  nextState(state, wanted, { isConfirmed: false, now: at });

test("an enforcement goes back exactly ten minutes later", () => {
  const state = set(NO_RULES, list("enforce", "192.0.2.7/32"));
  expect(state.pending?.revertsAt).toEqual(later(CONFIRM_WITHIN_MS));
  expect(stateAt(state, later(CONFIRM_WITHIN_MS - 1)).current.mode).toBe("enforce");
  expect(stateAt(state, later(CONFIRM_WITHIN_MS))).toEqual({
    current: NO_RULES.current,
    pending: null,
    wentBackAt: later(CONFIRM_WITHIN_MS),
  });
});

test("changes on top of an unconfirmed one go back to what was confirmed last", () => {
  const confirmed = nextState(NO_RULES, list("enforce", "192.0.2.1/32"), {
    isConfirmed: true,
    now: NOW,
  });
  const first = set(confirmed, list("enforce", "192.0.2.2/32"));
  const second = set(first, list("enforce", "192.0.2.3/32"), later(60_000));
  expect(second.pending).toEqual({
    revertsAt: later(60_000 + CONFIRM_WITHIN_MS),
    revertsTo: confirmed.current,
  });
});

test("what cuts nobody off, and what stood confirmed, waits for nothing", () => {
  const enforced = list("enforce", "192.0.2.1/32");
  const confirmed = nextState(NO_RULES, enforced, { isConfirmed: true, now: NOW });
  const pending = set(confirmed, list("enforce", "192.0.2.2/32"));
  expect(set(pending, list("off", "192.0.2.2/32")).pending).toBeNull();
  expect(set(pending, list("monitor", "192.0.2.2/32")).pending).toBeNull();
  expect(set(pending, enforced).pending).toBeNull();
  const reordered = list("enforce", "192.0.2.1/32", "192.0.2.2/32");
  const both = nextState(NO_RULES, reordered, { isConfirmed: true, now: NOW });
  const noted = { ...reordered, entries: reordered.entries.map((e) => ({ ...e, note: "x" })) };
  expect(set(both, { ...noted, entries: noted.entries.toReversed() }).pending).toBeNull();
  expect(set(both, list("enforce", "192.0.2.1/32")).pending).not.toBeNull();
});

test("whatever is set in whatever order: unconfirmed enforcements leave no trace once their time is over", () => {
  const step = fc.record({
    wanted: fc
      .tuple(
        fc.constantFrom<RuleMode>("off", "monitor", "enforce"),
        fc.uniqueArray(fc.constantFrom("192.0.2.1/32", "192.0.2.2/32"), { minLength: 1 }),
      )
      .map(([mode, cidrs]) => list(mode, ...cidrs)),
    isConfirmed: fc.boolean(),
    waitMs: fc.integer({ min: 0, max: 2 * CONFIRM_WITHIN_MS }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let state: RulesState = NO_RULES;
      let stands = NO_RULES.current; // the naive model: what somebody set for good last
      let now = NOW;
      for (const { wanted, isConfirmed, waitMs } of steps) {
        state = nextState(stateAt(state, now), wanted, { isConfirmed, now });
        if (isConfirmed || wanted.mode !== "enforce") stands = wanted;
        expect(state.current).toBe(wanted);
        expect(confirmedRules(state).mode).toBe(stands.mode);
        now = new Date(now.getTime() + waitMs);
      }
      const end = stateAt(state, new Date(now.getTime() + CONFIRM_WITHIN_MS));
      expect(end.pending).toBeNull();
      expect(end.current.mode).toBe(stands.mode);
      expect(new Set(end.current.entries.map(({ cidr }) => cidr))).toEqual(
        new Set(stands.entries.map(({ cidr }) => cidr)),
      );
    }),
    { numRuns: 1_000 },
  );
});
