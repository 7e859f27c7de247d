import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addOperator } from "../../../test/builders/operator.ts";
import {
  addEnrolledPerson,
  GOOD_PASSWORD,
  linkToken,
  newEmail,
  setPassword,
  totpCode,
  type EnrolledPerson,
} from "../../../test/builders/identity.ts";
import { addSession, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers, type Reply } from "../../../test/harness.ts";
import { removeEnded } from "../housekeeping.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

const DAY_MS = 86_400_000;
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0";
const NEWER_FIREFOX = FIREFOX.replaceAll("150", "151");
const CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0 Safari/537.36";

/** A browser keeps cookies by their names, whatever it is told. */
class Browser {
  readonly cookies = new Map<string, string>();
  userAgent: string;
  constructor(userAgent = FIREFOX) {
    this.userAgent = userAgent;
  }

  headers(session: Headers = {}): Headers {
    const own = [...this.cookies].map(([name, value]) => `${name}=${value}`);
    const cookie = [...own, session["cookie"] ?? []].flat().join("; ");
    return { "user-agent": this.userAgent, ...(cookie !== "" && { cookie }) };
  }

  take(reply: Reply): void {
    const set = [reply.headers["set-cookie"] ?? []].flat() as string[];
    for (const line of set) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split("=");
      if (name === "sallyport_device") this.cookies.set(name, value);
    }
  }
}

/** Signs in wholly from a half-open session, in a browser. */
async function arrive(
  person: EnrolledPerson,
  browser: Browser,
  from = "192.0.2.10",
): Promise<Reply> {
  h.clock.advance(60_000);
  const half = await addSession(h, person.accountId, { level: "needs-second-factor" });
  const reply = await h.call("POST", "/v1/sign-in/totp", {
    as: browser.headers(half.headers),
    body: { code: totpCode(person.secret, h.clock.now()) },
    from,
  });
  expect(reply.status).toBe(200);
  browser.take(reply);
  return reply;
}

const noticesOf = async ({ email }: Pick<Person, "email">) =>
  (await h.mails()).filter(({ kind, to }) => kind === "sign-in-noticed" && to === email);

const notMe = (token: string, as: Headers = {}) =>
  h.call("POST", "/v1/sign-in-notices/not-me", { body: { token }, as });

const sessionIn = (reply: Reply): Headers => {
  const set = [reply.headers["set-cookie"] ?? []].flat() as string[];
  return { cookie: set.find((line) => line.startsWith("sallyport_session="))?.split(";")[0] ?? "" };
};

describe("a new device or network", () => {
  test("the same browser, signing in each day for a month, is told once; with its cookies cleared once more", async () => {
    const person = await addEnrolledPerson(h);
    const browser = new Browser();
    for (let day = 0; day < 30; day += 1) {
      await arrive(person, browser, `192.0.2.${10 + day}`);
      if (day === 15) browser.userAgent = NEWER_FIREFOX;
      h.clock.advance(DAY_MS);
    }
    expect(await noticesOf(person)).toHaveLength(1);
    browser.cookies.clear();
    await arrive(person, browser);
    await arrive(person, browser);
    expect(await noticesOf(person)).toHaveLength(2);
  });

  test("its mail says which browser, from where, when by the reader's clock, and how to say that it was not them", async () => {
    const person = await addEnrolledPerson(h);
    await h.db
      .updateTable("account")
      .set({ time_zone: "Asia/Tokyo", language: "nl" })
      .where("id", "=", person.accountId)
      .execute();
    await arrive(person, new Browser());
    const [mail] = await noticesOf(person);
    expect(mail?.text).toContain("Firefox op Linux");
    expect(mail?.text).toContain("192.0.2.10");
    const tokyo = new Intl.DateTimeFormat("nl", { timeZone: "Asia/Tokyo", timeStyle: "short" });
    expect(mail?.text).toContain(tokyo.format(h.clock.now()));
    expect(mail?.text).toContain("/not-me?token=");
  });

  test("a known browser in a new network is told, and in one of the same /24 or /48 it is not", async () => {
    const person = await addEnrolledPerson(h);
    const browser = new Browser();
    const count = async (from: string) => {
      await arrive(person, browser, from);
      return (await noticesOf(person)).length;
    };
    expect(await count("192.0.2.1")).toBe(1);
    expect(await count("192.0.2.254")).toBe(1);
    expect(await count("198.51.100.1")).toBe(2);
    expect(await count("2001:db8:1:2::1")).toBe(3);
    expect(await count("2001:db8:1:ffff::1")).toBe(3);
    expect(await count("2001:db8:2::1")).toBe(4);
    const [, network] = await noticesOf(person);
    expect(network?.text).toContain("from a network that is not known yet");
  });

  test("T9 a cookie that turns up in another browser, under another account, or made up, is not known", async () => {
    const person = await addEnrolledPerson(h);
    const browser = new Browser();
    await arrive(person, browser);
    browser.userAgent = CHROME;
    await arrive(person, browser);
    expect(await noticesOf(person)).toHaveLength(2);
    const other = await addEnrolledPerson(h);
    await arrive(other, browser);
    expect(await noticesOf(other)).toHaveLength(1);
    for (const made of ["x".repeat(43), "short", `${"x".repeat(43)}y`, ""]) {
      const forged = new Browser();
      forged.cookies.set("sallyport_device", made);
      await arrive(person, forged);
    }
    expect(await noticesOf(person)).toHaveLength(6);
  });

  test("T9 a known browser gives its second factor all the same, and its cookie opens nothing", async () => {
    const person = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
    const browser = new Browser();
    await arrive(person, browser);
    const reply = await h.call("POST", "/v1/sign-in", {
      as: browser.headers(),
      body: { email: person.email, password: GOOD_PASSWORD },
    });
    expect(reply.body.session.level).toBe("needs-second-factor");
    expect((await h.call("GET", "/v1/account", { as: browser.headers() })).status).toBe(401);
  });

  test("T9 not seen for longer than browsers keep a cookie, it is new, before anything was swept", async () => {
    const person = await addEnrolledPerson(h);
    const browser = new Browser();
    await arrive(person, browser);
    h.clock.advance(401 * DAY_MS);
    await arrive(person, browser);
    expect(await noticesOf(person)).toHaveLength(2);
  });

  test("the browser that an account was made in is not told; after enrolling again it is like any other", async () => {
    const email = newEmail();
    const browser = new Browser();
    const password = GOOD_PASSWORD;
    const body = { email, password, displayName: "Ada Example" };
    await h.call("POST", "/v1/accounts", { body });
    const token = await linkToken(h, email);
    const made = await h.call("POST", "/v1/accounts/verify", { body: { token, password } });
    const as = browser.headers(sessionIn(made));
    const begun = await h.call("POST", "/v1/second-factors/totp", { as, body: {} });
    const code = totpCode(begun.body.secret, h.clock.now());
    const enrolled = await h.call("POST", "/v1/second-factors/totp/confirm", {
      as,
      body: { code },
    });
    browser.take(enrolled);
    expect([enrolled.status, browser.cookies.size]).toEqual([200, 1]);
    expect(await noticesOf({ email })).toHaveLength(0);
    const again = browser.headers(sessionIn(enrolled));
    const lost = await h.call("POST", "/v1/second-factors/totp/lost", { as: again, body: {} });
    const stranger = new Browser();
    const there = stranger.headers(sessionIn(lost));
    const anew = await h.call("POST", "/v1/second-factors/totp", { as: there, body: {} });
    await h.call("POST", "/v1/second-factors/totp/confirm", {
      as: there,
      body: { code: totpCode(anew.body.secret, h.clock.now()) },
    });
    expect(await noticesOf({ email })).toHaveLength(1);
  });

  test("signing out everywhere else, or saying that a session was not theirs, makes every browser new", async () => {
    const person = await addEnrolledPerson(h);
    const browser = new Browser();
    await arrive(person, browser);
    const other = await addSession(h, person.accountId);
    const as = person.headers;
    expect((await h.call("DELETE", "/v1/sessions", { as })).body).toEqual({ ended: 2 });
    expect((await h.call("GET", "/v1/account", { as: other.headers })).status).toBe(401);
    expect((await h.call("GET", "/v1/account", { as })).status).toBe(200);
    await arrive(person, browser);
    expect(await noticesOf(person)).toHaveLength(2);
    const stolen = await addSession(h, person.accountId);
    const path = `/v1/sessions/${stolen.sessionId}`;
    const mine = await addSession(h, person.accountId);
    await h.call("DELETE", path, { as: mine.headers, body: { reason: "not-me" } });
    await arrive(person, browser);
    expect(await noticesOf(person)).toHaveLength(3);
  });

  test("signing out everywhere else asks for step-up", async () => {
    const person = await addEnrolledPerson(h, { isSteppedUp: false });
    const reply = await h.call("DELETE", "/v1/sessions", { as: person.headers });
    expect([reply.status, reply.body.code]).toEqual([403, "step-up-required"]);
  });

  test("an account keeps a bounded number of browsers and networks", async () => {
    const person = await addEnrolledPerson(h);
    const first = new Browser();
    await arrive(person, first);
    const { accountId } = person;
    const now = h.clock.now();
    await h.db
      .insertInto("known_device")
      .values(
        Array.from({ length: 60 }, (_, n) => ({
          account_id: accountId,
          token_hash: Buffer.alloc(32, n),
          browser: "Firefox",
          created_at: now,
          last_used_at: new Date(now.getTime() + n),
        })),
      )
      .execute();
    await h.db
      .insertInto("known_network")
      .values(
        Array.from({ length: 120 }, (_, n) => ({
          account_id: accountId,
          network: `198.51.${n}.0/24`,
          created_at: now,
          last_used_at: new Date(now.getTime() + n),
        })),
      )
      .execute();
    for (let n = 0; n < 3; n += 1) await arrive(person, new Browser());
    const count = async (table: "known_device" | "known_network") =>
      (
        await h.db
          .selectFrom(table)
          .select("account_id")
          .where("account_id", "=", accountId)
          .execute()
      ).length;
    expect([await count("known_device"), await count("known_network")]).toEqual([50, 100]);
  });
});

describe("This wasn't me", () => {
  test("ends every session, forces a new password, makes every browser new and opens a report; the link is good once", async () => {
    const person = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
    const stranger = new Browser(CHROME);
    const theirs = await arrive(person, stranger, "203.0.113.9");
    const token = await linkToken(h, person.email);
    expect((await notMe(token)).status).toBe(204);
    for (const as of [person.headers, sessionIn(theirs)])
      expect((await h.call("GET", "/v1/account", { as })).status).toBe(401);
    const again = await notMe(token);
    expect([again.status, again.body.code]).toEqual([410, "dead-link"]);

    const whole = await arrive(person, stranger, "203.0.113.9");
    expect(whole.body.session.level).toBe("needs-new-password");
    expect(await noticesOf(person)).toHaveLength(2);
    const as = sessionIn(whole);
    const current = await h.call("GET", "/v1/sessions/current", { as });
    expect(current.body.session.newPassword.policy.due).toMatchObject({ source: null });
    const body = { newPassword: `${GOOD_PASSWORD} anew` };
    const chosen = await h.call("POST", "/v1/account/password", { as, body });
    expect(chosen.status).toBe(204);
    expect((await h.call("GET", "/v1/account", { as: sessionIn(chosen) })).status).toBe(200);

    const operator = await addOperator(h);
    const reports = async () =>
      (await h.call("GET", "/v1/operator/stranger-reports", { as: operator.headers })).body;
    const ofPerson = (list: { account: { id: string } }[]) =>
      list.find(({ account }) => account.id === person.accountId) as unknown as {
        id: string;
        closedAt: string | null;
      };
    const { reports: before, open } = await reports();
    expect(ofPerson(before)).toMatchObject({
      device: "Chrome on Linux",
      address: "203.0.113.9",
      endedSessions: 2,
      closedAt: null,
    });
    const path = `/v1/operator/stranger-reports/${ofPerson(before).id}/close`;
    const close = () => h.call("POST", path, { as: operator.headers, body: {} });
    expect([(await close()).status, (await close()).status]).toEqual([204, 404]);
    const { reports: after, open: left } = await reports();
    expect([ofPerson(after).closedAt, left]).toEqual([expect.any(String), open - 1]);
  });

  test("T13 is refused once the link has ended, before it was swept, and GET changes nothing", async () => {
    const person = await addEnrolledPerson(h);
    await arrive(person, new Browser());
    const token = await linkToken(h, person.email);
    expect((await h.call("GET", `/v1/sign-in-notices/not-me?token=${token}`)).status).toBe(404);
    h.clock.advance(7 * DAY_MS + 1000);
    expect((await notMe(token)).status).toBe(410);
    await removeEnded(h.db, h.clock.now());
    expect((await notMe(token)).status).toBe(410);
  });

  test("T11 of a hundred at once one is done", async () => {
    const person = await addEnrolledPerson(h);
    await arrive(person, new Browser());
    const token = await linkToken(h, person.email);
    const replies = await Promise.all(Array.from({ length: 100 }, () => notMe(token)));
    const done = replies.filter(({ status }) => status === 204);
    expect([done.length, new Set(replies.map(({ status }) => status))]).toEqual([
      1,
      new Set([204, 410]),
    ]);
    const reports = await h.db
      .selectFrom("stranger_report")
      .select("id")
      .where("account_id", "=", person.accountId)
      .execute();
    expect(reports).toHaveLength(1);
  });

  test("a sign-in that was under way is ended, or can only choose a password: none goes on whole", async () => {
    const person = await addEnrolledPerson(h);
    await setPassword(h, person.accountId, GOOD_PASSWORD);
    await arrive(person, new Browser());
    const token = await linkToken(h, person.email);
    const halves = await Promise.all(
      Array.from({ length: 8 }, () =>
        addSession(h, person.accountId, { level: "needs-second-factor" }),
      ),
    );
    const [, ...replies] = await Promise.all([
      notMe(token),
      ...halves.map(({ headers }, n) =>
        h.call("POST", "/v1/sign-in/recovery-code", {
          as: headers,
          body: { code: person.recoveryCodes[n] },
        }),
      ),
    ]);
    for (const reply of replies) {
      const as = sessionIn(reply);
      const { status } = await h.call("GET", "/v1/account", { as });
      expect([401, 403]).toContain(status);
    }
  });
});
