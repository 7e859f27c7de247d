import PostalMime from "postal-mime";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startHarness, type Harness } from "../../../test/harness.ts";
import {
  startMailServer,
  type MailServer,
  type Verdict,
} from "../../../test/support/mail-server.ts";
import { waitFor } from "../../../test/support/sallyport-process.ts";
import { seal } from "../crypto/seal.ts";
import { enqueue } from "../jobs/enqueue.ts";
import { failedJobs, queueState } from "../jobs/queue-state.ts";
import { startWorker, type RunningWorker } from "../jobs/start-worker.ts";
import { isPlainAddress } from "./plain-address.ts";
import { MAIL_SEAL, queueRendered } from "./queue-mail.ts";
import { sendMailJob } from "./send-mail.job.ts";

let server: MailServer;
let h: Harness;
let worker: RunningWorker;
let mail: ReturnType<typeof sendMailJob>;
beforeAll(async () => {
  server = await startMailServer();
  h = await startHarness({
    env: {
      SALLYPORT_SMTP_URL: server.url,
      SALLYPORT_MAIL_FROM: "Example Accounts <accounts@example.test>",
    },
  });
  mail = sendMailJob(h.services.config);
  worker = await startWorker({
    ownerUrl: h.database.ownerUrl,
    processId: "01890000-0000-7000-8000-000000000002",
    jobs: [mail.job],
    services: h.services,
  });
});
afterAll(async () => {
  await worker.stop();
  await mail.close();
  await h.stop();
  await server.stop();
});
beforeEach(() => {
  server.received.length = 0;
  server.attempts.length = 0;
});
afterEach(() => {
  expect(server.verdicts).toEqual([]);
});

async function send(subject: string, ...verdicts: Verdict[]): Promise<void> {
  server.verdicts.push(...verdicts);
  await h.db.transaction().execute((tx) =>
    queueRendered(tx, h.services, {
      to: "robin@example.test",
      kind: null,
      subject,
      text: "Hello Jürgen,\n\nhttp://localhost:7700/verify?token=token-of-the-link\n",
      html: '<a href="http://localhost:7700/verify?token=token-of-the-link">Jürgen</a>',
    }),
  );
}

const rows = () =>
  h.db.selectFrom("outgoing_mail").select(["id", "sealed", "sent_at"]).orderBy("id").execute();
const isDone = async () => {
  const { queued, running } = await queueState(h.db);
  return queued + running === 0;
};
const accepted = (count: number) =>
  waitFor(async () => server.received.length === count && (await isDone()));

const headersOf = async (raw: string) => {
  const parsed = await PostalMime.parse(raw);
  return { parsed, id: parsed.messageId, date: parsed.date };
};

test("a mail arrives whole, from the set sender, and its text is wiped once it was taken", async () => {
  await send("Grüße aus der Prüfung");
  await accepted(1);
  const [received] = server.received;
  expect(received).toMatchObject({ from: "accounts@example.test", to: ["robin@example.test"] });
  const { parsed } = await headersOf(received?.raw ?? "");
  expect(parsed).toMatchObject({
    subject: "Grüße aus der Prüfung",
    from: { name: "Example Accounts", address: "accounts@example.test" },
    to: [{ address: "robin@example.test" }],
    text: expect.stringContaining("http://localhost:7700/verify?token=token-of-the-link"),
    html: expect.stringContaining('href="http://localhost:7700/verify?token=token-of-the-link"'),
    messageId: expect.stringMatching(/^<[0-9a-f]{32}@example\.test>$/),
  });
  expect(parsed.headers.find(({ key }) => key === "auto-submitted")?.value).toBe("auto-generated");
  expect((await rows()).at(-1)).toMatchObject({ sealed: null, sent_at: expect.any(Date) });
});

test.each<[string, Verdict]>([
  ["has no room now (452 for the recipient)", { at: "recipient", code: 452 }],
  ["is busy (451 for the message)", { at: "message", code: 451 }],
  ["breaks the connection in the middle of the message", "hang-up"],
])("a server that %s gets the mail again", async (name, verdict) => {
  await send(name, verdict);
  await accepted(1);
  expect((await rows()).at(-1)?.sealed).toBeNull();
});

test("a repeated try carries the same Message-ID and Date, another mail another one", async () => {
  await send("again", { at: "message", code: 451 });
  await accepted(1);
  const [first, second] = await Promise.all(server.attempts.map(({ raw }) => headersOf(raw)));
  expect(second?.id).toBe(first?.id);
  expect(second?.date).toBe(first?.date);
  await send("other");
  await accepted(2);
  expect((await headersOf(server.received[1]?.raw ?? "")).id).not.toBe(first?.id);
});

describe("a server that refuses for good", () => {
  test.each<[string, Verdict]>([
    ["the recipient", { at: "recipient", code: 550 }],
    ["the message", { at: "message", code: 554 }],
  ])("%s: is not asked again, and the operator hears of it", async (name, verdict) => {
    const before = (await failedJobs(h.db)).length;
    await send(name, verdict);
    await waitFor(async () => (await failedJobs(h.db)).length === before + 1);
    expect(server.received).toEqual([]);
    expect((await failedJobs(h.db))[0]).toMatchObject({ name: "send-mail", attempts: 1 });
    expect((await rows()).at(-1)?.sealed).not.toBeNull();
  });
});

const failing = () => h.db.selectFrom("failing_address").select("code").execute();

test("an address that is refused is failing, a message is not its address's fault, and the next that arrives ends it", async () => {
  await send("clears what was before");
  await accepted(1);
  const before = (await failedJobs(h.db)).length;
  await send("the message", { at: "message", code: 554 });
  await waitFor(async () => (await failedJobs(h.db)).length === before + 1);
  expect(await failing()).toEqual([]);
  await send("the address", { at: "recipient", code: 550 });
  await waitFor(async () => (await failedJobs(h.db)).length === before + 2);
  expect(await failing()).toEqual([{ code: 550 }]);
  await send("taken again");
  await accepted(2);
  expect(await failing()).toEqual([]);
});

test("RFC 8058: a mail that can be switched off says where, by one POST; others say nothing of it", async () => {
  await send("mandatory");
  await accepted(1);
  await h.db.transaction().execute((tx) =>
    queueRendered(tx, h.services, {
      to: "robin@example.test",
      kind: "stream-behind",
      subject: "optional",
      text: "",
      html: "",
      unsubscribe: "x".repeat(180),
    }),
  );
  await accepted(2);
  const headers = await Promise.all(
    server.received.map(async ({ raw }) => {
      const { headers: all } = await PostalMime.parse(raw);
      return all.filter(({ key }) => key.startsWith("list-")).map(({ key, value }) => [key, value]);
    }),
  );
  expect(headers).toEqual([
    [],
    [
      ["list-unsubscribe", `<http://localhost:7700/v1/unsubscribe?token=${"x".repeat(180)}>`],
      ["list-unsubscribe-post", "List-Unsubscribe=One-Click"],
    ],
  ]);
});

test("a mail that was sent is not sent again when its job runs twice", async () => {
  await send("once");
  await accepted(1);
  const mailId = (await rows()).at(-1)?.id ?? "";
  await h.db.transaction().execute((tx) => enqueue(tx, "send-mail", { mailId }));
  await waitFor(isDone);
  expect(server.attempts).toHaveLength(1);
});

test("a recipient that is more than one plain address is never given to the server", async () => {
  const before = (await failedJobs(h.db)).length;
  const stored = { to: "robin@example.test, eve@example.test", subject: "", text: "", html: "" };
  await h.db.transaction().execute(async (tx) => {
    const { id } = await tx
      .insertInto("outgoing_mail")
      .values({ sealed: seal(h.services.keyRing, MAIL_SEAL, JSON.stringify(stored)) })
      .returning("id")
      .executeTakeFirstOrThrow();
    await enqueue(tx, "send-mail", { mailId: id });
  });
  await waitFor(async () => (await failedJobs(h.db)).length === before + 1);
  expect(server.attempts).toEqual([]);
});

test.each([
  ["robin@example.test", true],
  ["robin+tag@sub.example.test", true],
  ["jürgen@bücher.example.test", true],
  ["robin@localhost", true],
  ["robin", false],
  ["robin@", false],
  ["@example.test", false],
  ["a@b@example.test", false],
  ["a@example.test,b@example.test", false],
  ["a@example.test b@example.test", false],
  ["a@example.test\r\nBcc: b@example.test", false],
  ["Robin <a@example.test>", false],
  ['"a b"@example.test', false],
  ["a(comment)@example.test", false],
  ["group:a@example.test;", false],
  ["a@[192.0.2.1]", false],
  ["a@example..test", false],
  ["a@-example.test", false],
  [`${"a".repeat(65)}@example.test`, false],
  [`a@${"b".repeat(250)}.test`, false],
])("%s is one plain address: %s", (text, isPlain) => {
  expect(isPlainAddress(text)).toBe(isPlain);
});
