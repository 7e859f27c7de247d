import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { queueRendered } from "./queue-mail.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.stop());

/** A GET as a browser on this machine sends it, but for what is given. */
const get = (url: string, headers: Record<string, string> = {}, remoteAddress = "127.0.0.1") =>
  h.app.inject({ url, headers: { host: "localhost:7700", ...headers }, remoteAddress });

async function mail(subject: string): Promise<void> {
  await h.db.transaction().execute((tx) =>
    queueRendered(tx, h.services, {
      to: "robin@example.test",
      kind: null,
      subject,
      text: "<b>Hello</b> & welcome\n\nConfirm:\nhttp://localhost:7700/verify?token=secret-of-the-link\n",
      html: "<p>&lt;b&gt;Hello</p>",
    }),
  );
}

describe("without a mail server, at this machine", () => {
  test("the page says so while there is none", async () => {
    const reply = await get("/sandbox/mail");
    expect(reply.statusCode).toBe(200);
    expect(reply.body).toContain("No mail yet");
  });

  test("mails can be read, oldest first, with their links whole", async () => {
    await mail("First");
    await mail("Second");
    const { mails } = (await get("/sandbox/mail.json")).json();
    expect(mails.map((one: { subject: string }) => one.subject)).toEqual(["First", "Second"]);
    expect(mails[0]).toEqual({
      to: "robin@example.test",
      kind: null,
      subject: "First",
      text: expect.stringContaining("http://localhost:7700/verify?token=secret-of-the-link"),
      html: expect.stringContaining("&lt;b&gt;Hello"),
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
  });

  test("the page shows them, newest first, as text that runs nothing", async () => {
    const reply = await get("/sandbox/mail");
    expect(reply.body.indexOf("Second")).toBeLessThan(reply.body.indexOf("First"));
    expect(reply.body).toContain("&lt;b&gt;Hello&lt;/b&gt; &amp; welcome");
    expect(reply.body).toContain(
      '<a href="http://localhost:7700/verify?token=secret-of-the-link">',
    );
    expect(reply.body).not.toContain("<script");
    const policy = String(reply.headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    // A browser takes no other style than the one with this hash, to the last space.
    const style = /<style>([^]*)<\/style>/.exec(reply.body)?.[1] ?? "";
    expect(policy).toContain(
      `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
    );
    expect(policy).not.toContain("unsafe");
  });

  test("the page speaks the reader's language, as far as we do", async () => {
    const dutch = await get("/sandbox/mail", { "accept-language": "fr, nl-BE;q=0.8, en;q=0.5" });
    expect(dutch.body).toContain('<html lang="nl">');
    expect(dutch.body).toContain("Aan robin@example.test");
    expect(dutch.body).not.toContain("{{");
    expect(dutch.headers["vary"]).toContain("accept-language");
    const other = await get("/sandbox/mail", { "accept-language": "fr" });
    expect(other.body).toContain('<html lang="en">');
  });

  test("reading them is no entry", async () => {
    expect(await h.entries()).toEqual([]);
  });
});

const PATHS = ["/sandbox/mail", "/sandbox/mail.json", "/metrics"];

describe.each(PATHS)("%s is for this machine alone", (path) => {
  test.each(["localhost", "LOCALHOST:7700", "127.0.0.1:9", "127.8.9.1", "[::1]:7700", "[::1]"])(
    "any name of it will do as Host: %s",
    async (host) => expect((await get(path, { host })).statusCode).toBe(200),
  );

  test.each(["127.0.0.1", "127.3.3.3", "::1", "::ffff:127.0.0.1"])("peer %s is it", async (peer) =>
    expect((await get(path, {}, peer)).statusCode).toBe(200),
  );

  test.each(["10.0.0.1", "192.0.2.7", "::ffff:10.0.0.1", "fe80::1", "1.127.0.0.1"])(
    "peer %s is not",
    async (peer) => expect((await get(path, {}, peer)).statusCode).toBe(404),
  );

  test.each([
    "attacker.example.test",
    "localhost.example.test",
    "127.0.0.1.example.test",
    "localhost:7700@example.test",
    "[::1].example.test",
    "0.0.0.0",
  ])(
    "a page of another site that reaches us under its own name (%s) reads nothing",
    async (host) => {
      expect((await get(path, { host })).statusCode).toBe(404);
    },
  );

  test.each([
    "X-Forwarded-For",
    "Forwarded",
    "X-Forwarded-Proto",
    "X-Real-IP",
    "Via",
    "CF-Connecting-IP",
  ])("%s says that somebody else is asking", async (name) =>
    expect((await get(path, { [name]: "127.0.0.1" })).statusCode).toBe(404),
  );
});

test("with a mail server, or a public address, there is no sandbox", async () => {
  const env = { SALLYPORT_SMTP_URL: "smtp://127.0.0.1:1" };
  const here = await startHarness({ env, beside: h });
  const there = await startHarness({
    env: { ...env, SALLYPORT_PUBLIC_URL: "https://account.example.test" },
    beside: h,
  });
  try {
    for (const url of PATHS.slice(0, 2))
      for (const { app } of [here, there])
        expect((await app.inject({ url, headers: { host: "localhost" } })).statusCode).toBe(404);
    const metrics = await there.app.inject({ url: "/metrics", headers: { host: "localhost" } });
    expect(metrics.statusCode).toBe(404);
  } finally {
    await here.stop();
    await there.stop();
  }
});
