import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addEnrolledPerson,
  cookiesOf,
  GOOD_PASSWORD,
  linkToken,
  newEmail,
  type EnrolledPerson,
} from "../../../test/builders/identity.ts";
import { addPerson, addSession, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";

const DAY_MS = 24 * 3_600_000;

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

let host = 0;
const elsewhere = () => `198.51.100.${(host += 1) % 250}`;

const ask = (person: Pick<Person, "headers">, kind: string, email: string) =>
  h.call("PUT", `/v1/account/addresses/${kind}`, { as: person.headers, body: { email } });
const confirm = (token: string) =>
  h.call("POST", "/v1/account/addresses/confirm", { body: { token }, from: elsewhere() });
const undo = (token: string) =>
  h.call("POST", "/v1/account/addresses/undo", { body: { token }, from: elsewhere() });
const addressOf = async ({ accountId }: Person) =>
  (
    await h.db
      .selectFrom("account")
      .select("email")
      .where("id", "=", accountId)
      .executeTakeFirstOrThrow()
  ).email;
const mailsTo = async (to: string) => (await h.mails()).filter((mail) => mail.to === to);
const kindsTo = async (to: string) => (await mailsTo(to)).map(({ kind }) => kind);
const reportsOf = async ({ accountId }: Person) =>
  await h.db.selectFrom("account_report").selectAll().where("account_id", "=", accountId).execute();

/** Somebody who asked for another sign-in address. */
async function asking(given: { password?: string } = {}) {
  const person = await addEnrolledPerson(h, given);
  const email = newEmail();
  expect((await ask(person, "sign-in", email)).status).toBe(202);
  return { person, email, confirmToken: await linkToken(h, email) };
}

/** Somebody whose sign-in address was changed. */
async function changed(given: { password?: string } = {}) {
  const asked = await asking(given);
  const askedToken = await linkToken(h, asked.person.email);
  expect((await confirm(asked.confirmToken)).status).toBe(200);
  return { ...asked, askedToken, undoToken: await linkToken(h, asked.person.email) };
}

async function withBackup(person: EnrolledPerson | Person) {
  const email = newEmail();
  await ask(person, "backup", email);
  expect((await confirm(await linkToken(h, email))).status).toBe(200);
  return email;
}

const isDead = ({ status, body }: { status: number; body: { code: string } }) =>
  status === 410 && body.code === "dead-link";

describe("a second mailbox", () => {
  test("gets no mail about the account before its own link was used, and every one from then on", async () => {
    const person = await addPerson(h);
    const email = newEmail();
    await ask(person, "backup", email);
    const end = async () => {
      const { sessionId } = await addSession(h, person.accountId);
      await h.call("DELETE", `/v1/sessions/${sessionId}`, { as: person.headers, body: {} });
    };
    await end();
    expect(await kindsTo(email)).toEqual(["confirm-new-address"]);
    await confirm(await linkToken(h, email));
    await end();
    expect((await kindsTo(email)).slice(1)).toEqual(["backup-address-changed", "session-ended"]);
    expect((await kindsTo(person.email)).slice(-2)).toEqual([
      "backup-address-changed",
      "session-ended",
    ]);
    const { body } = await h.call("GET", "/v1/account/addresses", { as: person.headers });
    expect(body).toEqual({
      signIn: { email: person.email },
      backup: { email, verifiedAt: expect.any(String) },
      waiting: [],
    });
  });

  test("may be the mailbox of several accounts, and signs in to none", async () => {
    const [one, other] = [await addPerson(h), await addPerson(h)];
    const email = await withBackup(one);
    await ask(other, "backup", email);
    expect((await confirm(await linkToken(h, email))).body).toEqual({ kind: "backup", email });
  });

  test("is told when it is replaced or removed, before it is gone", async () => {
    const person = await addPerson(h);
    const first = await withBackup(person);
    const second = await withBackup(person);
    expect((await mailsTo(first)).at(-1)?.text).toContain("no longer to the one before");
    const path = "/v1/account/addresses/backup";
    expect((await h.call("DELETE", path, { as: person.headers })).status).toBe(204);
    expect((await kindsTo(second)).at(-1)).toBe("backup-address-removed");
    expect((await h.call("DELETE", path, { as: person.headers })).status).toBe(404);
  });
});

describe("PUT /v1/account/addresses/:kind", () => {
  // T3: a session alone, an open laptop, moves no address.
  test.each(["sign-in", "backup"])("T3 %s asks for a fresh second factor", async (kind) => {
    const person = await addPerson(h, { isSteppedUp: false });
    const reply = await ask(person, kind, newEmail());
    expect([reply.status, reply.body.code]).toEqual([403, "step-up-required"]);
  });

  test("names the field for what is no address, and for one's own", async () => {
    const person = await addPerson(h);
    for (const [email, code] of [
      ["nobody", "email-address"],
      [person.email.toUpperCase().replace("EXAMPLE.TEST", "example.test"), "address-yours-already"],
    ] as const) {
      const reply = await ask(person, "sign-in", email);
      expect(reply.body.errors).toEqual([expect.objectContaining({ pointer: "/email", code })]);
    }
  });

  // T28: whoever has an account must not learn who else has one.
  test("T28 answers a known and an unknown address alike, and tells only the known one's mailbox", async () => {
    const person = await addPerson(h);
    const known = await addPerson(h);
    const unknown = newEmail();
    const mails = async () => (await h.mails()).length;
    const before = await mails();
    const first = await ask(person, "sign-in", known.email);
    const between = await mails();
    const second = await ask(person, "sign-in", unknown);
    expect([first.status, first.body]).toEqual([second.status, second.body]);
    expect(between - before).toBe((await mails()) - between);
    expect(await kindsTo(known.email)).toEqual(["address-in-use"]);
    expect(await kindsTo(unknown)).toEqual(["confirm-new-address"]);
    const waiting = await h.call("GET", "/v1/account/addresses", { as: person.headers });
    expect(waiting.body.waiting).toHaveLength(1);
  });

  test("stops an account that asks for address after address", async () => {
    const person = await addPerson(h);
    const replies = [];
    for (let n = 0; n < 11; n += 1) replies.push(await ask(person, "backup", newEmail()));
    expect(replies.at(-2)?.status).toBe(202);
    expect(replies.at(-1)?.status).toBe(429);
  });

  test("of two asked at the same time one waits", async () => {
    const person = await addPerson(h);
    await Promise.all([1, 2, 3, 4].map(() => ask(person, "sign-in", newEmail())));
    const { body } = await h.call("GET", "/v1/account/addresses", { as: person.headers });
    expect(body.waiting).toHaveLength(1);
  });
});

describe("a change of the sign-in address", () => {
  test("takes effect once the new address is confirmed, and not before", async () => {
    const { person, email, confirmToken } = await asking({ password: GOOD_PASSWORD });
    expect(await addressOf(person)).toBe(person.email);
    expect((await confirm(confirmToken)).body).toEqual({ kind: "sign-in", email });
    const signIn = (address: string) =>
      h.call("POST", "/v1/sign-in", {
        body: { email: address, password: GOOD_PASSWORD },
        from: elsewhere(),
      });
    expect((await signIn(email)).body).toEqual({ session: { level: "needs-second-factor" } });
    expect((await signIn(person.email)).body.code).toBe("wrong-credentials");
    expect(
      (await h.entries()).filter((entry) => entry.action === "account.address-changed").at(-1),
    ).toMatchObject({ outcome: "done", targets: [{ accountId: person.accountId }] });
  });

  test("tells the old mailbox before and after, and never shows it the new address", async () => {
    const { person, email } = await changed();
    expect(await kindsTo(person.email)).toEqual([
      "sign-in-address-asked",
      "sign-in-address-changed",
    ]);
    expect(await kindsTo(email)).toEqual(["confirm-new-address", "sign-in-address-new"]);
    for (const mail of await mailsTo(person.email))
      expect(`${mail.subject}${mail.text}${mail.html}`).not.toContain(email);
  });

  test("T11 of a hundred confirmations at once exactly one makes it", async () => {
    const { person, email, confirmToken } = await asking();
    const replies = await Promise.all(Array.from({ length: 100 }, () => confirm(confirmToken)));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(replies.filter(isDead)).toHaveLength(99);
    expect(await addressOf(person)).toBe(email);
    expect(await kindsTo(email)).toEqual(["confirm-new-address", "sign-in-address-new"]);
  });

  test("T13 its link is dead a day later, before any sweep", async () => {
    const { person, confirmToken } = await asking();
    h.clock.advance(DAY_MS + 1000);
    expect(isDead(await confirm(confirmToken))).toBe(true);
    expect(await addressOf(person)).toBe(person.email);
  });

  test("is dead once it was given up, replaced, or the address has an account", async () => {
    const given = await asking();
    const path = "/v1/account/addresses/sign-in/waiting";
    expect((await h.call("DELETE", path, { as: given.person.headers })).status).toBe(204);
    expect((await h.call("DELETE", path, { as: given.person.headers })).status).toBe(404);
    const replaced = await asking();
    await ask(replaced.person, "sign-in", newEmail());
    const taken = await asking();
    await addPerson(h, { email: taken.email });
    for (const { person, confirmToken } of [given, replaced, taken]) {
      expect(isDead(await confirm(confirmToken))).toBe(true);
      expect(await addressOf(person)).toBe(person.email);
    }
  });

  test("T1 a link made for one thing does no other", async () => {
    const { person, askedToken, confirmToken } = await changed();
    expect(isDead(await confirm(askedToken))).toBe(true);
    expect(isDead(await undo(confirmToken))).toBe(true);
    expect(await reportsOf(person)).toEqual([]);
  });
});

describe("“It was not me”", () => {
  // The attack: an open laptop's session, stepped up, moves the account to the attacker's mailbox.
  test("puts the address back, ends every session, kills the password and opens a report", async () => {
    const { person, email, undoToken } = await changed({ password: GOOD_PASSWORD });
    const thiefs = await addSession(h, person.accountId);
    expect((await undo(undoToken)).body).toEqual({ outcome: "put-back" });
    expect(await addressOf(person)).toBe(person.email);
    for (const { headers } of [person, thiefs])
      expect((await h.call("GET", "/v1/account", { as: headers })).status).toBe(401);
    const again = await h.call("POST", "/v1/sign-in", {
      body: { email: person.email, password: GOOD_PASSWORD },
      from: elsewhere(),
    });
    expect(again.body.code).toBe("wrong-credentials");
    expect(await reportsOf(person)).toMatchObject([{ kind: "address-change", closed_at: null }]);
    for (const to of [person.email, email])
      expect((await kindsTo(to)).at(-1)).toBe("sign-in-address-undone");
    const factors = await h.db
      .selectFrom("totp_factor")
      .select("state")
      .where("account_id", "=", person.accountId)
      .execute();
    expect(factors).toEqual([{ state: "live" }]);
  });

  test("works by the mail of before the change, too, and by the second mailbox's", async () => {
    const { person, askedToken } = await changed();
    expect((await undo(askedToken)).body).toEqual({ outcome: "put-back" });
    expect(await addressOf(person)).toBe(person.email);
    const other = await addPerson(h);
    const backup = await withBackup(other);
    await ask(other, "sign-in", newEmail());
    expect((await undo(await linkToken(h, backup))).body).toEqual({ outcome: "stopped" });
  });

  test("stops a change that was not made yet: its link is dead from then on", async () => {
    const { person, confirmToken } = await asking();
    expect((await undo(await linkToken(h, person.email))).body).toEqual({ outcome: "stopped" });
    expect(isDead(await confirm(confirmToken))).toBe(true);
    expect((await h.call("GET", "/v1/account", { as: person.headers })).status).toBe(401);
  });

  test("T11 of a hundred at once exactly one does it", async () => {
    const { person, undoToken, askedToken } = await changed();
    const tokens = Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? undoToken : askedToken));
    const replies = await Promise.all(tokens.map(undo));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(replies.filter(isDead)).toHaveLength(99);
    expect(await reportsOf(person)).toHaveLength(1);
  });

  test("undoes what was changed after, with a second mailbox of those days", async () => {
    const person = await addEnrolledPerson(h);
    const thiefs = await withBackup(person);
    await ask(person, "sign-in", newEmail());
    const askedToken = await linkToken(h, person.email);
    const [first, second] = [await linkTokenOfWaiting(person), newEmail()];
    await confirm(first);
    await ask(person, "sign-in", second);
    await confirm(await linkToken(h, second));
    const laterUndo = await linkToken(h, thiefs);
    expect((await undo(askedToken)).body).toEqual({ outcome: "put-back" });
    expect(await addressOf(person)).toBe(person.email);
    expect(isDead(await undo(laterUndo))).toBe(true);
    const { headers } = await addSession(h, person.accountId);
    const { body } = await h.call("GET", "/v1/account/addresses", { as: headers });
    expect(body.backup).toBeNull();
  });

  test("is possible for seven days after the change", async () => {
    const [late, soon] = [await changed(), await changed()];
    h.clock.advance(7 * DAY_MS - 60_000);
    expect((await undo(soon.undoToken)).status).toBe(200);
    h.clock.advance(120_000);
    expect(isDead(await undo(late.undoToken))).toBe(true);
  });

  test("says so where another account has the address by now", async () => {
    const { person, email, undoToken } = await changed();
    await addPerson(h, { email: person.email });
    expect((await undo(undoToken)).body).toEqual({ outcome: "taken" });
    expect(await addressOf(person)).toBe(email);
    expect(await reportsOf(person)).toHaveLength(1);
  });
});

test("an address that can be put back is given to nobody else meanwhile", async () => {
  const { person } = await changed();
  const signUp = await h.call("POST", "/v1/accounts", {
    body: { email: person.email, password: GOOD_PASSWORD, displayName: "Ada Example" },
    from: elsewhere(),
  });
  expect(signUp.status).toBe(202);
  expect(cookiesOf(signUp).cookie).not.toBe("");
  expect((await mailsTo(person.email)).at(-1)?.kind).toBe("already-have-account");
  const other = await addPerson(h);
  await ask(other, "sign-in", person.email);
  expect((await mailsTo(person.email)).at(-1)?.kind).toBe("address-in-use");
});

/** The token of the link to the address that waits. */
async function linkTokenOfWaiting({ accountId }: Person): Promise<string> {
  const { email } = await h.db
    .selectFrom("address_change")
    .select("email")
    .where("account_id", "=", accountId)
    .where("kind", "=", "sign-in")
    .where("made_at", "is", null)
    .executeTakeFirstOrThrow();
  return await linkToken(h, email);
}
