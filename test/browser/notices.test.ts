import { AxeBuilder } from "@axe-core/playwright";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { systemContext } from "../../src/context.ts";
import { tell } from "../../src/identity/accounts/tell.ts";
import { unsubscribeToken } from "../../src/notice/preferences/unsubscribe-token.ts";
import { addPerson, addSession, type Person } from "../builders/people.ts";
import { PHONE, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

/** What a name in Hebrew does to a line that runs the other way. */
const RIGHT_TO_LEFT = "צוות אבטחה";

const tellBehind = ({ accountId }: Person) =>
  panel.h.db.transaction().execute((tx) =>
    tell(tx, systemContext(panel.h.services, "test"), accountId, {
      kind: "stream-behind",
      values: { organisation: "Harbour Books", stream: RIGHT_TO_LEFT, minutes: 5 },
      lines: ["what", "next"],
    }),
  );

test("a notice comes live: the bell counts it, the inbox shows it, it is read, put away and taken back", async () => {
  const person = await addPerson(panel.h);
  const page = await panel.openAs(person, { viewport: PHONE, colorScheme: "dark" });
  await page.goto("/account/inbox");
  await page.getByText("Nothing here yet").waitFor();
  await tellBehind(person);
  const { sessionId } = await addSession(panel.h, person.accountId);
  await panel.h.call("DELETE", `/v1/sessions/${sessionId}`, { as: person.headers });
  await page.getByRole("link", { name: "Inbox: 2 unread notifications" }).waitFor();
  await page.getByText(RIGHT_TO_LEFT).first().waitFor();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);

  await page.getByRole("button", { name: "Mark these as read" }).click();
  await page.getByRole("link", { name: "Inbox: nothing unread" }).waitFor();
  await page.getByRole("button", { name: /^Put away The stream/ }).click();
  await page.getByText(RIGHT_TO_LEFT).first().waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Put away" }).click();
  await page.getByRole("button", { name: /^Take back The stream/ }).click();
  await page.getByText("Nothing was put away").waitFor();
  await page.locator("#page").getByRole("link", { name: "Inbox", exact: true }).click();
  await page.getByRole("link", { name: /^What happened then/ }).click();
  await page.waitForURL(/\/security\/action-log\?request=/);
});

test("a class is switched off by keyboard, which is told; what protects the account has no switch", async () => {
  const person = await addPerson(panel.h);
  const page = await panel.openAs(person);
  await page.goto("/account/keep-informed");
  const mails = page.getByRole("switch", { name: "Needs a look, by E-mail" });
  await mails.waitFor();
  expect(await page.getByRole("switch").count()).toBe(4);
  await mails.press("Space");
  await page.getByText("you are told what was switched off").waitFor();
  expect(await mails.isChecked()).toBe(false);
  await page.getByRole("link", { name: "Inbox: 1 unread notification" }).waitFor();
  await page.getByRole("button", { name: "Put a test into my inbox" }).click();
  await page.getByRole("link", { name: "Inbox: 2 unread notifications" }).waitFor();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

test("the link of a mail asks first, and ends mails without a sign-in", async () => {
  const { accountId, headers } = await addPerson(panel.h);
  const token = unsubscribeToken(panel.h.services, { accountId, class: "account-warning" });
  const page = await panel.open();
  await page.goto(`/v1/unsubscribe?token=${token}`);
  const end = page.getByRole("button", { name: "End these mails" });
  await end.waitFor();
  const isOn = async () => {
    const { body } = await panel.h.call("GET", "/v1/notice-preferences", { as: headers });
    return body.classes.at(-1).channels.email;
  };
  expect(await isOn()).toBe(true);
  await end.click();
  await page.getByRole("heading", { name: "These mails have ended" }).waitFor();
  expect(await isOn()).toBe(false);
});
