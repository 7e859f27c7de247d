import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addApp, addGrant } from "../test/builders/access.ts";
import { addBatches, startLog, type LogBench } from "../test/builders/log.ts";
import { addPerson } from "../test/builders/people.ts";
import { startHarness, type Harness } from "../test/harness.ts";
import { freePort } from "../test/support/free-port.ts";
import { runToEnd } from "../test/support/run-to-end.ts";

let h: Harness;
let log: LogBench;
let url: string;
let folder: string;
beforeAll(async () => {
  const port = await freePort();
  h = await startHarness({ isFiling: false });
  log = await startLog(h.database.ownerUrl, { keyRing: h.services.keyRing });
  folder = await mkdtemp(join(tmpdir(), "sallyport-verify-"));
  await h.app.listen({ port, host: "127.0.0.1" });
  url = `http://127.0.0.1:${port}/audit`;
  await addBatches(log.owner, h.services.keyRing, { count: 300 });
  await log.catchUp();
});
afterAll(async () => {
  await log.close();
  await h.stop();
  await rm(folder, { recursive: true });
});

/** From anywhere: it needs no setting and no database. */
const verify = (...args: string[]) => runToEnd({}, ["cli/main.ts", "verify", ...args]);

test("a log is verified and its checkpoint kept; later it is seen to go on from there", async () => {
  const kept = join(folder, "kept");
  const first = await verify(url, "--save", kept);
  expect([first.code, first.errors]).toEqual([0, ""]);
  expect(first.output).toContain("300 leaves, 300 entries. All leaves are those that were signed.");
  expect(first.output).toContain("Get it some other way");
  expect(await readFile(kept, "utf8")).toMatch(/^sec\.example\.test\/audit\/1\n300\n/);

  await addBatches(log.owner, h.services.keyRing, { count: 20 });
  await log.catchUp();
  const key = (await (await fetch(`${url}/key`)).text()).trim();
  const later = await verify(url, "--key", key, "--earlier", kept, "--json");
  expect([later.code, JSON.parse(later.output)]).toEqual([
    0,
    {
      ok: true,
      origin: "sec.example.test/audit/1",
      size: 320,
      entries: 320,
      altered: [],
      goesOnFrom: 300,
    },
  ]);
});

test("a log that is not as it should be ends with 1 and names the leaf", async () => {
  await log.owner.pool.query("update log_leaf set leaf = set_byte(leaf, 20, 1) where index = 7");
  const found = await verify(url);
  expect([found.code, found.output, found.errors]).toEqual([
    1,
    "",
    "Leaf 7 is not the one that was signed.\n",
  ]);
  expect(JSON.parse((await verify(url, "--json")).output)).toEqual({
    ok: false,
    fault: "Leaf 7 is not the one that was signed.",
    leaf: 7,
  });
});

test.each([
  [["ftp://example.test"], "https://"],
  [["https://example.test", "--key", "nonsense"], "name+id+key"],
  [["http://127.0.0.1:1/audit"], "can't be read"],
])("%j is told what is wrong", async (args, words) => {
  const { code, errors } = await verify(...args);
  expect([code, errors]).toEqual([1, expect.stringContaining(words)]);
});

test("a file that is no checkpoint is no proof", async () => {
  const path = join(folder, "other");
  await writeFile(path, "nothing");
  expect((await verify(url, "--earlier", path)).errors).toBe("The checkpoint can't be read.\n");
});

test("an entry's proof is checked offline, and one that was changed is not one", async () => {
  const owner = await addPerson(h, { displayName: "Olga Owner" });
  await h.call("PATCH", "/v1/account", { as: owner.headers, body: { displayName: "Olga O." } });
  await log.catchUp();
  const list = await h.call("GET", "/v1/audit/entries?limit=1&action=account.renamed", {
    as: owner.headers,
  });
  const { body } = await h.call("GET", `/v1/audit/entries/${list.body.entries[0].id}/proof`, {
    as: owner.headers,
  });
  const path = join(folder, "proof.json");
  const key = (await (await fetch(`${url}/key`)).text()).trim();
  const check = async (proof: unknown, ...more: string[]) => {
    await writeFile(path, JSON.stringify(proof));
    return await runToEnd({}, ["cli/main.ts", "verify-entry", path, "--key", key, ...more]);
  };
  const proven = await check(body);
  expect([proven.code, proven.errors]).toEqual([0, ""]);
  expect(proven.output).toContain('"action":"account.renamed","outcome":"done"');
  const changed = JSON.parse(JSON.stringify(body).replace("Olga O.", "Olga P."));
  expect(await check(changed)).toMatchObject({
    code: 1,
    output: "",
    errors: "The entry is not the one that was signed.\n",
  });
  expect(JSON.parse((await check(changed, "--json")).output)).toMatchObject({ ok: false });
  expect((await check({ format: "other" })).errors).toContain("is no proof of an entry");
});

test("an export that lacks an entry is found out, and a receipt that was changed", async () => {
  const { owner, appId, organisationId } = await addApp(h, { name: "Shop" });
  const { person } = await addGrant(h, { appId, role: "editor" });
  for (let turn = 0; turn < 3; turn++)
    await h.call("GET", `/v1/apps/${appId}`, { as: person.headers });
  const removed = await h.call(
    "POST",
    `/v1/organisations/${organisationId}/people/${person.accountId}/remove`,
    { as: owner.headers, body: { revokeKeys: false } },
  );
  await log.countUp();
  const key = (await (await fetch(`${url}/key`)).text()).trim();
  const get = async (path: string) =>
    (await h.call("GET", `/v1${path}`, { as: owner.headers })).text;
  const keep = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const check = (...args: string[]) => runToEnd({}, ["cli/main.ts", ...args, "--key", key]);

  const counts = await keep(
    "counts",
    await get(`/audit/completeness?organisationId=${organisationId}`),
  );
  const lines = (await get("/audit/export?format=ndjson")).trimEnd().split("\n");
  const less = lines.filter((line) => !line.includes('"app.read"'));
  const receipt = await get(
    `/organisations/${organisationId}/removals/${removed.body.removalId}/receipt`,
  );
  const other = receipt.replace('\\"editor\\"', '\\"reporter\\"');
  const [whole, lacking, broken, held, changed] = await Promise.all([
    check("verify-completeness", counts, await keep("whole", lines.join("\n"))),
    check("verify-completeness", counts, await keep("less", less.join("\n"))),
    check("verify-completeness", counts, await keep("broken", '{"error":{}}')),
    check("verify-leavers-receipt", await keep("receipt", receipt)),
    check("verify-leavers-receipt", await keep("changed", other)),
  ]);
  expect([whole.code, whole.errors]).toEqual([0, ""]);
  expect(whole.output).toMatch(/Shop: 5 counted, all of them in the export/);
  expect([lacking.code, lacking.output]).toEqual([1, expect.stringContaining("3 MISSING")]);
  expect([broken.code, broken.errors]).toEqual([1, expect.stringContaining("line 1 is no entry")]);
  expect([held.code, held.errors]).toEqual([0, ""]);
  expect(held.output).toContain("Nothing that they did there and that was not refused follows");
  expect([changed.code, changed.output]).toEqual([
    1,
    expect.stringContaining("removal: The entry is not the one that was signed."),
  ]);
});
