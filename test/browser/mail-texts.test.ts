import { afterAll, beforeAll, expect, test } from "vitest";
import { addOperator } from "../builders/operator.ts";
import { startPanel, type Panel } from "./panel.ts";

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterAll(() => panel.stop());

test("an operator words the invitation anew: tries it out, mends what is refused, saves, and goes back", async () => {
  const operator = await addOperator(panel.h);
  const page = await panel.openAs(operator);
  await page.goto("/operator/branding");
  await page.getByRole("link", { name: "Mails" }).click();
  await page.getByLabel("Which mail").selectOption("invitation");
  await page.getByText(/^You may use: .*\{\{endsAt\}\}/).waitFor();
  const greeting = page.getByRole("textbox", { name: "Greeting" });
  await greeting.fill("Welcome to {{shop}}");
  await page.getByRole("button", { name: "Show preview" }).click();
  await page.getByText("{{shop}} is not known here.").waitFor();
  await greeting.fill("Welcome to {{app}}, says {{inviter}}.");
  await page.getByRole("button", { name: "Show preview" }).click();
  await page.getByTestId("mail-preview").getByText("Welcome to Webshop, says Noor Berg.").waitFor();
  await page.getByRole("button", { name: "Send me a test mail" }).click();
  await page.getByText("A test mail is on its way to you.").waitFor();
  expect((await panel.h.mails()).at(-1)).toMatchObject({
    to: operator.email,
    subject: "[Test] Your invitation to Webshop",
  });
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The next mail of this kind has these words.").waitFor();
  await page.reload();
  expect(await greeting.inputValue()).toBe("Welcome to {{app}}, says {{inviter}}.");
  await page.getByRole("button", { name: "Back to the default" }).click();
  await page.getByText("The next mail of this kind has these words.").waitFor();
  await page.reload();
  await page.getByText(/^You may use: .*\{\{endsAt\}\}/).waitFor();
  expect(await greeting.inputValue()).toBe("");
});
