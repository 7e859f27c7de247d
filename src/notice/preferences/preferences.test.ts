import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addPerson, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { addressKey } from "../../platform/mail/queue-mail.ts";
import { unsubscribeToken } from "./unsubscribe-token.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.stop());

const read = async ({ headers }: Person) =>
  (await h.call("GET", "/v1/notice-preferences", { as: headers })).body;
const put = (person: Person, name: string, email: boolean, inbox = true) =>
  h.call("PUT", "/v1/notice-preferences", {
    as: person.headers,
    body: { classes: [{ class: name, channels: { email, inbox } }] },
  });
const mailsTo = async ({ email }: Person) => (await h.mails()).filter(({ to }) => to === email);
const channelsOf = async (person: Person, name: string) =>
  (await read(person)).classes.find((each: { class: string }) => each.class === name).channels;

describe("preferences", () => {
  test("begin with everything on, and say which address mail servers refuse", async () => {
    const person = await addPerson(h);
    const { classes, addresses } = await read(person);
    expect(classes.map((each: { channels: object }) => each.channels)).toEqual(
      classes.map(() => ({ email: true, inbox: true })),
    );
    expect(addresses).toEqual([{ address: person.email, failing: null }]);
    const now = h.clock.now();
    await h.db
      .insertInto("failing_address")
      .values({
        address_key: addressKey(h.services, person.email),
        since: now,
        failed_at: now,
        code: 550,
      })
      .execute();
    expect((await read(person)).addresses[0].failing).toEqual({
      since: now.toISOString(),
      code: 550,
    });
  });

  test("what is switched off is told before it holds, by each way that it is switched off of", async () => {
    const person = await addPerson(h);
    expect((await put(person, "system-expiry", false, false)).status).toBe(200);
    const [mail, ...more] = await mailsTo(person);
    expect(more).toEqual([]);
    expect(mail?.kind).toBe("notices-off");
    expect(mail?.text).toContain("what ends soon, by e-mail");
    expect(mail?.text).toContain("what ends soon, by inbox");
    expect(await channelsOf(person, "system-expiry")).toEqual({ email: false, inbox: false });
    const items = (await h.call("GET", "/v1/inbox", { as: person.headers })).body.items;
    expect(items.map(({ kind }: { kind: string }) => kind)).toEqual(["notices-off"]);
  });

  test("of twenty at once that switch the same off one tells", async () => {
    const person = await addPerson(h);
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => put(person, "account-warning", false)),
    );
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    expect(await mailsTo(person)).toHaveLength(1);
  });

  test.each(["security-account", "legal", "nothing"])("%s can't be switched", async (name) => {
    const person = await addPerson(h);
    const { status, body } = await put(person, name, false);
    expect([status, body.errors[0].pointer]).toEqual([400, "/classes/0/class"]);
    expect(await mailsTo(person)).toEqual([]);
  });

  test("nobody's mailbox is filled: a change and a test are counted", async () => {
    const person = await addPerson(h);
    const send = (channel: string) =>
      h.call("POST", "/v1/notice-preferences/test", { as: person.headers, body: { channel } });
    expect((await send("inbox")).status).toBe(202);
    expect(await mailsTo(person)).toEqual([]);
    for (let index = 1; index < 10; index++) expect((await send("email")).status).toBe(202);
    expect((await send("email")).status).toBe(429);
    expect(await mailsTo(person)).toHaveLength(9);
    for (let index = 0; index < 30; index++)
      expect((await put(person, "account-warning", index % 2 === 0)).status).toBe(200);
    expect((await put(person, "account-warning", false)).status).toBe(429);
  });
});

describe("RFC 8058: ending mails by the link in one", () => {
  const linkOf = (person: Person) =>
    `/v1/unsubscribe?token=${unsubscribeToken(h.services, { accountId: person.accountId, class: "account-warning" })}`;
  const post = (url: string, contentType: string, payload: string) =>
    h.app.inject({ method: "POST", url, headers: { "content-type": contentType }, payload });

  test("a scanner's GET changes nothing and leads to a page that asks", async () => {
    const person = await addPerson(h);
    const { status, headers } = await h.call("GET", linkOf(person));
    expect(status).toBe(303);
    expect(headers["location"]).toMatch(/^\/unsubscribe\?token=/);
    expect(await channelsOf(person, "account-warning")).toEqual({ email: true, inbox: true });
  });

  test.each([
    ["application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"],
    [
      "multipart/form-data; boundary=x",
      '--x\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
    ],
    ["application/json", "{}"],
  ])("one POST of %s without a sign-in ends them, twice as once", async (type, body) => {
    const person = await addPerson(h);
    for (let index = 0; index < 2; index++)
      expect((await post(linkOf(person), type, body)).json()).toEqual({ class: "account-warning" });
    expect(await channelsOf(person, "account-warning")).toEqual({ email: false, inbox: true });
    expect((await mailsTo(person)).map(({ kind }) => kind)).toEqual(["notices-off"]);
    const done = (await h.entries()).filter(
      ({ action, targets }) =>
        action === "notice-preferences.unsubscribed" &&
        targets?.some(({ id }) => id === person.accountId) === true,
    );
    expect(done.map(({ outcome }) => outcome)).toEqual(["done", "done"]);
  });

  test("a link that we did not make, of another installation or cut, ends nothing", async () => {
    const person = await addPerson(h);
    const link = linkOf(person);
    for (const url of [
      link.slice(0, -4),
      `${link.slice(0, -9)}${link.slice(-8)}`,
      "/v1/unsubscribe?token=made-up",
    ])
      expect((await post(url, "application/json", "{}")).statusCode).toBe(410);
    expect(await channelsOf(person, "account-warning")).toEqual({ email: true, inbox: true });
  });
});
