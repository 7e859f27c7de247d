import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addPerson, addSession, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import type { InboxItem } from "../../contract/notice/inbox.ts";
import { sweep } from "../../platform/jobs/sweep.job.ts";

const DAY_MS = 86_400_000;

let h: Harness;
let url: string;
beforeAll(async () => {
  h = await startHarness();
  await h.app.listen({ port: 0, host: "127.0.0.1" });
  url = `http://127.0.0.1:${(h.app.server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  h.app.server.closeAllConnections();
  await h.stop();
});

const inbox = async ({ headers }: Person, query = "") =>
  (await h.call("GET", `/v1/inbox${query}`, { as: headers })).body;
const mark = (as: Person, what: "seen" | "archived", body: unknown) =>
  h.call("POST", `/v1/inbox/${what}`, { as: as.headers, body });

/** Ends another session of theirs, which is told. */
async function endAnother(person: Person) {
  const { sessionId } = await addSession(h, person.accountId);
  const path = `/v1/sessions/${sessionId}`;
  const { headers } = await h.call("DELETE", path, { as: person.headers });
  return headers;
}

describe("the inbox", () => {
  test("holds what one was told, newest first, as sentences with what finds its entry", async () => {
    const person = await addPerson(h);
    expect(await inbox(person)).toEqual({ items: [], unread: 0, nextCursor: null });
    const { "audit-id": entryId } = await endAnother(person);
    const { items, unread } = await inbox(person);
    expect(unread).toBe(1);
    expect(items).toMatchObject([
      {
        class: "security-account",
        kind: "session-ended",
        title: expect.stringMatching(/./),
        text: expect.arrayContaining([expect.stringMatching(/./)]),
        facts: expect.arrayContaining([{ label: "From address", value: "127.0.0.1" }]),
        seenAt: null,
        archivedAt: null,
      },
    ]);
    const found = await h.call("GET", `/v1/audit/entries?requestId=${items[0].requestId}`, {
      as: person.headers,
    });
    expect(found.body.entries.map(({ id }: { id: string }) => id)).toContain(entryId);
  });

  test("reads in the language that is asked for, whatever its mails are in", async () => {
    const person = await addPerson(h);
    await endAnother(person);
    const [english] = (await inbox(person)).items;
    const [dutch] = (await inbox(person, "?language=nl")).items;
    expect(dutch.id).toBe(english.id);
    expect(dutch.title).not.toBe(english.title);
  });

  test("its pages repeat nothing and leave nothing out while something new comes", async () => {
    const person = await addPerson(h);
    for (let index = 0; index < 5; index++) await endAnother(person);
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: { items: InboxItem[]; nextCursor: string | null } = await inbox(
        person,
        `?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`,
      );
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
      if (seen.length === 2) await endAnother(person);
    }
    expect(new Set(seen).size).toBe(5);
    expect(seen).toEqual(seen.toSorted().toReversed());
  });

  test("an item is seen and put away by its own person alone, once, and can be taken back", async () => {
    const [person, other] = [await addPerson(h), await addPerson(h)];
    await endAnother(person);
    await endAnother(person);
    const ids = (await inbox(person)).items.map(({ id }: InboxItem) => id);
    expect((await mark(other, "seen", { ids })).body).toEqual({ unread: 0 });
    expect((await inbox(person)).unread).toBe(2);
    expect((await mark(person, "seen", { ids: ids.slice(0, 1) })).body).toEqual({ unread: 1 });
    expect((await mark(person, "archived", { ids: ids.slice(1) })).body).toEqual({ unread: 0 });
    expect((await inbox(person)).items.map(({ id }: InboxItem) => id)).toEqual(ids.slice(0, 1));
    const away = (await inbox(person, "?archived=true")).items;
    expect(away.map(({ id }: InboxItem) => id)).toEqual(ids.slice(1));
    await mark(person, "archived", { ids: ids.slice(1), archived: false });
    expect((await inbox(person)).items).toHaveLength(2);
    const marked = (await h.entries()).filter(({ action }) => action === "inbox.marked");
    expect(marked.filter(({ targets = [] }) => targets.length > 0)).toHaveLength(3);
  });

  test.each([
    ["?limit=0", "/limit"],
    ["?cursor=x", "/cursor"],
    ["?language=xx", "/language"],
  ])("%s is refused at its field", async (query, pointer) => {
    const { status, body } = await h.call("GET", `/v1/inbox${query}`, {
      as: (await addPerson(h)).headers,
    });
    expect([status, body.errors[0].pointer]).toEqual([400, pointer]);
  });

  test("what stood in it for 180 days is gone, seen or not; a day before it is there", async () => {
    const person = await addPerson(h);
    await endAnother(person);
    const left = async () =>
      await h.db
        .selectFrom("inbox_item")
        .select("notice_id")
        .where("account_id", "=", person.accountId)
        .execute();
    const at = (days: number) => new Date(h.clock.now().getTime() + days * DAY_MS);
    await sweep(h.db, h.services.config, at(179));
    expect(await left()).toHaveLength(1);
    await sweep(h.db, h.services.config, at(180.01));
    expect(await left()).toEqual([]);
    expect(await h.db.selectFrom("notice").select("id").execute()).toEqual([]);
  });
});

describe("its stream", () => {
  async function follow({ headers }: Person) {
    const gone = new AbortController();
    const reply = await fetch(`${url}/v1/inbox/stream`, { headers, signal: gone.signal });
    const reader = reply.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const next = async (): Promise<unknown> => {
      for (;;) {
        const match = /event: (\w+)\ndata: (.*)\n\n/.exec(text);
        if (match !== null) {
          text = text.slice(match.index + match[0].length);
          return { name: match[1], data: JSON.parse(match[2] ?? "") };
        }
        const { done, value } = (await reader?.read()) ?? { done: true };
        if (done) return null;
        text += value;
      }
    };
    return { next, close: () => gone.abort() };
  }

  test("says how many are unread at once, and again whenever that changes", async () => {
    const person = await addPerson(h);
    const stream = await follow(person);
    expect(await stream.next()).toEqual({ name: "inbox", data: { unread: 0, newest: null } });
    await endAnother(person);
    const [{ id }] = (await inbox(person)).items;
    expect(await stream.next()).toEqual({ name: "inbox", data: { unread: 1, newest: id } });
    await mark(person, "seen", { ids: [id] });
    expect(await stream.next()).toEqual({ name: "inbox", data: { unread: 0, newest: id } });
    stream.close();
  });

  test("ends with the session", async () => {
    const person = await addPerson(h);
    const stream = await follow(person);
    await stream.next();
    await h.call("POST", "/v1/sign-out", { as: person.headers, body: {} });
    expect(await stream.next()).toEqual({ name: "end", data: { code: "not-signed-in" } });
    expect(await stream.next()).toBe(null);
  });
});
