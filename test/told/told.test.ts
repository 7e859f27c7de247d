import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mailKinds, type MailKind } from "../../src/contract/mails.ts";
import { toldOf, toldOfRefusals, type Told } from "../../src/contract/told.ts";
import { ALLOW_LOOPBACK } from "../builders/streams.ts";
import { startHarness, type Harness } from "../harness.ts";
import { accessScenes } from "./access-scenes.ts";
import { identityScenes } from "./identity-scenes.ts";
import { noticeScenes } from "./notice-scenes.ts";
import { operatorScenes } from "./operator-scenes.ts";
import { privacyScenes } from "./privacy-scenes.ts";
import { recordScenes } from "./record-scenes.ts";
import type { Scenes, TellingAction } from "./scene.ts";

const scenes: Scenes<TellingAction> = {
  ...identityScenes,
  ...accessScenes,
  ...operatorScenes,
  ...privacyScenes,
  ...recordScenes,
  ...noticeScenes,
};

let h: Harness;
beforeAll(async () => {
  // Scenes send streams by hand, to receivers on this machine.
  h = await startHarness({ env: { SALLYPORT_ROLES: "web", ...ALLOW_LOOPBACK } });
});
afterAll(() => h.stop());

/** Each inbox that has a notice, and whose mails there are of it: by how many addresses does not matter. */
async function deliveries(): Promise<{ items: Delivery[]; mails: Delivery[] }> {
  const items = await h.db
    .selectFrom("inbox_item")
    .innerJoin("notice", "notice.id", "inbox_item.notice_id")
    .select(["notice.id", "notice.kind", "inbox_item.account_id as accountId"])
    .execute();
  const mails = await h.db
    .selectFrom("outgoing_mail")
    .innerJoin("notice", "notice.id", "outgoing_mail.notice_id")
    .select(["notice.id", "notice.kind", "outgoing_mail.account_id as accountId"])
    .execute();
  return { items, mails };
}

type Delivery = { id: string; kind: string; accountId: string | null };

const named = (some: readonly Delivery[], before: readonly Delivery[]): string[] => {
  const old = new Set(before.map(({ id }) => id));
  const fresh = some.filter(({ id }) => !old.has(id));
  return [
    ...new Set(fresh.map(({ id, kind, accountId }) => `${kind} ${id} ${accountId}`)),
  ].toSorted();
};

/** Whom a kind's mails reach as the account's holder: those have it in their inbox too. */
const hasInbox = ({ kind }: Delivery): boolean =>
  mailKinds[kind as MailKind].to === "holder" && kind !== "notice-test";

const countOf = async (action: string): Promise<number> =>
  (await h.entries()).filter((entry) => entry.action === action).length;

describe.each(Object.entries(scenes))("%s", (action, acts) => {
  test("mails exactly those whom it touches, in the transaction that does it", async () => {
    const kinds = new Set<MailKind>();
    for (const stage of acts) {
      const { act, tells } = await stage(h);
      const [mails, entries] = [await h.mails(), await countOf(action)];
      const before = await deliveries();
      await act();
      const sent = (await h.mails()).slice(mails.length).map(({ kind, to }) => [kind, to]);
      expect(sent.toSorted()).toEqual(tells.toSorted());
      const after = await deliveries();
      const held = named(after.mails.filter(hasInbox), before.mails);
      expect(named(after.items, before.items)).toEqual(held);
      expect((await countOf(action)) - entries).toBe(1);
      for (const [kind] of tells) kinds.add(kind);
    }
    expect([...kinds].toSorted()).toEqual([...toldOf[action as TellingAction].mails].toSorted());
  });
});

test("every mail that there is is some action's", () => {
  const promised = Object.values<Told>(toldOf).flatMap((told) =>
    "mails" in told ? told.mails : [],
  );
  const all = new Set([...promised, ...toldOfRefusals]);
  expect([...all].toSorted()).toEqual(Object.keys(mailKinds).toSorted());
});

test("in English, what is about a key says key, and an invitation says invitation, in its subject", async () => {
  const mails = await h.mails();
  const about = (start: string) => mails.filter(({ kind }) => kind?.startsWith(start));
  expect(about("key-").length).toBeGreaterThan(2);
  for (const { subject } of about("key-")) expect(subject).toMatch(/\bkey\b/i);
  expect(about("invitation").length).toBeGreaterThan(2);
  for (const { subject } of about("invitation")) expect(subject).toMatch(/\binvitation\b/i);
});
