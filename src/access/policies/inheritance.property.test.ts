import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startHarness, type Harness } from "../../../test/harness.ts";
import type { Step } from "./inheritance-model.ts";
import { makeWorld } from "./inheritance-world.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

const which = fc.integer({ min: 0, max: 2 });
const days = fc.integer({ min: 30, max: 120 });

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant("ask" as const),
    organisation: which,
    days: fc.oneof(fc.constant(null), days),
    minLength: fc.integer({ min: 9, max: 20 }),
    needsCapital: fc.boolean(),
    reuseDays: fc.oneof(fc.constant(null), days),
    idleMinutes: fc.oneof(fc.constant(null), fc.integer({ min: 15, max: 720 })),
  }),
  fc.record({
    do: fc.constant("share" as const),
    app: fc.integer({ min: 0, max: 5 }),
    guest: which,
    /** Days until the access ends. */
    ends: fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 60 })),
  }),
  fc.record({
    do: fc.constant("revoke" as const),
    app: fc.integer({ min: 0, max: 5 }),
    guest: which,
  }),
  fc.record({ do: fc.constant("wait" as const), days: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ do: fc.constant("change" as const), guest: which }),
  fc.record({ do: fc.constant("demand" as const), organisation: which, guest: which }),
  fc.record({ do: fc.constant("delete" as const), app: fc.integer({ min: 0, max: 5 }) }),
  fc.record({
    do: fc.constant("move" as const),
    app: fc.integer({ min: 0, max: 5 }),
    organisation: which,
  }),
  fc.record({ do: fc.constant("join" as const), organisation: which, guest: which }),
  fc.record({ do: fc.constant("leave" as const), organisation: which, guest: which }),
);

test("whatever is asked, shared, revoked, ended, moved and deleted: everybody is bound as a naive model says", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24 }), async (steps) => {
      const world = await makeWorld(h);
      for (const each of steps) {
        await world.take(each);
        for (const { bound, expected } of await world.compare()) expect(bound).toEqual(expected);
      }
    }),
    { numRuns: 8, endOnFailure: true },
  );
}, 120_000);
