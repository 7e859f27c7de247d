import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { formatVerifierKey } from "../../src/contract/proofs/note.ts";
import { folderAnchor } from "../../src/record/anchor/anchor.ts";
import { LogSigner } from "../../src/record/sequencer/log-key.ts";
import { Memory, sequenceRound } from "../../src/record/sequencer/sequence-round.ts";
import { settleEpoch, type SigningServices } from "../../src/record/sequencer/settle-epoch.ts";
import { signRound } from "../../src/record/sequencer/sign-round.ts";
import { addApp, type OwnedApp } from "../builders/access.ts";
import { startLog, type LogBench } from "../builders/log.ts";
import { addPerson, type Person } from "../builders/people.ts";
import { cosign, newWitness } from "../builders/witness.ts";
import { PHONE, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
let log: LogBench;
let folder: string;
let olga: Person;
let shop: OwnedApp;
beforeAll(async () => {
  panel = await startPanel();
  log = await startLog(panel.h.database.ownerUrl, { keyRing: panel.h.services.keyRing });
  folder = await mkdtemp(join(tmpdir(), "sallyport-entry-proof-"));
  olga = await addPerson(panel.h, { displayName: "Olga Owner" });
  shop = await addApp(panel.h, { owner: olga, name: "Shop" });
  await rename("Store");
  await log.catchUp();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(async () => {
  await log.close();
  await panel.stop();
  await rm(folder, { recursive: true });
});

const rename = async (name: string) =>
  await panel.h.call("PATCH", `/v1/apps/${shop.appId}`, { as: olga.headers, body: { name } });

const proofIn = (page: Page) => page.getByRole("region", { name: "Proof" });

/** The newest renaming, in the action log with its details open. */
async function openDetails(page: Page): Promise<void> {
  await page.goto("/security/action-log?action=app.renamed");
  await page
    .getByRole("link", { name: /^You renamed the app/ })
    .first()
    .click();
}

async function openAs(person: Person, options = {}): Promise<Page> {
  const page = await panel.openAs(person, options);
  await openDetails(page);
  return page;
}

test("an entry says in one sentence that it is unaltered; hashes are there for an auditor", async () => {
  const page = await openAs(olga);
  await proofIn(page)
    .getByText(/^Unaltered\. It stands in the signed log/)
    .waitFor();
  expect(await proofIn(page).getByText("Root", { exact: true }).isVisible()).toBe(false);
  await proofIn(page).getByText("For your auditor").click();
  await proofIn(page).getByText("sec.example.test/audit/1", { exact: true }).waitFor();
  const download = page.waitForEvent("download");
  await proofIn(page).getByRole("button", { name: "Download the proof" }).click();
  const file = join(folder, "proof.json");
  await (await download).saveAs(file);
  expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({
    format: "sallyport-entry-proof/v1",
  });
});

test.each(["light", "dark"] as const)(
  "on a phone (%s) it fits and is accessible",
  async (colorScheme) => {
    const page = await openAs(olga, { viewport: PHONE, colorScheme });
    await proofIn(page)
      .getByText(/^Unaltered/)
      .waitFor();
    await proofIn(page).getByText("For your auditor").click();
    await proofIn(page).getByText("Nobody but the log itself").waitFor();
    const { violations } = await new AxeBuilder({ page }).include('[role="dialog"]').analyze();
    expect(violations).toEqual([]);
    const width = await page.evaluate("document.documentElement.scrollWidth");
    expect(width).toBeLessThanOrEqual(PHONE.width);
  },
);

test("what the log has not been signed since waits, and is checked by itself", async () => {
  await rename("Corner shop");
  const page = await openAs(olga);
  await proofIn(page).getByText("On record. Its proof is ready in a few seconds.").waitFor();
  await log.catchUp();
  await proofIn(page)
    .getByText(/^Unaltered/)
    .waitFor();
});

// Attack: whoever runs the server answers with a proof of something else.
test("a proof that was tampered with is told, with what was found", async () => {
  const page = await panel.openAs(olga);
  await page.route("**/proof", async (route) => {
    const reply = await route.fetch();
    await route.fulfill({
      response: reply,
      body: (await reply.text()).replace("Olga", "Hugo").replace("app.renamed", "app.deleted"),
    });
  });
  await openDetails(page);
  await proofIn(page)
    .getByText(/^The proof of this entry does not hold/)
    .waitFor();
  await proofIn(page).getByText("For your auditor").click();
  await proofIn(page).getByText("The entry is not the one that was signed.").waitFor();
});

// Attack: the list tells a friendlier story than the one that was signed.
test("an entry that is told otherwise than it was signed is found out, and what differs is named", async () => {
  const page = await panel.openAs(olga);
  await page.route("**/v1/audit/entries?**", async (route) => {
    const reply = await route.fetch();
    const body = (await reply.text()).replaceAll("127.0.0.1", "203.0.113.9");
    await route.fulfill({ response: reply, body });
  });
  await openDetails(page);
  await proofIn(page)
    .getByText("What is shown here is not what was signed: from where.", { exact: false })
    .waitFor();
});

test("who else confirmed it is named, with when", async () => {
  const witness = newWitness();
  const { rows } = await log.owner.pool.query<{ published: string }>(
    "select published from log_epoch order by epoch desc limit 1",
  );
  const cosigned = cosign(witness, rows[0]?.published ?? "", Date.now() - 120_000);
  await log.owner.pool.query("update log_epoch set published = $1", [cosigned]);
  await log.owner.pool.query(
    "insert into log_witness (epoch, verifier_key, name, size, cosigned_at) values (1, $1, 'Notary', 1, now())",
    [formatVerifierKey(witness.key)],
  );
  const page = await openAs(olga);
  await proofIn(page).getByText("Unaltered, confirmed by Notary 2 minutes ago.").waitFor();
});

/** Somebody with the database, the anchor's folder and perhaps the log's key writes the log anew. */
async function rewriteLog(signer = log.services.signer): Promise<void> {
  const anchor = await mkdtemp(join(folder, "anchor-"));
  const services: SigningServices = { ...log.services, signer, anchor: folderAnchor(anchor) };
  await log.owner.pool.query(
    "delete from log_witness; truncate log_epoch cascade; update entry_writer set sequenced_through = 0",
  );
  await settleEpoch(services);
  const memory = new Memory();
  while ((await sequenceRound(services, memory)).hasMore);
  await signRound(services);
}

// Attack: rewrite the log with its own key; every signature holds.
test("a log that was rewritten with its own key is found out by a browser that saw it before", async () => {
  const page = await openAs(olga);
  await proofIn(page)
    .getByText(/^Unaltered/)
    .waitFor();
  await rewriteLog();
  await openDetails(page);
  await proofIn(page)
    .getByText(/^The log is not the one that this browser saw on/)
    .waitFor();
  // It goes on saying so: what was seen is not forgotten for it.
  await openDetails(page);
  await proofIn(page)
    .getByText(/^The log is not the one that this browser saw on/)
    .waitFor();
});

test("another key is told, and taken once somebody says that it is right", async () => {
  const page = await openAs(olga);
  await proofIn(page)
    .getByText(/^Unaltered/)
    .waitFor();
  const { privateKey } = generateKeyPairSync("ed25519");
  await rewriteLog(new LogSigner(privateKey.export({ format: "pem", type: "pkcs8" }).toString()));
  await openDetails(page);
  await proofIn(page)
    .getByText(/^The log is signed with another key than on/)
    .waitFor();
  await proofIn(page).getByRole("button", { name: "Take the log as it is now" }).click();
  await proofIn(page)
    .getByText(/^Unaltered/)
    .waitFor();
  await openDetails(page);
  await proofIn(page)
    .getByText(/^Unaltered/)
    .waitFor();
});
