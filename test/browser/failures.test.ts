import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { addApp, addGrant, type OwnedApp } from "../builders/access.ts";
import { addEnrolledPerson, GOOD_PASSWORD, type EnrolledPerson } from "../builders/identity.ts";
import { addPerson, addSession, type Person } from "../builders/people.ts";
import { startHarness, type Harness } from "../harness.ts";
import { startLossyProxy, type LossyProxy } from "../lossy-proxy.ts";
import { settled, startPanel, type Panel } from "./panel.ts";

/*
 * What goes wrong on the way: whatever form it hits, it says what happened, what was typed stays, and the
 * same button does it once the way is free.
 */

let base: Harness;
let proxy: LossyProxy;
let panel: Panel;
let owner: EnrolledPerson;
let shop: OwnedApp;
let guest: Person;
beforeAll(async () => {
  base = await startHarness();
  // PostgreSQL is away for the panel's process alone.
  proxy = await startLossyProxy(base.database.runtimeUrl);
  const { clock, services, database } = base;
  panel = await startPanel({
    beside: { clock, services, database: { ...database, runtimeUrl: proxy.url } },
  });
  owner = await addEnrolledPerson(base, { password: GOOD_PASSWORD });
  shop = await addApp(base, { owner, name: "Shop" });
  guest = await addPerson(base, { displayName: "Kim Vos" });
  await addGrant(base, { appId: shop.appId, role: "reporter", person: guest });
}, 120_000);
afterEach(async () => {
  proxy.comeBack();
  await panel.closePages();
});
afterAll(async () => {
  await panel.stop();
  await proxy.stop();
  await base.stop();
});

const button = (at: Page | Locator, name: string) => at.getByRole("button", { name, exact: true });
const field = (page: Page, name: string) => page.getByRole("textbox", { name });
const dialog = (page: Page) => page.getByRole("dialog");

type Form = {
  what: string;
  path: () => string;
  /** What is there before it is sent. */
  fill: (page: Page) => Promise<void>;
  send: (page: Page) => Locator;
  /** Whatever was typed, as it stands on the page. */
  typed?: (page: Page) => Promise<string>;
  done: string;
  /** Tried with PostgreSQL away, too: the server waits five seconds for it, so with one alone, in its dialog. */
  isTriedAway?: true;
};

const forms: Form[] = [
  {
    what: "one's name",
    path: () => "/account",
    fill: (page) => field(page, "Your name").fill("Ada Example"),
    send: (page) => button(page, "Save name"),
    typed: (page) => field(page, "Your name").inputValue(),
    done: "You are called Ada Example from now on.",
  },
  {
    what: "an invitation",
    path: () => `/account/shared/invite?appId=${shop.appId}`,
    fill: async (page) => {
      await field(page, "E-mail address").fill("somebody@example.test");
      await page.getByRole("combobox", { name: "Role" }).click();
      await page.getByRole("option", { name: /^Reporter/ }).click();
    },
    send: (page) => button(page, "Send invitation"),
    typed: async (page) =>
      `${await field(page, "E-mail address").inputValue()} ${await page.getByRole("combobox", { name: "Role" }).inputValue()}`,
    done: "The invitation to somebody@example.test is on its way.",
  },
  {
    what: "a new app, in its dialog",
    path: () => "/apps/new",
    fill: (page) => field(page, "Name").fill("Depot"),
    send: (page) => button(dialog(page), "Make the app"),
    typed: (page) => field(page, "Name").inputValue(),
    done: "Depot is made.",
    isTriedAway: true,
  },
  {
    what: "a role with what it allows",
    path: () => `/apps/${shop.appId}/roles?edit=New`,
    fill: async (page) => {
      await field(page, "Name of the role").fill("packer");
      await field(page, "What it is for").fill("Packs parcels");
    },
    send: (page) => button(page, "Save role"),
    typed: async (page) =>
      `${await field(page, "Name of the role").inputValue()} ${await field(page, "What it is for").inputValue()}`,
    done: "The role packer is made.",
  },
  {
    what: "an IP whitelist",
    path: () => `/apps/${shop.appId}/ip-whitelist`,
    fill: async (page) => {
      await button(page, "Add an address").click();
      await field(page, "Address or network 1").fill("203.0.113.7");
      await field(page, "Note 1").fill("Warehouse");
    },
    send: (page) => button(page, "Save the list"),
    typed: async (page) =>
      `${await field(page, "Address or network 1").inputValue()} ${await field(page, "Note 1").inputValue()}`,
    done: "The list of Shop is saved.",
  },
  {
    what: "the end of somebody's access",
    path: () => `/apps/${shop.appId}/access`,
    fill: async (page) => {
      await page.getByRole("button", { name: /^Revoke the access of Kim Vos/ }).click();
      await dialog(page).waitFor();
    },
    send: (page) => button(dialog(page), "Revoke access"),
    done: "Kim Vos has no access to Shop any more.",
  },
];

const OFFLINE = "No connection. Nothing you typed is lost";
const AWAY = "The service cannot put anything on record at the moment, so nothing was done.";
const ENDED = "Your session has ended: sign in to go on";

describe.each(forms)("$what", ({ path, fill, send, typed, done, isTriedAway = false }) => {
  test("is kept through all that, and is sent in the end", async () => {
    const session = await addSession(base, owner.accountId);
    const page = await panel.openAs({ ...owner, ...session });
    await page.goto(path());
    await fill(page);
    // Nothing is under way: what PostgreSQL leaves unanswered is tried again for a while first.
    await settled(page);
    const before = await typed?.(page);
    const stays = async () => expect(await typed?.(page)).toBe(before);

    if (isTriedAway) {
      proxy.goAway();
      await send(page).click();
      await page.getByText(AWAY).waitFor();
      await stays();
      proxy.comeBack();
    }

    await page.context().setOffline(true);
    await send(page).click();
    await page.getByText(OFFLINE).waitFor();
    expect(await page.getByText(AWAY).count()).toBe(0);
    await stays();
    await page.context().setOffline(false);

    await base.db
      .updateTable("session")
      .set({ ended_at: base.clock.now(), end_reason: "removed" })
      .where("id", "=", session.sessionId)
      .execute();
    await send(page).click();
    await page.getByRole("dialog", { name: ENDED }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("Sign in first.").waitFor();
    await stays();

    // The same person again: as if signed in in another tab.
    const again = await addSession(base, owner.accountId);
    const [name = "", value = ""] = (again.headers["cookie"] ?? "").split("=");
    await page.context().addCookies([{ name, value, url: panel.url }]);
    await send(page).click();
    await page.getByText(done).first().waitFor();
  });
});

describe("the server's failures", () => {
  test("stand at their fields, and what was typed stays", async () => {
    const page = await panel.openAs(owner);
    await page.goto("/account");
    await field(page, "Your name").fill(`${"x".repeat(120)}y`);
    await button(page, "Save name").click();
    await page.getByText(/120/).waitFor();
    expect(await field(page, "Your name").getAttribute("aria-invalid")).toBe("true");
    await page.goto(`/apps/${shop.appId}/ip-whitelist`);
    await button(page, "Add an address").click();
    const last = page.getByRole("textbox", { name: /^Address or network/ }).last();
    await last.fill("no address");
    await button(page, "Save the list").click();
    await page.locator('[aria-invalid="true"]').waitFor();
    expect(await last.inputValue()).toBe("no address");
    expect(await last.getAttribute("aria-invalid")).toBe("true");
    // The way to the field: whoever cannot see the colour is there already.
    expect(await last.and(page.locator(":focus")).count()).toBe(1);
  });
});

describe("a creation whose answer is lost on the way", () => {
  test("is made once when it is sent again, and anew when it is wanted again", async () => {
    const page = await panel.openAs(owner);
    const named = async (name: string) => {
      const { body } = await base.call("GET", "/v1/apps", { as: owner.headers });
      return body.owned.filter((app: { name: string }) => app.name === name).length;
    };
    const make = async () => {
      await page.goto("/apps/new");
      await field(page, "Name").fill("Quay");
      await button(dialog(page), "Make the app").click();
    };
    let isLost = true;
    await page.route("**/v1/apps", async (route) => {
      if (route.request().method() !== "POST" || !isLost) return await route.continue();
      await route.fetch();
      await route.abort();
    });
    await make();
    await page.getByText(OFFLINE).waitFor();
    expect(await named("Quay")).toBe(1);
    isLost = false;
    await button(dialog(page), "Make the app").click();
    await page.getByText("Quay is made.").waitFor();
    expect(await named("Quay")).toBe(1);
    await make();
    await expect.poll(() => named("Quay")).toBe(2);
  });
});

describe("409: somebody else was faster", () => {
  test("a name that was taken meanwhile is said, and the typed one stays", async () => {
    const page = await panel.openAs(owner);
    await page.goto(`/apps/${shop.appId}/roles?edit=New`);
    await field(page, "Name of the role").fill("stocker");
    await base.call("POST", `/v1/apps/${shop.appId}/roles`, {
      as: owner.headers,
      body: { name: "stocker", description: "", permissions: ["app:read"] },
    });
    await button(page, "Save role").click();
    await page.getByText("This name is taken. Choose another.").waitFor();
    expect(await field(page, "Name of the role").inputValue()).toBe("stocker");
  });

  test("access that another owner ended first is said to be gone, in the dialog that asked", async () => {
    const { person } = await addGrant(base, { appId: shop.appId, role: "reporter" });
    const page = await panel.openAs(owner);
    await page.goto(`/apps/${shop.appId}/access`);
    const grants = await base.call("GET", `/v1/apps/${shop.appId}/grants`, { as: owner.headers });
    const grant = grants.body.grants.find(
      ({ account }: { account: { id: string } }) => account.id === person.accountId,
    );
    await page.getByRole("button", { name: /^Revoke the access of Robin Example/ }).click();
    await base.call("DELETE", `/v1/apps/${shop.appId}/grants/${grant.id}`, { as: owner.headers });
    await button(dialog(page), "Revoke access").click();
    await dialog(page).getByText("This does not exist, was removed, or is not yours").waitFor();
  });
});

describe("a page", () => {
  test("that cannot be read says why, and is there once the way is free", async () => {
    const page = await panel.openAs(owner);
    await page.goto("/account");
    await page.getByRole("heading", { level: 1, name: "Profile" }).waitFor();
    await settled(page);
    proxy.goAway();
    await page.getByRole("link", { name: "Devices & sessions" }).first().click();
    await page.getByRole("alert").getByText(AWAY).waitFor();
    proxy.comeBack();
    await button(page, "Try again").click();
    await page.getByRole("heading", { level: 1, name: "Devices & sessions" }).waitFor();
  });

  test("where signing out fails says that one is signed in still", async () => {
    const page = await panel.openAs(owner);
    await page.goto("/help");
    await page.getByRole("button", { name: /^Account of/ }).click();
    await page.context().setOffline(true);
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByText("You are still signed in").waitFor();
    await page.getByText(OFFLINE).waitFor();
  });

  test("for signing in keeps the address through both", async () => {
    const page = await panel.open();
    await page.goto("/sign-in");
    await field(page, "E-mail address").fill(owner.email);
    await field(page, "Password").fill(GOOD_PASSWORD);
    await page.context().setOffline(true);
    await button(page, "Sign in").click();
    await page.getByText(OFFLINE).waitFor();
    await page.context().setOffline(false);
    proxy.goAway();
    await button(page, "Sign in").click();
    await page.getByText(AWAY).waitFor();
    expect(await field(page, "E-mail address").inputValue()).toBe(owner.email);
    proxy.comeBack();
    await button(page, "Sign in").click();
    await page.getByLabel("6-digit code").waitFor();
  });
});
