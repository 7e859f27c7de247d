import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { entriesOf } from "../../../test/builders/access.ts";
import { addEnrolledPerson } from "../../../test/builders/identity.ts";
import { addOperator } from "../../../test/builders/operator.ts";
import { addPerson, addSession, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { mailKinds, type MailKind } from "../../contract/mails.ts";
import { languages } from "../../contract/languages.ts";
import type { MailText } from "../../contract/platform/mail-texts.ts";

let h: Harness;
let operator: Person;
beforeAll(async () => {
  h = await startHarness();
});
beforeEach(async () => {
  operator = await addOperator(h);
});
afterAll(() => h.stop());

const BASE = "/v1/operator/mail-texts";
const DEFAULTS = { subject: null, intro: null, closing: null };

const list = async (): Promise<MailText[]> =>
  (await h.call("GET", BASE, { as: operator.headers })).body.texts;

const textOf = async (kind: MailKind, language = "en") => {
  const found = (await list()).find((text) => text.kind === kind && text.language === language);
  if (found === undefined) throw new Error("every mail is listed");
  return found;
};

async function put(kind: MailKind, sent: object, { language = "en", as = operator.headers } = {}) {
  const { version } = await textOf(kind, language);
  return await h.call("PUT", `${BASE}/${kind}/${language}`, {
    as,
    body: { ...DEFAULTS, version, ...sent },
  });
}

/** A mail of ours about new recovery codes, to somebody new. */
async function lastMail(language = "en") {
  const person = await addEnrolledPerson(h);
  await h.call("PATCH", "/v1/account", { as: person.headers, body: { language } });
  await h.call("POST", "/v1/recovery-codes", { as: person.headers, body: {} });
  return (await h.mails()).findLast(({ to }) => to === person.email);
}

const KIND = "recovery-codes-replaced";

describe("the words of a mail", () => {
  test("are listed for every mail and language, with what may stand in them", async () => {
    const texts = await list();
    expect(texts).toHaveLength(Object.keys(mailKinds).length * languages.length);
    expect(texts.find((text) => text.kind === "key-created")).toMatchObject({
      ...DEFAULTS,
      version: 0,
      defaults: { subject: expect.stringContaining("{{app}}"), intro: "Hello {{name}}," },
      placeholders: expect.arrayContaining(["product", "name", "app", "key"]),
      needs: ["app"],
    });
  });

  test("hold from the next mail on, in their language alone, on record before and after", async () => {
    const sent = {
      subject: "{{product}}: new codes for {{name}}",
      intro: "Dear {{name}},\n\nthis is <b>important</b>.",
      closing: "Yours,\nthe team",
    };
    const reply = await put(KIND, sent);
    expect([reply.status, reply.body]).toMatchObject([200, { ...sent, version: 1 }]);
    const mail = await lastMail();
    expect(mail?.subject).toBe("Your account: new codes for Robin Example");
    expect(mail?.text).toMatch(/^Dear Robin Example,\n\nthis is <b>important<\/b>\.\n\n/);
    expect(mail?.html).toContain("this is &lt;b&gt;important&lt;/b&gt;.");
    expect(mail?.html).toContain("Yours,<br>the team");
    expect((await lastMail("nl"))?.subject).toBe("Je hebt nieuwe herstelcodes");
    expect((await entriesOf(h, "mail-text.changed")).at(-1)).toMatchObject({
      targets: [{ type: "mail-text", id: `${KIND}/en` }],
      change: { before: DEFAULTS, after: sent },
    });
    expect((await put(KIND, DEFAULTS)).body).toMatchObject({ ...DEFAULTS, version: 2 });
    expect((await lastMail())?.subject).toBe("You have new recovery codes");
  });

  // The attack: whoever took over an operator's account rewrites the alarm, so that nobody takes it for one.
  test("cannot take away what happened, when and from where, nor what to do about it", async () => {
    await put(KIND, { subject: "Hi", intro: "", closing: "Nothing to see here." });
    const mail = await lastMail();
    for (const text of [mail?.text, mail?.html]) {
      expect(text).toContain("A new set of recovery codes was made");
      expect(text).toMatch(/When/);
      expect(text).toContain("127.0.0.1");
      expect(text).toContain("If it was not you");
    }
    await put(KIND, DEFAULTS);
  });

  test("hold on every process at once", async () => {
    const other = await startHarness({ beside: h });
    try {
      await put(KIND, { subject: "From one process" });
      const person = await addEnrolledPerson(other);
      await other.call("POST", "/v1/recovery-codes", { as: person.headers, body: {} });
      expect((await other.mails()).findLast(({ to }) => to === person.email)?.subject).toBe(
        "From one process",
      );
    } finally {
      await other.stop();
      await put(KIND, DEFAULTS);
    }
  });

  test("a name with braces stays a name", async () => {
    await put(KIND, { intro: "{{name}}" });
    const person = await addEnrolledPerson(h);
    await h.call("PATCH", "/v1/account", {
      as: person.headers,
      body: { displayName: "{{product}}" },
    });
    await h.call("POST", "/v1/recovery-codes", { as: person.headers, body: {} });
    const mail = (await h.mails()).findLast(({ to }) => to === person.email);
    expect(mail?.text).toMatch(/^\{\{product\}\}\n/);
    await put(KIND, DEFAULTS);
  });

  test.each([
    ["key-created", { subject: "Key" }, "/subject", "placeholder-missing", "{{app}}"],
    ["key-created", { subject: "{{ap}} {{app}}" }, "/subject", "placeholder-unknown", "{{ap}}"],
    ["key-created", { intro: "{{ name }}" }, "/intro", "placeholder-unknown", "{{ name }}"],
    ["key-created", { closing: "{{name}" }, "/closing", "placeholder-open", undefined],
    ["invitation", { intro: "{{link}}" }, "/intro", "placeholder-link", undefined],
    ["invitation", { intro: "{{role}}" }, "/intro", "placeholder-unknown", "{{role}}"],
    ["confirm-address", { intro: "Hi {{name}}" }, "/intro", "placeholder-unknown", "{{name}}"],
    ["key-created", { subject: "" }, "/subject", "empty", undefined],
    ["key-created", { subject: "  " }, "/subject", "empty", undefined],
    ["key-created", { subject: "{{app}}\nBcc: x" }, "/subject", "plain-line", undefined],
    ["key-created", { intro: "a\u202Eb" }, "/intro", "plain-text", undefined],
    ["key-created", { intro: "x".repeat(2_001) }, "/intro", "too-long", undefined],
  ] as const)("of %s are refused: %j", async (...row) => {
    const [kind, sent, pointer, code, placeholder] = row;
    const reply = await put(kind, sent);
    expect(reply.status).toBe(400);
    const [error] = reply.body.errors;
    expect(error).toMatchObject({ pointer, code });
    if (placeholder !== undefined) expect(error.params.placeholder).toBe(placeholder);
    expect(await textOf(kind)).toMatchObject({ ...DEFAULTS, version: 0 });
  });

  test("of two changes at once, first ones and later ones, one wins", async () => {
    const change = (version: number) =>
      h.call("PUT", `${BASE}/operator-made/nl`, {
        as: operator.headers,
        body: { ...DEFAULTS, closing: `v${version}`, version },
      });
    for (const version of [0, 1]) {
      const replies = await Promise.all(Array.from({ length: 10 }, () => change(version)));
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
      const others = replies.filter(({ status }) => status !== 200).map(({ body }) => body);
      expect(new Set(others.map(({ code, detailCode }) => `${code} ${detailCode}`))).toEqual(
        new Set(["conflict mail-text-changed-meanwhile"]),
      );
    }
  });
});

describe("trying words out", () => {
  const at = (what: string, kind = "invitation") => `${BASE}/${kind}/nl/${what}`;
  const body = { ...DEFAULTS, intro: "Welkom bij {{product}}." };

  test("a preview shows the mail whole, and changes nothing", async () => {
    const before = (await h.mails()).length;
    const reply = await h.call("POST", at("preview"), { as: operator.headers, body });
    expect([reply.status, reply.body]).toEqual([
      200,
      {
        subject: "Je uitnodiging voor Webshop",
        text: expect.stringContaining("Welkom bij Your account.".replace("Your", "Je")),
        html: expect.stringContaining("Uitnodiging aannemen"),
      },
    ]);
    expect((await h.mails()).length).toBe(before);
    expect(await textOf("invitation", "nl")).toMatchObject(DEFAULTS);
  });

  test("a test mail goes to whoever asks, marked as one, and its link opens nothing", async () => {
    const reply = await h.call("POST", at("test"), { as: operator.headers, body });
    expect(reply.status).toBe(204);
    const mail = (await h.mails()).at(-1);
    expect(mail).toMatchObject({
      to: operator.email,
      subject: "[Test] Je uitnodiging voor Webshop",
      text: expect.stringContaining("Welkom bij Je account."),
    });
    expect(mail?.text).not.toContain("token=");
    expect((await entriesOf(h, "operator.mail-text-tested")).at(-1)).toMatchObject({
      outcome: "done",
      targets: [{ type: "mail-text", id: "invitation/nl" }],
    });
  });

  test("not without end", async () => {
    const replies = [];
    for (let count = 0; count < 61; count += 1)
      replies.push(await h.call("POST", at("test"), { as: operator.headers, body }));
    expect(replies.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 60 }, () => 204),
      429,
    ]);
  });
});

describe("others", () => {
  test.each([
    ["GET", "", undefined],
    ["PUT", `/${KIND}/en`, { ...DEFAULTS, version: 0 }],
    ["POST", `/${KIND}/en/preview`, DEFAULTS],
    ["POST", `/${KIND}/en/test`, DEFAULTS],
  ])("than operators are told that there is no such thing: %s %s", async (method, path, body) => {
    const as = (await addPerson(h)).headers;
    const reply = await h.call(method, `${BASE}${path}`, { as, ...(body && { body }) });
    expect([reply.status, reply.body.code]).toEqual([404, "not-found"]);
  });

  test("an operator without a fresh factor changes nothing", async () => {
    const { headers } = await addSession(h, operator.accountId, { isSteppedUp: false });
    const reply = await put(KIND, { subject: "x" }, { as: headers });
    expect([reply.status, reply.body.code]).toEqual([403, "step-up-required"]);
  });

  test.each(["no-such-mail/en", `${KIND}/xx`])("there is no mail %s", async (path) => {
    const body = { ...DEFAULTS, version: 0 };
    const reply = await h.call("PUT", `${BASE}/${path}`, { as: operator.headers, body });
    expect(reply.status).toBe(400);
  });
});
