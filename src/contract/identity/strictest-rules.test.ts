import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NO_RULES } from "./password-rules.ts";
import { nextAges, strictestRules, type AgeRule, type Tie } from "./strictest-rules.ts";

const DAY_MS = 86_400_000;
const day = (n: number): Date => new Date(Date.UTC(2026, 0, 1) + n * DAY_MS);

function tie(name: string, given: Partial<Tie> = {}): Tie {
  return {
    organisation: { id: `id of ${name}`, name },
    owners: [{ email: `owner@${name}.test` }],
    apps: [{ id: `app of ${name}`, name: "Shop" }],
    isMember: false,
    beganAt: day(0),
    rules: NO_RULES,
    ages: [],
    demandedAt: null,
    ...given,
  };
}

const asks = (name: string, days: number, since = 0, given: Partial<Tie> = {}): Tie =>
  tie(name, { ages: [{ days, since: day(since) }], ...given });

describe("the strictest part of each rule", () => {
  test("two owners ask for 45 and 90 days: 45, with the one it comes from; without either, none", () => {
    const both = strictestRules([asks("Beta", 90), asks("Acme", 45)], day(0));
    expect(both.maxAgeDays).toEqual({
      value: 45,
      source: {
        organisation: { id: "id of Acme", name: "Acme" },
        owners: [{ email: "owner@Acme.test" }],
        apps: [{ id: "app of Acme", name: "Shop" }],
      },
    });
    expect(strictestRules([asks("Beta", 90)], day(0)).maxAgeDays?.value).toBe(90);
    expect(strictestRules([], day(0)).maxAgeDays).toBeNull();
  });

  test("each rule has its own source", () => {
    const rules = strictestRules(
      [
        tie("Long", { rules: { ...NO_RULES, minLength: 15 } }),
        tie("Kinds", { rules: { ...NO_RULES, needsCapital: true, reuseDays: 135 } }),
      ],
      null,
    );
    expect(rules.minLength).toMatchObject({
      value: 15,
      source: { organisation: { name: "Long" } },
    });
    expect(rules.needsCapital?.source.organisation.name).toBe("Kinds");
    expect(rules.reuseDays).toMatchObject({
      value: 135,
      source: { organisation: { name: "Kinds" } },
    });
    expect(rules.needsNumber).toBeNull();
  });

  test("what holds for everybody is nobody's rule", () => {
    expect(strictestRules([tie("Acme")], null).minLength).toEqual({ value: 9, source: null });
  });

  test("one's own organisation is named before others that ask the same", () => {
    const rules = strictestRules(
      [asks("Acme", 45), asks("Own", 45, 0, { isMember: true })],
      day(0),
    );
    expect(rules.maxAgeDays?.source.organisation.name).toBe("Own");
  });
});

describe("when a password ends", () => {
  const dueOf = (ties: Tie[], changed: number) => strictestRules(ties, day(changed)).due?.at;

  test("an account older than the rule counts from the day the rule began", () => {
    expect(dueOf([asks("Acme", 45, 100)], 0)).toEqual(day(145));
  });
  test("a guest counts from the day the app was shared", () => {
    expect(dueOf([asks("Acme", 45, 0, { beganAt: day(200) })], 0)).toEqual(day(245));
  });
  test("a password set later counts from then", () => {
    expect(dueOf([asks("Acme", 45, 100)], 120)).toEqual(day(165));
  });
  test("the first of all ends counts, also where another organisation asks for fewer days", () => {
    const ties = [asks("New", 45, 80), asks("Old", 90, 0)];
    const { due, maxAgeDays } = strictestRules(ties, day(0));
    expect(maxAgeDays?.source.organisation.name).toBe("New");
    expect([due?.at, due?.source?.organisation.name]).toEqual([day(90), "Old"]);
  });
  test("one that a stranger had ends when that was said, until it is changed, whoever else asks", () => {
    const said = (changedAt: number) =>
      strictestRules([asks("Acme", 45, 0)], day(changedAt), day(20)).due;
    expect(said(10)).toEqual({ at: day(20), isDemanded: true, source: null });
    expect(said(21)).toMatchObject({ at: day(66), isDemanded: false });
    expect(strictestRules([], day(10), day(20)).due?.at).toEqual(day(20));
  });
  test("an account without a password has none that ends", () => {
    expect(strictestRules([asks("Acme", 45)], null).due).toBeNull();
  });
  test("one that was asked for at once ends then, until it is changed, or the access began anew", () => {
    const demanded = asks("Acme", 45, 0, { demandedAt: day(10) });
    expect(strictestRules([demanded], day(0)).due).toMatchObject({ at: day(10), isDemanded: true });
    expect(dueOf([demanded], 11)).toEqual(day(56));
    expect(dueOf([{ ...demanded, beganAt: day(20) }], 0)).toEqual(day(65));
  });
});

describe("an organisation that asks for another age", () => {
  /** Days asked for, and when; null: none. */
  type Asked = { days: number | null; at: number };
  const steps = (asked: readonly Asked[]): AgeRule[] =>
    asked.reduce<AgeRule[]>((ages, { days, at }) => nextAges(ages, days, day(at)), []);

  test("stricter ends no password at once, and lets none last longer", () => {
    const due = (changed: number) =>
      strictestRules(
        [
          tie("Acme", {
            ages: steps([
              { days: 90, at: 0 },
              { days: 45, at: 80 },
            ]),
          }),
        ],
        day(changed),
      ).due?.at;
    expect(due(0)).toEqual(day(90));
    expect(due(70)).toEqual(day(125));
    expect(due(81)).toEqual(day(126));
  });

  test("the ages kept come to the same ends as looking through all that was ever asked", () => {
    const asked = fc.array(
      fc.record({
        days: fc.oneof(fc.constant(null), fc.integer({ min: 30, max: 120 })),
        wait: fc.integer({ min: 0, max: 90 }),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(asked, fc.integer({ min: 0, max: 500 }), (given, changed) => {
        let at = 0;
        const history = given.map(({ days, wait }) => ({ days, at: (at += wait) }));
        const due = strictestRules([tie("Acme", { ages: steps(history) })], day(changed)).due;
        expect(due?.at ?? null).toEqual(naiveDue(history, changed));
      }),
      { numRuns: 500 },
    );
  });

  /** The first day from which, for some number of days, never more than it was asked, and the password was the same. */
  function naiveDue(history: readonly Asked[], changed: number): Date | null {
    const asked = history.at(-1)?.days ?? null;
    if (asked === null) return null;
    const candidates = history.flatMap(({ days }) => (days === null || days < asked ? [] : [days]));
    const ends = candidates.map((days) => {
      const firstOfRun =
        history.findLastIndex((step) => step.days === null || step.days > days) + 1;
      return Math.max(changed, history[firstOfRun]?.at ?? 0) + days;
    });
    return day(Math.min(...ends));
  }
});
