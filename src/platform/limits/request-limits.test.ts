import { afterAll, beforeAll, expect, test } from "vitest";
import { addPerson, addSession } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

const BURST = 2_000;
const AT_ONCE = 250;

/** How often each status was answered; some hundred at a time, as a client with many connections asks. */
async function ask(times: number, as: readonly Headers[], from: string) {
  const counts: Record<number, number> = {};
  for (let asked = 0; asked < times; asked += AT_ONCE) {
    const replies = await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, times - asked) }, (_, index) =>
        h.call("GET", "/v1/sessions/current", { as: as[index % as.length] ?? {}, from }),
      ),
    );
    for (const { status } of replies) counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

test("an account has bursts of 2,000 requests, over all its sessions and networks, then waits; nobody else does", async () => {
  h.clock.freeze();
  const person = await addPerson(h);
  const other = await addPerson(h);
  const second = await addSession(h, person.accountId);
  const own = [person.headers, second.headers];
  expect(await ask(BURST, own, "127.0.0.1")).toEqual({ 200: BURST });
  expect(
    await h.call("GET", "/v1/sessions/current", { as: second.headers, from: "127.0.0.2" }),
  ).toMatchObject({
    status: 429,
    body: { code: "too-many-requests" },
    headers: { "retry-after": "1" },
  });
  expect(await ask(1, [other.headers], "127.0.0.1")).toEqual({ 200: 1 });
  h.clock.advance(1_000);
  expect(await ask(1, own, "127.0.0.1")).toEqual({ 200: 1 });
});
