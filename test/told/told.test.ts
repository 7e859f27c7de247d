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

/** Who has notices of which kind in their inbox. */
async function inboxes(): Promise<{ id: string; item: string }[]> {
  const rows = await h.db
    .selectFrom("inbox_item")
    .innerJoin("notice", "notice.id", "inbox_item.notice_id")
    .innerJoin("account", "account.id", "inbox_item.account_id")
    .select(["notice.id", "notice.kind", "account.email"])
    .execute();
  return rows.map(({ id, kind, email }) => ({ id, item: `${kind} ${email}` }));
}

/** Whom a kind's mails reach as the account's holder: those have it in their inbox too. */
const hasInbox = (kind: MailKind): boolean =>
  mailKinds[kind].to === "holder" && kind !== "notice-test";

const countOf = async (action: string): Promise<number> =>
  (await h.entries()).filter((entry) => entry.action === action).length;

describe.each(Object.entries(scenes))("%s", (action, acts) => {
  test("mails exactly those whom it touches, in the transaction that does it", async () => {
    const kinds = new Set<MailKind>();
    for (const stage of acts) {
      const { act, tells } = await stage(h);
      const [mails, entries] = [await h.mails(), await countOf(action)];
      const before = new Set((await inboxes()).map(({ id }) => id));
      await act();
      const sent = (await h.mails()).slice(mails.length).map(({ kind, to }) => [kind, to]);
      expect(sent.toSorted()).toEqual(tells.toSorted());
      const held = tells.filter(([kind]) => hasInbox(kind)).map(([kind, to]) => `${kind} ${to}`);
      const items = (await inboxes()).flatMap(({ id, item }) => (before.has(id) ? [] : [item]));
      expect(items.toSorted()).toEqual(held.toSorted());
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
