import { AxeBuilder } from "@axe-core/playwright";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addApp } from "../builders/access.ts";
import { startLog, type LogBench } from "../builders/log.ts";
import { addOperator } from "../builders/operator.ts";
import { addStream, ALLOW_LOOPBACK, httpsTarget, sendingOf } from "../builders/streams.ts";
import { startHttpsReceiver, receiverAuthority, type HttpsReceiver } from "../support/receivers.ts";
import { streamRound } from "../../src/record/streams/stream-round.ts";
import { PHONE, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
let log: LogBench;
let receiver: HttpsReceiver;
beforeAll(async () => {
  panel = await startPanel({ env: { ...ALLOW_LOOPBACK, SALLYPORT_ROLES: "web" } });
  log = await startLog(panel.h.database.ownerUrl, { keyRing: panel.h.services.keyRing });
  receiver = await startHttpsReceiver();
}, 120_000);
afterEach(async () => {
  receiver.answer = (_, reply) => reply.writeHead(204).end();
  await panel.closePages();
});
afterAll(async () => {
  await receiver.stop();
  await log.close();
  await panel.stop();
});

test("a stream is made on a phone, its secret shown once, tested, paused, resumed and deleted", async () => {
  const { owner } = await addApp(panel.h);
  const page = await panel.openAs(owner, { viewport: PHONE, colorScheme: "dark" });
  await page.goto("/security/streams");
  await page.getByText("The log is not sent anywhere").waitFor();
  await page.getByRole("button", { name: "New stream" }).click();
  const making = page.getByRole("dialog", { name: "New stream" });
  await making.getByLabel("Name").fill("SIEM");
  await making.getByLabel("Address").fill("http://siem.example.com");
  await making.getByLabel("Certificate authority").fill(receiverAuthority.ca);
  await making.getByRole("button", { name: "Make the stream" }).click();
  // The server's words stand at the field.
  await making.locator("[aria-invalid=true]").waitFor();
  await making.getByLabel("Address").fill(receiver.url);
  await making.getByRole("button", { name: "Make the stream" }).click();
  const shown = page.getByRole("dialog", { name: "Keep this secret" });
  await shown.getByText(/^whsec_/).waitFor();
  await shown.getByRole("button", { name: "I have kept it" }).click();
  await shown.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Test SIEM" }).click();
  await page.getByText("The receiver took it").waitFor();
  expect(receiver.received.at(-1)?.body.toString()).toContain("log.test");
  const choose = async (item: string) => {
    await page.getByRole("button", { name: "More about SIEM" }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  await choose("Pause");
  await page.getByText("Paused", { exact: true }).waitFor();
  await choose("Resume");
  await page.getByText("On", { exact: true }).waitFor();
  expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
  await choose("Delete the stream");
  const deleting = page.getByRole("dialog", { name: "Delete this stream?" });
  await deleting.getByRole("button", { name: "Delete the stream" }).click();
  await page.getByText("The log is not sent anywhere").waitFor();
});

test("what the receiver answers, refuses and is sent again is seen, and the page is accessible", async () => {
  const { owner, organisationId } = await addApp(panel.h);
  await addStream(panel.h, { as: owner.headers, organisationId, target: httpsTarget(receiver) });
  receiver.answer = (_, reply) => reply.writeHead(422).end();
  await log.catchUp();
  for (let round = 0; round < 5; round += 1) {
    await streamRound(sendingOf(panel.h));
    await panel.h.db.updateTable("log_stream").set({ next_try_at: null }).execute();
  }
  const page = await panel.openAs(owner);
  await page.goto("/security/streams");
  await page.getByText("1 refused").waitFor();
  const axe = await new AxeBuilder({ page }).analyze();
  expect(axe.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  await page.getByRole("button", { name: "More about SIEM" }).click();
  await page.getByRole("menuitem", { name: "Refused entries" }).click();
  const refused = page.getByRole("dialog", { name: "Refused entries" });
  await refused.getByText("The receiver refused what was sent: 422.").waitFor();
  await refused.getByRole("button", { name: "Send them again" }).click();
  await page.getByText("1 entry is sent again").waitFor();
});

test("a stream is changed and sends again, and its dialogs are accessible", async () => {
  const { owner, organisationId } = await addApp(panel.h);
  await addStream(panel.h, { as: owner.headers, organisationId, target: httpsTarget(receiver) });
  const page = await panel.openAs(owner);
  await page.goto("/security/streams");
  await page.getByRole("button", { name: "More about SIEM" }).click();
  await page.getByRole("menuitem", { name: "Send again" }).click();
  const replaying = page.getByRole("dialog", { name: "Send again" });
  await replaying.getByLabel("Time").fill("2026-01-01T00:00");
  await replaying.getByRole("button", { name: "Send again" }).click();
  await page.getByText("The stream SIEM sends again").waitFor();
  await page.getByRole("button", { name: "More about SIEM" }).click();
  await page.getByRole("menuitem", { name: "Change" }).click();
  const changing = page.getByRole("dialog", { name: "Change the stream" });
  await changing.getByLabel("Name").fill("Collector");
  const inDialog = await new AxeBuilder({ page }).include('[role="dialog"]').analyze();
  expect(inDialog.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual(
    [],
  );
  await changing.getByRole("button", { name: "Save" }).click();
  await page.getByText("Collector").first().waitFor();
});

test("an operator makes a stream of everything, to storage", async () => {
  const operator = await addOperator(panel.h);
  const page = await panel.openAs(operator);
  await page.goto("/operator/streams");
  await page.getByRole("button", { name: "New stream" }).click();
  const making = page.getByRole("dialog", { name: "New stream" });
  await making.getByLabel("Name").fill("Archive");
  await making.getByText("S3 storage").click();
  await making.getByLabel("Address of the storage").fill("https://localhost:9");
  await making.getByRole("textbox", { name: "Bucket", exact: true }).fill("audit-log");
  await making.getByLabel("Access key id").fill("AKIDEXAMPLE");
  await making.getByLabel("Secret access key").fill("secret");
  await making.getByRole("button", { name: "Make the stream" }).click();
  await page.getByText(/S3 storage · localhost:9\/audit-log/).waitFor();
});
