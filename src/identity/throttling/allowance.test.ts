import { afterAll, beforeAll, expect, test } from "vitest";
import { systemContext, type Context } from "../../context.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { createWorkGate } from "../passwords/work-gate.ts";
import { giveBackAllowances, takeAllowances, type Allowance } from "./allowance.ts";
import { NETWORK_ALLOWANCE, PAIR_ALLOWANCE } from "./limits.ts";
import { createPasswordGuard } from "./password-guard.ts";
import { takeInWindow } from "./window.ts";

const HOUR_MS = 3_600_000;

const takeAllowance = (given: Context, allowance: Allowance, subject: string) =>
  takeAllowances(given, [{ allowance, subject }]);

let h: Harness;
let ctx: Context;
beforeAll(async () => {
  h = await startHarness();
  ctx = systemContext(h.services, "test");
});
afterAll(async () => h.stop());

const from = (address: string | null): Context => ({
  ...ctx,
  origin: { ...ctx.origin, address },
});

// Attack: send all tries at once, so that each reads the same count.
test("T11 of 60 takers at once, over two processes, as many pass as the burst is", async () => {
  const second = await startHarness({ beside: h });
  const other = systemContext(second.services, "test");
  const allowance = { name: "test", burst: 7, refillMs: HOUR_MS };
  const waits = await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      takeAllowance(index % 2 === 0 ? ctx : other, allowance, "race"),
    ),
  );
  await second.stop();
  expect(waits.filter((waitMs) => waitMs === 0)).toHaveLength(7);
  // The takers' own clocks are read some moments apart.
  expect(Math.max(...waits)).toBeLessThan(HOUR_MS + 60_000);
  expect(Math.max(...waits)).toBeGreaterThan(HOUR_MS - 60_000);
});

test("one comes back with each refill, and what is given back can be taken again", async () => {
  const allowance = { name: "test", burst: 2, refillMs: 60_000 };
  const take = async () => (await takeAllowance(ctx, allowance, "refill")) === 0;
  expect([await take(), await take(), await take()]).toEqual([true, true, false]);
  await giveBackAllowances(ctx, [{ allowance, subject: "refill" }]);
  expect([await take(), await take()]).toEqual([true, false]);
  h.clock.advance(60_000);
  expect([await take(), await take()]).toEqual([true, false]);
  h.clock.advance(HOUR_MS);
  expect([await take(), await take(), await take()]).toEqual([true, true, false]);
});

test("where one of two is used up, none of the other is taken", async () => {
  const [scarce, plenty] = [
    { allowance: { name: "scarce", burst: 1, refillMs: HOUR_MS }, subject: "both" },
    { allowance: { name: "plenty", burst: 2, refillMs: HOUR_MS }, subject: "both" },
  ];
  expect(await takeAllowances(ctx, [scarce, plenty])).toBe(0);
  expect(await takeAllowances(ctx, [scarce, plenty])).toBeGreaterThan(HOUR_MS / 2);
  expect(await takeAllowances(ctx, [plenty])).toBe(0);
  expect(await takeAllowances(ctx, [plenty])).toBeGreaterThan(0);
});

test("two subjects in opposite order, over and over, never wait for each other in a circle", async () => {
  const claims = ["a", "b"].map((subject) => ({
    allowance: { name: "order", burst: 1000, refillMs: 1000 },
    subject,
  }));
  await Promise.all(
    Array.from({ length: 200 }, async (_, n) => {
      const mine = n % 2 === 0 ? claims : claims.toReversed();
      expect(await takeAllowances(ctx, mine)).toBe(0);
      await giveBackAllowances(ctx, mine);
    }),
  );
});

test("no hour holds more than the cap, whenever it begins", async () => {
  const cap = { name: "test", max: 5, windowMs: HOUR_MS };
  const passed: number[] = [];
  for (let minute = 0; minute < 240; minute += 7) {
    const isTaken = await h.db.transaction().execute((tx) => takeInWindow(tx, ctx, cap, "window"));
    if (isTaken) passed.push(minute);
    h.clock.advance(7 * 60_000);
  }
  for (const start of passed)
    expect(passed.filter((at) => at >= start && at < start + 60).length).toBeLessThanOrEqual(5);
  expect(passed.length).toBeGreaterThan(10);
});

test("addresses are not in the table: its keys are MACs", async () => {
  await takeAllowance(ctx, PAIR_ALLOWANCE, "192.0.2.1/32\0ada@example.test");
  const rows = await h.db.selectFrom("throttle").select("key").execute();
  expect(rows.every(({ key }) => key.length === 32)).toBe(true);
});

const wrong = async () => null;
const right = async () => "right";
const refused = { code: "too-many-requests" };

test("wrong tries of one network against one account stop; its owner elsewhere gets in", async () => {
  const guard = createPasswordGuard();
  const attacker = from("192.0.2.7");
  for (let n = 0; n < PAIR_ALLOWANCE.burst; n += 1)
    expect(await guard.attempt(attacker, "victim@example.test", wrong)).toBeNull();
  await expect(guard.attempt(attacker, "victim@example.test", right)).rejects.toMatchObject(
    refused,
  );
  expect(await guard.attempt(from("192.0.2.8"), "victim@example.test", right)).toBe("right");
  expect(await guard.attempt(attacker, "other@example.test", right)).toBe("right");
});

test("T15 a whole IPv6 /64 counts as one network", async () => {
  const guard = createPasswordGuard();
  for (let n = 0; n < PAIR_ALLOWANCE.burst; n += 1)
    await guard.attempt(from(`2001:db8:0:1::${n}`), "victim@example.test", wrong);
  const sameNetwork = from("2001:db8:0:1:ffff::1");
  await expect(guard.attempt(sameNetwork, "victim@example.test", right)).rejects.toMatchObject(
    refused,
  );
  const next = from("2001:db8:0:2::1");
  expect(await guard.attempt(next, "victim@example.test", right)).toBe("right");
});

test("T15 callers whose address is unknown share one count, which is no free pass", async () => {
  const guard = createPasswordGuard();
  for (let n = 0; n < PAIR_ALLOWANCE.burst; n += 1)
    await guard.attempt(from(null), "unknown@example.test", wrong);
  await expect(guard.attempt(from(null), "unknown@example.test", right)).rejects.toMatchObject(
    refused,
  );
});

test("of 60 wrong passwords at once no more are checked than the cap", async () => {
  const guard = createPasswordGuard();
  let checked = 0;
  const tries = await Promise.allSettled(
    Array.from({ length: 60 }, () =>
      guard.attempt(from("192.0.2.20"), "race@example.test", async () => {
        checked += 1;
        return null;
      }),
    ),
  );
  expect(checked).toBe(PAIR_ALLOWANCE.burst);
  expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(checked);
});

test("right passwords, however many at once, count for nothing", async () => {
  const guard = createPasswordGuard();
  const ctxOf = from("192.0.2.30");
  const tries = await Promise.all(
    Array.from({ length: 60 }, () => guard.attempt(ctxOf, "busy@example.test", right)),
  );
  expect(new Set(tries)).toEqual(new Set(["right"]));
});

test("spraying one password over many addresses stops at the network's cap", async () => {
  const guard = createPasswordGuard();
  let passed = 0;
  for (let n = 0; n < NETWORK_ALLOWANCE.burst + 5; n += 1)
    passed += await guard.attempt(from("192.0.2.40"), `spray-${n}@example.test`, wrong).then(
      () => 1,
      () => 0,
    );
  // One or two come back while a slow machine gets there.
  expect(passed).toBeGreaterThanOrEqual(NETWORK_ALLOWANCE.burst);
  expect(passed).toBeLessThan(NETWORK_ALLOWANCE.burst + 5);
});

test("a full queue of hashes is an answer with Retry-After, and the try is not counted", async () => {
  const guard = createPasswordGuard();
  const gate = createWorkGate({ parallel: 1, maxQueued: 0 });
  const { promise, resolve: finish } = Promise.withResolvers<void>();
  const busy = gate.run(() => promise);
  for (let n = 0; n < PAIR_ALLOWANCE.burst + 5; n += 1)
    await expect(
      guard.attempt(from("192.0.2.50"), "queue@example.test", () => gate.run(right)),
    ).rejects.toMatchObject({ code: "too-many-requests", retryAfterSeconds: expect.any(Number) });
  finish();
  await busy;
  expect(await guard.attempt(from("192.0.2.50"), "queue@example.test", () => gate.run(right))).toBe(
    "right",
  );
});
