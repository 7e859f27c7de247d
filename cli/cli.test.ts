import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addPerson } from "../test/builders/people.ts";
import { startHarness, type Harness } from "../test/harness.ts";
import { externalEnv } from "../test/support/external-env.ts";
import { runToEnd } from "../test/support/run-to-end.ts";

let h: Harness;
let env: Record<string, string>;
beforeAll(async () => {
  h = await startHarness();
  env = externalEnv(h.database);
});
afterAll(() => h.stop());

const sallyport = (...args: string[]) => runToEnd(env, ["cli/main.ts", ...args]);

test("config-check says what the settings mean, without a secret", async () => {
  const { code, output } = await sallyport("config-check", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(output)).toEqual({
    publicUrl: "http://localhost:7700",
    listens: "127.0.0.1:7700",
    database: "external",
    mail: "sandbox",
    roles: ["web", "worker", "sequencer"],
    set: [
      "SALLYPORT_DATABASE_URL",
      "SALLYPORT_MIGRATION_DATABASE_URL",
      "SALLYPORT_SECRET_KEY",
      "SALLYPORT_LOG_KEY_FILE",
      "SALLYPORT_ANCHOR",
    ],
  });
});

test("config-check lists every fault and ends with 78", async () => {
  const { code, output, errors } = await runToEnd(
    { SALLYPORT_PORT: "x", SALLYPORT_ROLES: "cook" },
    ["cli/main.ts", "config-check"],
  );
  expect([code, output]).toEqual([78, ""]);
  expect(errors).toContain("SALLYPORT_PORT:");
  expect(errors).toContain("SALLYPORT_ROLES:");
});

test("migrate can run again and again", async () => {
  for (let round = 0; round < 2; round++) {
    const { code, output } = await sallyport("migrate");
    expect([code, output]).toEqual([0, "The database is at this release.\n"]);
  }
});

test("operator add makes an operator, on record, and only once", async () => {
  const person = await addPerson(h);
  const added = await sallyport("operator", "add", "--email", person.email, "--json");
  expect(added).toEqual({ code: 0, output: `{"email":"${person.email}"}\n`, errors: "" });
  const isOperator = await h.db
    .selectFrom("account")
    .select("is_operator")
    .where("id", "=", person.accountId)
    .executeTakeFirst();
  expect(isOperator).toEqual({ is_operator: true });
  const entries = (await h.entries()).filter(({ action }) => action === "operator.added");
  expect(entries).toMatchObject([
    { outcome: "done", actor: { kind: "system" }, targets: [{ id: person.accountId }] },
  ]);
  const again = await sallyport("operator", "add", "--email", person.email);
  expect([again.code, again.errors]).toEqual([1, "This account is an operator already.\n"]);
});

test.each([
  ["nobody@example.test", "No enabled account has proven this address"],
  ["not an address", "/email Write an e-mail address such as name@example.org"],
])("operator add --email %s is refused in words", async (email, words) => {
  const { code, errors } = await sallyport("operator", "add", "--email", email);
  expect(code).toBe(1);
  expect(errors).toContain(words);
});

test("another secret key changes nothing", async () => {
  const other = { ...env, SALLYPORT_SECRET_KEY: randomBytes(32).toString("base64") };
  const { code, errors } = await runToEnd(other, [
    "cli/main.ts",
    "operator",
    "add",
    "--email",
    "robin@example.test",
  ]);
  expect(code).toBe(78);
  expect(errors).toContain("not the one this database was made with");
});

test("a command on a database of another release says what to type first", async () => {
  const { code, errors } = await runToEnd(
    { ...env, SALLYPORT_DATABASE_URL: emptyDatabaseOf(h.database.runtimeUrl) },
    ["cli/main.ts", "operator", "add", "--email", "robin@example.test"],
  );
  expect(code).toBe(78);
  expect(errors).toContain("sallyport migrate");
});

/** Every server has it, and nothing of ours is in it. */
function emptyDatabaseOf(url: string): string {
  const empty = new URL(url);
  empty.pathname = "/template1";
  return empty.href;
}

test("what is no command ends with 1 and says so", async () => {
  const { code, errors } = await sallyport("open-sesame");
  expect(code).toBe(1);
  expect(errors).toContain("unknown command");
});
