import { afterAll, beforeAll, expect, test } from "vitest";
import {
  insertApp,
  insertKey,
  type TestApp,
  type TestKey,
} from "../../../test/builders/gateways.ts";
import { addOperator, addOperatorKey } from "../../../test/builders/operator.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";
import { newApiKey } from "../../platform/crypto/api-key-format.ts";
import { alikeOf, type Alike } from "../../record/entries/alike.ts";
import type { Share } from "../../record/entries/writer-counts.ts";

let h: Harness;
let app: TestApp;
let gateway: TestKey;
let key: TestKey;
beforeAll(async () => {
  // Nobody else takes what was counted.
  h = await startHarness({ isFiling: false });
  app = await insertApp(h);
  gateway = await insertKey(h, app, { role: "gateway" });
  key = await insertKey(h, app);
});
afterAll(() => h.stop());

const ask = (credential: string, address: string, action: string, as: Headers) =>
  h.call("POST", "/v1/decisions", { as, body: { credential, action, appId: app.appId, address } });

/** Everything counted since the start, by what it was counted under. */
function countsOf({ hours }: Share): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kinds of hours.values())
    for (const [alike, { count }] of kinds) add(counts, alike, count);
  return counts;
}

const add = (counts: Map<string, number>, alike: Alike, count: number) => {
  const name = JSON.stringify(Object.entries(alike).toSorted());
  counts.set(name, (counts.get(name) ?? 0) + count);
};

test("decisions are counted in memory as their entries say", async () => {
  const operatorKey = await addOperatorKey(h, await addOperator(h));
  const askers = [gateway.headers, gateway.headers, operatorKey.headers];
  const addresses = ["203.0.113.7", "2001:DB8::0:7", "::ffff:203.0.113.7", "010.1"];
  const credentials = [key.text, newApiKey("key").text, "nonsense"];
  for (const as of askers)
    for (const address of addresses)
      for (const credential of credentials) {
        expect((await ask(credential, address, "app:read", as)).status).toBe(200);
        expect((await ask(credential, address, "no:such", as)).status).toBe(200);
      }
  const { counts, numbers } = h.services.recorder;
  counts.want();
  const share = counts.due(0, numbers.last);
  if (share === null) throw new Error("nothing was counted");

  const expected = new Map<string, number>();
  for (const entry of await h.entries()) add(expected, alikeOf(entry), entry.count ?? 1);
  expect(countsOf(share)).toEqual(expected);
});
