import { afterAll, beforeAll, expect, test } from "vitest";
import { addPerson } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { replacePassword } from "./password-queries.ts";
import { MAX_RETIRED, retirePassword } from "./retired-passwords.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

const DAY_MS = 86_400_000;

test("changing it again and again forgets those used for a moment, never the one that was long in use", async () => {
  const { accountId } = await addPerson(h);
  const start = h.clock.now().getTime();
  const retire = (name: string, from: number, to: number) =>
    h.db.transaction().execute((tx) =>
      retirePassword(tx, {
        accountId,
        passwordHash: name,
        usedSince: new Date(start + from),
        replacedAt: new Date(start + to),
      }),
    );
  await retire("long in use", 0, 45 * DAY_MS);
  for (let n = 1; n <= 2 * MAX_RETIRED; n++)
    await retire(`moment ${n}`, 45 * DAY_MS + n * 1000, 45 * DAY_MS + (n + 1) * 1000);
  const kept = await h.db
    .selectFrom("retired_password")
    .select("password_hash")
    .where("account_id", "=", accountId)
    .execute();
  expect(kept).toHaveLength(MAX_RETIRED);
  expect(kept.map((row) => row.password_hash)).toContain("long in use");
});

test("T11 of a hundred that replace one password at once one does, and it is remembered once", async () => {
  const { accountId } = await addPerson(h);
  const from = { passwordHash: "before", changedAt: h.clock.now() };
  await h.db
    .updateTable("account")
    .set({ password_hash: from.passwordHash, password_changed_at: from.changedAt })
    .where("id", "=", accountId)
    .execute();
  const replaced = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      h.db.transaction().execute(async (tx) => {
        const given = { accountId, from, passwordHash: `after ${n}`, now: h.clock.now() };
        const at = await replacePassword(tx, given);
        if (at !== null)
          await retirePassword(tx, {
            accountId,
            passwordHash: from.passwordHash,
            usedSince: from.changedAt,
            replacedAt: at,
          });
        return at;
      }),
    ),
  );
  expect(replaced.filter((at) => at !== null)).toHaveLength(1);
  const kept = await h.db
    .selectFrom("retired_password")
    .select("password_hash")
    .where("account_id", "=", accountId)
    .execute();
  expect(kept).toEqual([{ password_hash: "before" }]);
});
