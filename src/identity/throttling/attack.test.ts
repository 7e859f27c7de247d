import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addPerson, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { systemContext, type Context } from "../../context.ts";
import { ProblemError } from "../../problem-error.ts";
import { hashToken, newToken } from "../../platform/crypto/tokens.ts";
import { createWorkGate } from "../passwords/work-gate.ts";
import { ATTACKED_PAIR_ALLOWANCE, STRANGERS_ALLOWANCE } from "./limits.ts";
import { orBusy } from "./or-busy.ts";
import { createPasswordGuard, type Turn } from "./password-guard.ts";

const isLong = process.env["SALLYPORT_TEST_LONG"] === "1";
const ADDRESSES = isLong ? 1000 : 60;
/** Of each address, one every six minutes: as fast as a network alone may go on for ever. */
const GUESSES = isLong ? 100 : 20;
const EVERY_MS = 6 * 60_000;
const HOUR_MS = 3_600_000;
/** What a hash takes on the machine that bench/results.md tells of, ms. */
const HASH_MS = 30;
/** Guesses that arrive at once: more than may wait for a hash. */
const AT_ONCE = 50;
const MAX_QUEUED = 20;
const SEED = 20_261_127;

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0";
const HOME = "192.0.2.10";

let h: Harness;
let owner: Person;
let deviceToken: string;
beforeAll(async () => {
  h = await startHarness();
  h.clock.freeze();
  owner = await addPerson(h);
  deviceToken = newToken();
  const now = h.clock.now();
  const seen = { account_id: owner.accountId, created_at: now, last_used_at: now };
  await h.db
    .insertInto("known_device")
    .values({ ...seen, token_hash: hashToken(deviceToken), browser: "Firefox" })
    .execute();
  await h.db
    .insertInto("known_network")
    .values({ ...seen, network: "192.0.2.0/24" })
    .execute();
});
afterAll(async () => h.stop());

const from = (address: string, device?: string): Context => {
  const ctx = systemContext(h.services, "test");
  return { ...ctx, origin: { ...ctx.origin, address, userAgent: FIREFOX, deviceToken: device } };
};
const attacker = (n: number): string => `198.51.${n >> 8}.${n & 255}`;

/** The server's hashes, one at a time, each of which takes its time by the clock that is moved. */
function startHashes() {
  const gate = createWorkGate({ parallel: 1, maxQueued: MAX_QUEUED });
  let compared = 0;
  let arrived = 0;
  return {
    compared: () => compared,
    check: (right: boolean) => async (turn: Turn) => {
      if (right) arrived += 1;
      return await orBusy(
        gate.run(async () => {
          h.clock.advance(HASH_MS);
          if (!right) compared += 1;
          return right ? "in" : null;
        }, turn),
      );
    },
    /** All places of the queue are a stranger's while `owners` come, and until they stand in it or were refused. */
    async flooded<T>(owners: () => Promise<T>[]): Promise<T[]> {
      const { promise: isOver, resolve: end } = Promise.withResolvers<void>();
      const flood = Array.from({ length: 1 + MAX_QUEUED }, () => gate.run(() => isOver));
      const before = arrived;
      const tries = owners();
      await expect.poll(() => arrived - before).toBe(tries.length);
      end();
      await Promise.all(flood);
      return await Promise.all(tries);
    },
  };
}

const refusedOr = <T>(tried: Promise<T>): Promise<T | "refused"> =>
  tried.catch((error: unknown) => {
    if (error instanceof ProblemError && error.code === "too-many-requests") return "refused";
    throw error;
  });

// Attack: a botnet guesses at one account, each address as slowly as its own limit lets it.
test(
  "of an attack from many addresses at once few guesses are compared, and the owner gets in every time",
  async () => {
    const guard = createPasswordGuard();
    const hashes = startHashes();
    const [order = [], places = []] = fc.sample(
      fc.array(fc.nat({ max: 2 ** 30 }), { minLength: ADDRESSES, maxLength: ADDRESSES }),
      { seed: SEED, numRuns: 2 },
    );
    const attempt = (ctx: Context, right: boolean) =>
      refusedOr(guard.attempt(ctx, owner.email, hashes.check(right)));
    // At home, travelling, at home with cookies cleared, and behind an address that attacks.
    const owners = [
      () => from(HOME, deviceToken),
      () => from("203.0.113.77", deviceToken),
      () => from("192.0.2.200"),
      () => from(attacker(0), deviceToken),
    ];
    const begunMs = h.clock.now().getTime();
    for (let round = 0; round < GUESSES; round += 1) {
      const roundMs = h.clock.now().getTime();
      const bots = order.map((rank, n) => ({ rank: rank ^ (places[round] ?? 0), n }));
      const queue = bots.toSorted((a, b) => a.rank - b.rank).map(({ n }) => n);
      for (let at = 0; at < queue.length; at += AT_ONCE) {
        const guesses = queue.slice(at, at + AT_ONCE).map((n) => attempt(from(attacker(n)), false));
        await Promise.all(guesses);
        const own = await hashes.flooded(() => owners.map((place) => attempt(place(), true)));
        expect(own).toEqual(owners.map(() => "in"));
      }
      h.clock.advance(Math.max(0, EVERY_MS - (h.clock.now().getTime() - roundMs)));
    }
    const hours = (h.clock.now().getTime() - begunMs) / HOUR_MS;
    const perHour = hashes.compared() / hours;
    const atMost =
      STRANGERS_ALLOWANCE.burst +
      (hours * HOUR_MS) / STRANGERS_ALLOWANCE.refillMs +
      ADDRESSES *
        (ATTACKED_PAIR_ALLOWANCE.burst + (hours * HOUR_MS) / ATTACKED_PAIR_ALLOWANCE.refillMs);
    process.stdout.write(
      `attack: ${ADDRESSES} addresses × ${GUESSES} guesses in ${hours.toFixed(1)} h: ${hashes.compared()} compared, ${perHour.toFixed(0)} an hour\n`,
    );
    expect(hashes.compared()).toBeGreaterThan(0);
    expect(hashes.compared()).toBeLessThanOrEqual(atMost);
    // Without a limit over all addresses it would be all of them.
    expect(hashes.compared()).toBeLessThan((ADDRESSES * GUESSES) / 2);

    // Somewhere wholly new, in the midst of it: one slip of the finger, and then in.
    const holiday = from("203.0.113.200");
    expect([await attempt(holiday, false), await attempt(holiday, true)]).toEqual([null, "in"]);
  },
  isLong ? 1_800_000 : 60_000,
);
