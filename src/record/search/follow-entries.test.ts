import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addApp, addGrant } from "../../../test/builders/access.ts";
import { anEntry } from "../../../test/builders/entries.ts";
import { addPerson, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";
import type { LogEntry } from "../../contract/record/entries.ts";

/** A stream on which nothing happens says so every 15 s; who left is noticed without it. */
const HALF_OF_A_QUIET_STREAM = { timeout: 7_500 };

let h: Harness;
let url: string;
beforeAll(async () => {
  h = await startHarness();
  await h.app.listen({ port: 0, host: "127.0.0.1" });
  url = `http://127.0.0.1:${(h.app.server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  // Refused requests leave their client's connections open.
  h.app.server.closeAllConnections();
  await h.stop();
});

type Event = { name: string; data: { entries?: LogEntry[]; code?: string } };

/** Opens the stream; `next` waits for the next event that is no sign of life. */
async function follow(as: Headers, query = "") {
  const gone = new AbortController();
  const since = encodeURIComponent(h.clock.now().toISOString());
  const reply = await fetch(`${url}/v1/audit/stream?since=${since}${query}`, {
    headers: as,
    signal: gone.signal,
  });
  const reader = reply.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const next = async (): Promise<Event | null> => {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end >= 0) {
        const match = /^event: (.*)\ndata: (.*)$/.exec(text.slice(0, end));
        text = text.slice(end + 2);
        if (match !== null) return { name: match[1] ?? "", data: JSON.parse(match[2] ?? "") };
        continue;
      }
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done) return null;
      text += value;
    }
  };
  return { reply, next, close: () => gone.abort() };
}

const put = (person: Person, given: { appId?: string; requestId?: string } = {}) =>
  h.services.recorder.submit(
    anEntry({
      at: h.clock.now(),
      actor: { kind: "session", accountId: person.accountId, credentialId: person.sessionId },
      ...given,
    }),
  );

describe("following the log", () => {
  test("brings what is new, what fits the filter alone, and leaves one entry", async () => {
    const person = await addPerson(h);
    const stream = await follow(person.headers, "&class=important");
    expect(stream.reply.headers.get("content-type")).toBe("text/event-stream");
    await put(await addPerson(h));
    const { entryId } = await put(person);
    const event = await stream.next();
    expect(event?.name).toBe("entries");
    expect(event?.data.entries?.map(({ id }) => id)).toEqual([entryId]);
    await h.call("GET", "/v1/apps", { as: person.headers });
    const second = await put(person);
    expect((await stream.next())?.data.entries?.map(({ id }) => id)).toEqual([second.entryId]);
    stream.close();
    const followed = (await h.entries()).filter(({ action }) => action === "entry.followed");
    expect(followed).toHaveLength(1);
  });

  test("ends within seconds of the session, and says why", async () => {
    const person = await addPerson(h);
    const stream = await follow(person.headers);
    expect(
      (await h.call("POST", "/v1/sign-out", { as: person.headers, body: {} })).status,
    ).toBeLessThan(300);
    let event = await stream.next();
    while (event?.name === "entries") event = await stream.next();
    expect(event).toEqual({ name: "end", data: { code: "not-signed-in" } });
    expect(await stream.next()).toBe(null);
  });

  test("brings nothing of an app that was taken away", async () => {
    const owner = await addPerson(h);
    const { appId } = await addApp(h, { owner });
    const { person: guest } = await addGrant(h, { appId, role: "admin" });
    const stream = await follow(guest.headers, "&class=important");
    const seen = await put(owner, { appId });
    expect((await stream.next())?.data.entries?.map(({ id }) => id)).toEqual([seen.entryId]);
    await h.services.db
      .deleteFrom("access_grant")
      .where("account_id", "=", guest.accountId)
      .execute();
    await put(owner, { appId });
    const own = await put(guest);
    expect((await stream.next())?.data.entries?.map(({ id }) => id)).toEqual([own.entryId]);
    stream.close();
  });

  test("a fifth at once is asked to wait; one that was left makes room at once, also where nothing happens", async () => {
    const person = await addPerson(h);
    // Nothing fits: nothing is said on any of them for a quarter of a minute.
    const quiet = () => follow(person.headers, "&action=role.created");
    const streams = await Promise.all([1, 2, 3, 4].map(quiet));
    const refused = await quiet();
    expect(refused.reply.status).toBe(429);
    expect(refused.reply.headers.get("retry-after")).toBe("10");
    streams[0]?.close();
    await expect
      .poll(async () => {
        const again = await quiet();
        again.close();
        return again.reply.status;
      }, HALF_OF_A_QUIET_STREAM)
      .toBe(200);
    for (const stream of streams) stream.close();
  });

  test("a server that stops does not wait for whoever follows", async () => {
    const other = await startHarness({ beside: h });
    await other.app.listen({ port: 0, host: "127.0.0.1" });
    const { port } = other.app.server.address() as AddressInfo;
    const person = await addPerson(h);
    const reply = await fetch(
      `http://127.0.0.1:${port}/v1/audit/stream?since=2026-01-01T00:00:00Z`,
      { headers: person.headers },
    );
    const read = reply.text();
    await other.stop();
    expect(await read).toContain("retry");
  });

  test.each(["", "since=yesterday", "since=2026-01-01T00:00:00Z&actor=x"])(
    "%j is refused",
    async (query) => {
      const person = await addPerson(h);
      const { status } = await h.call("GET", `/v1/audit/stream?${query}`, { as: person.headers });
      expect(status).toBe(400);
    },
  );
});
