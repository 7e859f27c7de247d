import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { queueRendered } from "../mail/queue-mail.ts";
import { sweep } from "./sweep.job.ts";

const HOUR_MS = 3_600_000;
let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.stop());

const after = (ms: number) => new Date(h.clock.now().getTime() + ms);

async function signUp(endsAt: Date): Promise<string> {
  const id = randomUUID();
  await h.db
    .insertInto("sign_up")
    .values({
      id,
      email: "robin@example.test",
      email_key: "robin@example.test",
      display_name: "Robin",
      password_hash: "-",
      token_hash: randomBytes(32),
      browser_hash: randomBytes(32),
      ends_at: endsAt,
    })
    .execute();
  return id;
}

test("what has ended goes and what has not stays", async () => {
  const dead = randomBytes(32);
  const live = randomBytes(32);
  await h.db
    .insertInto("throttle")
    .values([
      { key: dead, count: 1, ends_at: after(-1) },
      { key: live, count: 1, ends_at: after(HOUR_MS) },
    ])
    .execute();
  await signUp(after(-1));
  const liveSignUp = await signUp(after(HOUR_MS));
  await h.db
    .insertInto("idempotent_reply")
    .values(
      [25, 23].map((hours) => ({
        holder: randomUUID(),
        key: `${hours} hours old`,
        request_hash: randomBytes(32),
        status: 201,
        body: "{}",
        created_at: after(-hours * HOUR_MS),
      })),
    )
    .execute();
  await sweep(h.db, h.services.config, h.clock.now());
  expect(await h.db.selectFrom("throttle").select("key").execute()).toEqual([{ key: live }]);
  expect(await h.db.selectFrom("sign_up").select("id").execute()).toEqual([{ id: liveSignUp }]);
  expect(await h.db.selectFrom("idempotent_reply").select("key").execute()).toEqual([
    { key: "23 hours old" },
  ]);
});

test("the sandbox keeps a week, and 5,000 mails of it", async () => {
  const mail = (subject: string) =>
    h.db.transaction().execute((tx) =>
      queueRendered(tx, h.services, {
        to: "robin@example.test",
        kind: null,
        subject,
        text: "",
        html: "",
      }),
    );
  await mail("old");
  h.clock.advance(7 * 24 * HOUR_MS);
  await mail("first");
  await sweep(h.db, h.services.config, h.clock.now());
  expect((await h.mails()).map(({ subject }) => subject)).toEqual(["first"]);

  const { sealed } = await h.db
    .selectFrom("outgoing_mail")
    .select("sealed")
    .executeTakeFirstOrThrow();
  await h.db
    .insertInto("outgoing_mail")
    .values(Array.from({ length: 5_000 }, () => ({ sealed, created_at: h.clock.now() })))
    .execute();
  await mail("last");
  await sweep(h.db, h.services.config, h.clock.now());
  const rows = await h.db.selectFrom("outgoing_mail").select("id").orderBy("id").execute();
  expect(rows).toHaveLength(5_000);
  expect((await h.mails()).at(-1)?.subject).toBe("last");
});
