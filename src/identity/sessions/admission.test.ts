import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addPerson } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

/** Answer to anybody: there is no session yet. */
const OPEN = [
  "POST /v1/accounts",
  "POST /v1/accounts/verify",
  "POST /v1/sign-in",
  "POST /v1/passkeys/sign-in",
  "POST /v1/sign-in-notices/not-me",
  // By the link of a mail, or to have one sent.
  "POST /v1/account/addresses/confirm",
  "POST /v1/account/addresses/undo",
  "POST /v1/password-resets",
  "POST /v1/password-resets/confirm",
  "POST /v1/recovery",
  "POST /v1/recovery/begin",
  "POST /v1/recovery/stop",
];
/** What it answers is of use to a passkey's holder alone. */
const CHALLENGE = "POST /v1/passkeys/sign-in/options";
const ALWAYS = ["POST /v1/sign-out", "GET /v1/sessions/current"];
const ENROLMENT = ["POST /v1/second-factors/totp", "POST /v1/second-factors/totp/confirm"];
/** Reporting a loss answers here too, once a recovery code is given; without one it is locked like the others. */
const VERIFICATION = [
  "POST /v1/sign-in/totp",
  "POST /v1/sign-in/recovery-code",
  "POST /v1/sign-in/passkey/options",
  "POST /v1/sign-in/passkey",
];

const NEW_PASSWORD = ["POST /v1/account/password"];

/** Every route of this wing, as the API describes itself. */
async function routes(): Promise<{ name: string; method: string; url: string }[]> {
  const description = await h.call("GET", "/openapi.json");
  const described = Object.entries<Record<string, { tags?: string[] }>>(description.body.paths);
  return described.flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags }]) => tags?.includes("identity"))
      .map(([verb]) => ({
        name: `${verb.toUpperCase()} ${path}`,
        method: verb.toUpperCase(),
        url: path.replaceAll(/\{\w+\}/g, "01980000-0000-7000-8000-000000000000"),
      })),
  );
}

// T2: after the password, call every address with the half-open session.
test.each([
  { level: "needs-enrolment", code: "enrolment-required", answers: ENROLMENT },
  { level: "needs-second-factor", code: "second-factor-required", answers: VERIFICATION },
  { level: "needs-new-password", code: "new-password-required", answers: NEW_PASSWORD },
] as const)(
  "T2 at $level only its own routes answer, all others say $code",
  async ({ level, code, answers }) => {
    const open = [...OPEN, CHALLENGE, ...ALWAYS, ...answers];
    expect((await routes()).length).toBeGreaterThanOrEqual(17);
    for (const { name, method, url } of await routes()) {
      const { headers } = await addPerson(h, { level });
      const isGet = method === "GET";
      const reply = await h.call(method, url, { as: headers, ...(!isGet && { body: {} }) });
      expect([name, reply.body?.code === code]).toEqual([name, !open.includes(name)]);
    }
  },
);

test("T19 a stranger gets 401 from all but the routes that begin something", async () => {
  for (const { name, method, url } of await routes()) {
    if (name === CHALLENGE) continue;
    const reply = await h.call(method, url, method === "GET" ? {} : { body: {} });
    expect([name, reply.status]).toEqual([name, OPEN.includes(name) ? 400 : 401]);
  }
});

test("at full a sign-in can't be finished a second time", async () => {
  const { headers } = await addPerson(h);
  for (const path of ["totp", "recovery-code"]) {
    const reply = await h.call("POST", `/v1/sign-in/${path}`, { body: { code: "1" }, as: headers });
    expect([reply.status, reply.body.code]).toEqual([403, "forbidden"]);
  }
});

// T5: a new path that signs somebody in must pass the one gate, or this list must be changed on purpose.
test("T5 sessions are made in one place, never full, and become full in one, which five call", async () => {
  const root = join(import.meta.dirname, "../..");
  const files = (await readdir(root, { recursive: true })).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
  );
  const found = async (pattern: RegExp) => {
    const hits = await Promise.all(
      files.map(async (file) => {
        const count = (await readFile(join(root, file), "utf8")).match(pattern)?.length ?? 0;
        return Array<string>(count).fill(file);
      }),
    );
    return hits.flat().toSorted();
  };
  const writers = await found(
    /(?:insertInto|updateTable)\("session"\)|(?:insert into|update) session\b/g,
  );
  expect(new Set(writers)).toEqual(new Set(["identity/sessions/session-queries.ts"]));
  expect(await found(/\b(?:insertSession|moveSession)\(/g)).toEqual([
    "identity/sessions/open-session.ts",
    "identity/sessions/open-session.ts",
    "identity/sessions/session-queries.ts",
    "identity/sessions/session-queries.ts",
  ]);
  expect(await found(/changeLevel\(tx, ctx, (?!"needs-enrolment")/g)).toEqual([
    "identity/sessions/open-session.ts",
  ]);
  expect(await found(/\bfinishSignIn\(tx, /g)).toEqual([
    "identity/passkeys/pass-with-passkey.ts",
    "identity/passkeys/sign-in-with-passkey.ts",
    "identity/second-factors/confirm-enrolment.ts",
    "identity/second-factors/pass-second-factor.ts",
    "identity/second-factors/pass-second-factor.ts",
  ]);
});
