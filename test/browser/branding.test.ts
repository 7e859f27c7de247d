import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addOperator } from "../builders/operator.ts";
import { addPerson } from "../builders/people.ts";
import { DESKTOP, PHONE, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
beforeAll(async () => {
  panel = await startPanel();
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

test("name, colour and logo are previewed, saved, and seen by everybody without a rebuild", async () => {
  const page = await panel.openAs(await addOperator(panel.h));
  await page.goto("/operator/branding");
  await page.getByLabel("Product name").fill("Acme <b>Cloud</b>");
  const preview = page.getByTestId("preview-mail-dark");
  await preview.getByText("Acme <b>Cloud</b>", { exact: true }).waitFor();

  await page.getByRole("textbox", { name: "Main colour" }).fill("#ffcc00");
  await page.getByText("4.5:1 is needed").waitFor();
  await page.getByRole("button", { name: /^Take #/ }).click();
  await page.getByText("Everybody can read text in this colour").waitFor();

  await page.locator("input[type=file]").setInputFiles({
    name: "logo.png",
    mimeType: "image/png",
    buffer: Buffer.from(PNG, "base64"),
  });
  await page.getByLabel("Footer").fill("Acme Ltd");
  await page.getByRole("button", { name: "Save branding" }).click();
  await page.getByText("Saved. Everybody sees it").waitFor();
  await expect.poll(() => page.title()).toBe("Branding · Acme <b>Cloud</b>");

  const stranger = await panel.open();
  await stranger.goto("/sign-in");
  await stranger.getByRole("heading", { name: "Sign in to Acme <b>Cloud</b>" }).waitFor();
  const logo = stranger.locator('img[src^="/branding/logo"]');
  expect(await logo.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1);
  const [color, saved] = await Promise.all([
    stranger.evaluate(() =>
      getComputedStyle(document.documentElement).getPropertyValue("--mantine-color-brand-7"),
    ),
    panel.h.call("GET", "/branding.json"),
  ]);
  expect(color.trim()).toBe(saved.body.primaryColor);
  expect(saved.body.primaryColor).not.toBe("#ffcc00");
});

test("a bad field says what is wrong, and what was typed stays; the defaults come back", async () => {
  const page = await panel.openAs(await addOperator(panel.h));
  await page.goto("/operator/branding");
  await page.getByLabel("Product name").fill("Kept");
  await page.getByLabel("Terms").fill("http://example.test");
  await page.getByRole("button", { name: "Save branding" }).click();
  await page.getByText("Write a web address that begins with").waitFor();
  expect(await page.getByLabel("Terms").getAttribute("aria-invalid")).toBe("true");
  expect(await page.getByLabel("Product name").inputValue()).toBe("Kept");

  await page.getByRole("button", { name: "Back to the defaults" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Back to the defaults" }).click();
  await page.getByText("Saved. Everybody sees it").waitFor();
  expect(await page.getByLabel("Product name").inputValue()).toBe("");
  await expect.poll(() => page.title()).toBe("Branding · Your account");
});

test("somebody else saved meanwhile: the typed text stays until the newer one is asked for", async () => {
  const operator = await addOperator(panel.h);
  const page = await panel.openAs(operator);
  await page.goto("/operator/branding");
  await page.getByLabel("Product name").fill("Mine");
  const { body } = await panel.h.call("GET", "/v1/operator/branding", { as: operator.headers });
  const { logo: _logo, defaults: _defaults, changedAt: _changedAt, ...fields } = body;
  const url = "/v1/operator/branding";
  await panel.h.call("PUT", url, { as: operator.headers, body: { ...fields, name: "Theirs" } });
  await page.getByRole("button", { name: "Save branding" }).click();
  await page.getByText("Somebody else changed the branding meanwhile").waitFor();
  expect(await page.getByLabel("Product name").inputValue()).toBe("Mine");
  await page.getByRole("button", { name: "Load the newer version" }).click();
  await expect.poll(() => page.getByLabel("Product name").inputValue()).toBe("Theirs");
});

test.each([
  ["desktop", DESKTOP],
  ["phone", PHONE],
])(
  "people who are no operators are told so, and see no operator's menu (%s)",
  async (_, viewport) => {
    const page = await panel.openAs(await addPerson(panel.h), { viewport });
    await page.goto("/operator/branding");
    await page.getByRole("heading", { name: "You may not see this page" }).waitFor();
    expect(await page.getByRole("link", { name: "Branding" }).count()).toBe(0);
  },
);

test("on a phone nothing is wider than the screen", async () => {
  const page = await panel.openAs(await addOperator(panel.h), { viewport: PHONE });
  await page.goto("/operator/branding");
  await page.getByRole("heading", { name: "Preview" }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
