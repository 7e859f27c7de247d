import { afterAll, beforeAll, expect, test } from "vitest";
import { anEntry } from "../../../test/builders/entries.ts";
import { startErasing, type EraserBench } from "../../../test/builders/erasing.ts";
import { addPerson, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { refileTermless } from "./refile-termless.ts";

let h: Harness;
let b: EraserBench;
let person: Person;
beforeAll(async () => {
  h = await startHarness({ isFiling: false });
  b = await startErasing(h);
  person = await addPerson(h);
  const actor = {
    kind: "session",
    accountId: person.accountId,
    credentialId: person.sessionId,
  } as const;
  await h.services.recorder.submit(anEntry({ at: h.clock.now(), actor, userAgent: "Needle/1" }));
  for (let turn = 0; turn < 30; turn++)
    await Promise.all(
      Array.from({ length: 50 }, () =>
        h.services.recorder.submit(anEntry({ at: h.clock.now(), actor })),
      ),
    );
  await b.settle();
});
afterAll(async () => {
  await b.close();
  await h.stop();
});

const found = async (): Promise<number> => {
  const { body } = await h.call("GET", "/v1/audit/entries?class=important&text=needle", {
    as: person.headers,
  });
  return body.entries.length;
};

test("what an older release filed is found before and after it has its terms, and then by them", async () => {
  const { pool } = b.log.owner;
  // As the older release leaves it.
  await pool.query("update filed_entry set terms = null");
  await pool.query("truncate log_word, log_word_suffix");
  expect(await found()).toBe(1);
  await refileTermless({ ...h.services, db: b.given.db }, () => false);
  expect(await found()).toBe(1);
  const { rows } = await pool.query(
    `select count(*) filter (where terms is null)::int as termless, count(*)::int as filed,
       (select entries::int from log_word where word = 'needle') as needles,
       (select count(*)::int from filed_subject where subject = $1) as own
     from filed_entry`,
    [person.accountId],
  );
  expect(rows).toEqual([{ termless: 0, filed: expect.any(Number), needles: 1, own: 1_501 }]);
  expect(rows[0].filed).toBeGreaterThanOrEqual(1_501);
});
