import Fastify, { LogController } from "fastify";
import { DatabaseError } from "pg";
import { expect, test } from "vitest";
import { createLogger } from "./create-logger.ts";

/** A logger and what it wrote. */
function recording(isPretty = false) {
  const lines: string[] = [];
  const log = createLogger({ isPretty, stream: { write: (line: string) => lines.push(line) } });
  return { log, text: () => lines.join(""), last: () => JSON.parse(lines.at(-1) ?? "{}") };
}

const SECRETS: Record<string, unknown> = {
  authorization: "Bearer opens-everything",
  cookie: "sallyport_session=opens-everything",
  "set-cookie": ["sallyport_session=opens-everything"],
  password: "opens-everything",
  code: "opens-everything",
  token: "opens-everything",
  secret: "opens-everything",
  secretKey: "opens-everything",
  secret_key: "opens-everything",
  key: "opens-everything",
  apiKey: "opens-everything",
  recoveryCodes: ["opens-everything"],
  credential: "opens-everything",
  otpauthUrl: "otpauth://totp/x?secret=opens-everything",
  email: "opens-everything",
  address: "opens-everything",
  remoteAddress: "opens-everything",
  body: { anything: "opens-everything" },
  query: "opens-everything",
};

test.each(Object.keys(SECRETS))("what stands under %s is hidden, however deep", (name) => {
  const { log, text } = recording();
  const given = { [name]: SECRETS[name] };
  log.info(given, "flat");
  log.info({ reply: { headers: [given] } }, "deep");
  log.error({ err: Object.assign(new Error("broken"), given) }, "in an error");
  log.error({ err: new Error("outer", { cause: Object.assign(new Error("x"), given) }) }, "cause");
  expect(text()).not.toContain("opens-everything");
});

test.each([
  ["a Bearer token", "sent Bearer abc.def-ghi"],
  ["an API key", "unknown key sally_key_0123456789_abcdefghij"],
  ["an address", "550 5.1.1 <robin@example.test>: no such user"],
  ["a token of ours", `no row for ${"aB3".repeat(14)}x`],
  ["a query", "GET /verify?token=abc was refused"],
  ["a password in a URL", "cannot reach postgres://u:abc@db.example.test/x"],
])("%s inside a message is hidden by its shape", (_name, message) => {
  const { log, text } = recording();
  log.error({ err: new Error(message) }, message);
  expect(text()).not.toMatch(/abc|abcdefghij|robin|aB3aB3/);
});

test("an error of PostgreSQL keeps its code and constraint and loses what was typed", () => {
  const { log, last, text } = recording();
  const error = new DatabaseError("duplicate key value", 0, "error");
  Object.assign(error, {
    code: "23505",
    constraint: "account_email_key",
    detail: "Key (email_key)=(robin) already exists.",
    parameters: ["robin"],
  });
  log.error({ err: error }, "not inserted");
  expect(last().err).toMatchObject({ code: "23505", constraint: "account_email_key" });
  expect(text()).not.toContain("robin");
});

test("a request is logged by method and pattern, never by its address or headers", async () => {
  const { log, last, text } = recording();
  const logController = new LogController({ disableRequestLogging: true });
  const app = Fastify({ loggerInstance: log, logController });
  app.get("/things/:id", async (request, reply) => {
    request.log.info({ req: request, res: reply }, "seen");
    return {};
  });
  await app.inject({
    url: "/things/robin?token=robin",
    headers: { authorization: "robin", "user-agent": "robin" },
  });
  await app.close();
  expect(last()).toMatchObject({
    req: { method: "GET", route: "/things/:id" },
    res: { status: 200 },
  });
  expect(text()).not.toContain("robin");
});

test("at a terminal a line is for people: time, level, message, facts, stack", () => {
  const { log, text } = recording(true);
  log.warn({ port: 7700, err: new Error("broken") }, "careful");
  expect(text()).toMatch(/^\d\d:\d\d:\d\d WARN {2}careful port=7700\n {2}Error: broken\n {6}at /);
});
