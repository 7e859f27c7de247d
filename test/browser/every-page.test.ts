import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addGrant, sendInvitation } from "../builders/access.ts";
import { addServiceKey } from "../builders/keys.ts";
import { addPerson, type Person } from "../builders/people.ts";
import { DESKTOP, PHONE, settled, startPanel, type Panel } from "./panel.ts";

let panel: Panel;
let owner: Person;
let newcomer: Person;
let operator: Person;
let full: Record<string, string>;
beforeAll(async () => {
  panel = await startPanel();
  const key = await addServiceKey(panel.h);
  ({ owner } = key);
  const guest = await addGrant(panel.h, { appId: key.appId, role: "editor" });
  await sendInvitation(panel.h, {
    as: owner.headers,
    email: "invited@example.test",
    apps: [{ appId: key.appId, role: "reporter" }],
  });
  newcomer = await addPerson(panel.h, { displayName: "Noor New" });
  operator = await addPerson(panel.h, { displayName: "Odile Operator", isOperator: true });
  const app = `/apps/${key.appId}`;
  full = {
    home: "/",
    profile: "/account",
    password: "/account/password",
    "password policy": "/account/password-policy",
    "two-factor": "/account/two-factor",
    sessions: "/account/sessions",
    "sign-in addresses": "/account/sign-in-addresses",
    "by person": "/account/shared",
    "by app": "/account/shared?tab=apps",
    "pending invitations": "/account/shared?tab=pending",
    "removed people": "/account/shared?tab=removed",
    invite: "/account/shared/invite",
    person: `/account/shared/${key.organisationId}/${guest.person.accountId}`,
    "shared with me": "/account/shared-with-me",
    organisation: `/account/organisations/${key.organisationId}`,
    "whitelists of all apps": "/account/ip-whitelist",
    inbox: "/account/inbox",
    "keep informed": "/account/keep-informed",
    "data retention": "/account/retention",
    apps: "/apps",
    "new app": "/apps/new",
    app,
    access: `${app}/access`,
    roles: `${app}/roles`,
    whitelist: `${app}/ip-whitelist`,
    "service accounts": `${app}/service-accounts`,
    "service account": `${app}/service-accounts/${key.serviceAccountId}`,
    key: `${app}/keys/${key.keyId}`,
    settings: `${app}/settings`,
    "action log": "/security/action-log",
    streams: "/security/streams",
    help: "/help",
    guide: "/help/ip-whitelist",
    "no such page": "/help/nothing",
  };
}, 120_000);
afterEach(() => panel.closePages());
afterAll(() => panel.stop());

const operatorPages = {
  accounts: "/operator/accounts",
  "support access": "/operator/support",
  "ask to see a log": "/operator/support?ask=open",
  "strangers' sign-ins": "/operator/stranger-reports",
  queue: "/operator/queue",
  health: "/operator/health",
  permissions: "/operator/permissions",
  keys: "/operator/keys",
  streams: "/operator/streams",
  branding: "/operator/branding",
  mails: "/operator/branding/mails",
};

const strangerPages = {
  "sign-in": "/sign-in",
  "sign-up": "/sign-up",
  "forgotten password": "/sign-in/forgot",
  "everything lost": "/sign-in/lost",
  "a new password": `/link/new-password?token=${"x".repeat(43)}`,
  "a change that was not mine": `/link/not-me?token=${"x".repeat(43)}`,
  "a link that is not whole": "/verify?token=short",
  "this wasn't me": `/not-me?token=${"x".repeat(43)}`,
  "an invitation that is none": `/invitations/accept?token=${"x".repeat(43)}`,
};

const looks = [
  { look: "wide and light", viewport: DESKTOP, colorScheme: "light" },
  { look: "on a phone and dark", viewport: PHONE, colorScheme: "dark" },
] as const;

/** What is wrong with the page that is open, in words; nothing, if all is well. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await settled(page);
  await page.evaluate(
    "Promise.all(document.getAnimations().map((each) => each.finished.catch(() => {})))",
  );
  const { violations } = await new AxeBuilder({ page }).analyze();
  const faults = violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary ?? ""}`).join(" | ")}`,
  );
  const width = Number(await page.evaluate("document.documentElement.scrollWidth - innerWidth"));
  if (width > 0) faults.push(`is ${width} px wider than its window`);
  const headings = await page.getByRole("heading", { level: 1 }).count();
  if (headings !== 1) faults.push(`has ${headings} first headings`);
  return faults;
}

/** Opens each page once and looks at it in each look. */
async function walk(page: Page, pages: Record<string, string>): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) errors.push(message.text());
  });
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(path);
    for (const { look, viewport, colorScheme } of looks) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
      const faults = [...(await faultsOf(page)), ...errors.splice(0)];
      if (faults.length > 0) found[`${name}, ${look}`] = faults;
    }
  }
  return found;
}

test("pages with something in them: readable, named, whole, by the rules of WCAG", async () => {
  expect(await walk(await panel.openAs(owner), full)).toEqual({});
}, 900_000);

test("pages with nothing in them yet", async () => {
  const { home, apps, access: _access, ...others } = full;
  // Apps are somebody's; help is the same for everybody.
  const own = Object.entries(others).filter(([, path]) => !/^\/(?:apps|help)\//.test(path));
  const pages = { home, apps, ...Object.fromEntries(own) } as Record<string, string>;
  expect(await walk(await panel.openAs(newcomer), pages)).toEqual({});
}, 900_000);

test("the operator's pages", async () => {
  expect(await walk(await panel.openAs(operator), operatorPages)).toEqual({});
}, 120_000);

test("pages for strangers", async () => {
  expect(await walk(await panel.open(), strangerPages)).toEqual({});
}, 120_000);
