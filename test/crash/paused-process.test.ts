import { afterAll, beforeAll, expect, test } from "vitest";
import { externalEnv } from "../support/external-env.ts";
import { Browser } from "../support/person.ts";
import { startSallyportProcess, type SallyportProcess } from "../support/sallyport-process.ts";
import { cloneTemplate, type TestDatabase } from "../template-database.ts";

/*
 * Revocation is final over two processes on one database, one of them stopped (SIGSTOP) across the
 * revoke, so that it can hear of nothing: whatever is asked after the revoke returned is answered no.
 */

/** Of each way to end access. */
const ROUNDS = process.env["SALLYPORT_TEST_LONG"] === "1" ? 15 : 2;
/** Questions in each round: some wait in the paused process's sockets, some come when it runs again. */
const WAITING = 8;
const AFTERWARDS = 12;

let database: TestDatabase;
let first: SallyportProcess;
let second: SallyportProcess;
let owner: Browser;
let appId: string;
let gatewayKey: string;

beforeAll(async () => {
  database = await cloneTemplate();
  const env = externalEnv(database);
  first = await startSallyportProcess(env);
  second = await startSallyportProcess(env);
  owner = new Browser(first.url);
  await owner.signUp("owner@example.test", "Olive Owner");
  appId = (await owner.must("POST", "/v1/apps", { name: "Shop" })).id;
  const asker = await owner.must("POST", `/v1/apps/${appId}/service-accounts`, {
    name: "edge",
    role: "gateway",
  });
  gatewayKey = (await owner.must("POST", `/v1/service-accounts/${asker.id}/keys`, { name: "edge" }))
    .key;
}, 120_000);

afterAll(async () => {
  await second?.stop();
  await first?.stop();
  await database?.drop();
});

async function isAllowed(at: SallyportProcess, credential: string): Promise<boolean> {
  const reply = await fetch(`${at.url}/v1/decisions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${gatewayKey}` },
    body: JSON.stringify({ credential, action: "app:read", appId, address: "203.0.113.7" }),
  });
  expect(reply.status).toBe(200);
  const { allowed } = (await reply.json()) as { allowed: boolean };
  return allowed;
}

type BackEnd = { serviceAccountId: string; keyId: string; key: string };

async function addBackEnd(name: string): Promise<BackEnd> {
  const { id: serviceAccountId } = await owner.must("POST", `/v1/apps/${appId}/service-accounts`, {
    name,
    role: "editor",
  });
  const { id: keyId, key } = await owner.must(
    "POST",
    `/v1/service-accounts/${serviceAccountId}/keys`,
    { name },
  );
  return { serviceAccountId, keyId, key };
}

async function grantOf({ serviceAccountId }: BackEnd): Promise<string> {
  const { grants } = await owner.must("GET", `/v1/apps/${appId}/grants`);
  const isTheirs = ({ account }: { account: { id: string } }) => account.id === serviceAccountId;
  return `/v1/apps/${appId}/grants/${grants.find(isTheirs).id}`;
}

/** Every way in which a back end may lose what it had. */
const endings: [string, (backEnd: BackEnd) => Promise<unknown>][] = [
  [
    "its key's revocation",
    ({ keyId }) => owner.must("DELETE", `/v1/keys/${keyId}`, { reason: "key_compromise" }),
  ],
  ["its grant's revocation", async (backEnd) => owner.must("DELETE", await grantOf(backEnd))],
  [
    "another role",
    async (backEnd) => owner.must("PATCH", await grantOf(backEnd), { role: "gateway" }),
  ],
  [
    "being disabled",
    ({ serviceAccountId }) =>
      owner.must("PATCH", `/v1/service-accounts/${serviceAccountId}`, { disabled: true }),
  ],
  [
    "a list without its address",
    ({ keyId }) =>
      owner.must("PUT", `/v1/keys/${keyId}/address-rules`, {
        mode: "enforce",
        entries: [{ cidr: "198.51.100.0/24" }],
        confirm: true,
      }),
  ],
];

test.each(endings)(
  "a process that slept through %s never says yes again",
  async (name, end) => {
    for (let round = 0; round < ROUNDS; round++) {
      const backEnd = await addBackEnd(`${name} ${round}`);
      // It knows the key, and holds connections that are idle when it is stopped.
      expect(
        await Promise.all(Array.from({ length: WAITING }, () => isAllowed(second, backEnd.key))),
      ).not.toContain(false);
      second.child.kill("SIGSTOP");
      let waiting: Promise<boolean>[];
      try {
        await end(backEnd);
        waiting = Array.from({ length: WAITING }, () => isAllowed(second, backEnd.key));
      } finally {
        second.child.kill("SIGCONT");
      }
      const afterwards = Array.from({ length: AFTERWARDS }, () => isAllowed(second, backEnd.key));
      expect(await Promise.all([...waiting, ...afterwards])).not.toContain(true);
    }
  },
  15_000 * ROUNDS,
);
