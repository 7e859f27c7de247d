import { afterAll, beforeAll, expect, test } from "vitest";
import { addPerson } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { systemContext } from "../../context.ts";
import { tell } from "../../identity/accounts/tell.ts";
import { recipientsOf } from "../../identity/accounts/tell.ts";
import { change, record } from "../../record/entries/change.ts";
import { queueRendered } from "../../platform/mail/queue-mail.ts";
import type { Mail } from "../../platform/mail/compose-mail.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.stop());

const behind: Mail = {
  kind: "stream-behind",
  values: { organisation: "Harbour Books", stream: "Security team", minutes: 5 },
  lines: ["what", "next"],
};
const ctx = () => systemContext(h.services, "test");
const tellOf = (accountId: string, mail: Mail) =>
  h.db.transaction().execute((tx) => tell(tx, ctx(), accountId, mail));

const itemsOf = async (accountId: string) =>
  await h.db
    .selectFrom("inbox_item")
    .innerJoin("notice", "notice.id", "inbox_item.notice_id")
    .select(["notice.kind", "notice.class", "notice.content"])
    .where("account_id", "=", accountId)
    .execute();
const mailsTo = async (email: string) => (await h.mails()).filter(({ to }) => to === email);

test("a change that is rolled back leaves no notice, no item and no mail", async () => {
  const { accountId, email } = await addPerson(h);
  const made = change(ctx(), {}, async (tx) => {
    await tell(tx, ctx(), accountId, behind);
    await record(tx, ctx(), { action: "log-stream.fell-behind" });
    throw new Error("too late");
  });
  await expect(made).rejects.toThrow("too late");
  expect(await itemsOf(accountId)).toEqual([]);
  expect(await mailsTo(email)).toEqual([]);
  const { count } = await h.db
    .selectFrom("notice")
    .select((of) => of.fn.countAll<string>().as("count"))
    .where("kind", "=", "stream-behind")
    .executeTakeFirstOrThrow();
  expect(count).toBe("0");
});

test("one notice makes one delivery for each address, however often it is asked for", async () => {
  const { accountId, email } = await addPerson(h);
  const [recipient] = await h.db.transaction().execute((tx) => recipientsOf(tx, accountId));
  if (recipient === undefined) throw new Error("a person has an address");
  await h.db.transaction().execute(async (tx) => {
    const second = { ...recipient, to: "other@example.test" };
    const shouted = { ...recipient, to: email.toUpperCase() };
    await ctx().ports.notify(tx, ctx(), {
      mail: behind,
      recipients: [recipient, recipient, second, shouted],
    });
  });
  expect(await itemsOf(accountId)).toHaveLength(1);
  const [mine, other] = [await mailsTo(email), await mailsTo("other@example.test")];
  expect([mine.length + (await mailsTo(email.toUpperCase())).length, other.length]).toEqual([1, 1]);
  const row = await h.db
    .selectFrom("outgoing_mail")
    .select(["notice_id", "account_id"])
    .where("account_id", "=", accountId)
    .executeTakeFirstOrThrow();
  const delivery = { noticeId: row.notice_id ?? "", accountId };
  const [again] = other;
  if (again === undefined) throw new Error("it was just counted");
  await h.db.transaction().execute((tx) => queueRendered(tx, h.services, again, delivery));
  expect(await mailsTo("other@example.test")).toHaveLength(1);
});

test("an optional class that was switched off stays away; a mandatory one comes by every way", async () => {
  const { accountId, email, headers } = await addPerson(h);
  const body = {
    classes: [{ class: "account-warning", channels: { email: false, inbox: false } }],
  };
  expect((await h.call("PUT", "/v1/notice-preferences", { as: headers, body })).status).toBe(200);
  const before = (await mailsTo(email)).length;
  await tellOf(accountId, behind);
  expect(await mailsTo(email)).toHaveLength(before);
  await h.db
    .insertInto("notice_off")
    .values([
      { account_id: accountId, class: "security-account", channel: "email" },
      { account_id: accountId, class: "security-account", channel: "inbox" },
    ])
    .execute();
  await tellOf(accountId, { kind: "factor-enrolled", values: {}, lines: ["what"] });
  expect((await mailsTo(email)).map(({ kind }) => kind)).toEqual([
    "notices-off",
    "factor-enrolled",
  ]);
  expect((await itemsOf(accountId)).map(({ kind }) => kind)).toEqual([
    "notices-off",
    "factor-enrolled",
  ]);
});

test("a link's token stands in the sealed mail alone", async () => {
  const { accountId, email } = await addPerson(h);
  const token = "token-that-opens-something";
  await tellOf(accountId, {
    kind: "consent-asked",
    values: { asker: "Harbour Books", externalId: "customer-1", days: 7 },
    lines: ["what"],
    token,
  });
  expect((await mailsTo(email))[0]?.text).toContain(token);
  const { rows } = await h.services.db
    .selectFrom("notice")
    .selectAll()
    .execute()
    .then((all) => ({ rows: JSON.stringify(all) }));
  expect(rows).toContain("Harbour Books");
  expect(rows).not.toContain(token);
});

test("only mails of optional classes can be ended by their link", async () => {
  const { accountId, email } = await addPerson(h);
  await tellOf(accountId, behind);
  await tellOf(accountId, { kind: "factor-enrolled", values: {}, lines: ["what"] });
  const [optional, mandatory] = await mailsTo(email);
  expect(optional?.text).toContain(`/unsubscribe?token=${optional?.unsubscribe}`);
  expect(mandatory?.unsubscribe).toBeUndefined();
  expect(mandatory?.text).not.toContain("unsubscribe");
});
