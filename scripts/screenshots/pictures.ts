import type { Page } from "playwright-core";
import { openReceipt } from "./open-receipt.ts";
import { demoPeople } from "../../src/demo/demo-people.ts";
import type { Guide } from "../../web/help/guides.ts";
import type { Look } from "./camera.ts";
import type { Places } from "./places.ts";

export type Picture = {
  who: string;
  path(places: Places): string;
  /** What is done before it is taken. */
  act?(page: Page, language: Look["language"]): Promise<void>;
  /** At most so much of the page, in its own pixels; it is cut where something ends. */
  height: number;
  /** Of the window, where the page needs more than the others. */
  width?: number;
};

const { anna, hugo, olga, tomasz } = demoPeople;

/** One of each guide of the panel's help. */
export const guidePictures: Record<Guide, Picture> = {
  "first-steps": { who: tomasz.email, path: () => "/", height: 430 },
  "two-factor": {
    who: hugo.email,
    path: () => "/account/two-factor?do=replace",
    act: async (page) => {
      await page.locator("#page section button").last().click();
      await page.locator("#page img[src^='data:']").waitFor();
    },
    height: 760,
  },
  password: {
    who: anna.email,
    path: () => "/account/password",
    act: async (page) => {
      const field = page.locator("#page input[autocomplete=new-password]");
      await field.fill("four words apart");
      await field.press("End");
    },
    height: 500,
  },
  sessions: { who: anna.email, path: () => "/account/sessions", height: 560 },
  sharing: { who: anna.email, path: () => "/account/shared", height: 700 },
  invitations: { who: anna.email, path: () => "/account/shared?tab=pending", height: 620 },
  roles: {
    who: anna.email,
    path: ({ app }) => `${app("Webshop")}/roles`,
    height: 660,
    width: 1280,
  },
  apps: { who: anna.email, path: ({ app }) => app("Webshop"), height: 480 },
  "service-accounts": {
    who: anna.email,
    path: ({ app }) => `${app("Webshop")}/service-accounts`,
    height: 660,
  },
  keys: {
    who: anna.email,
    path: ({ newKey }) => newKey("Dealer portal", "Price feed"),
    height: 590,
  },
  "ip-whitelist": {
    who: anna.email,
    path: ({ app }) => `${app("Dealer portal")}/ip-whitelist`,
    height: 790,
  },
  "action-log": { who: anna.email, path: () => "/security/action-log", height: 860 },
  streams: { who: anna.email, path: () => "/security/streams?dialog=new", height: 760 },
  retention: { who: anna.email, path: () => "/account/retention", height: 640 },
  operator: { who: olga.email, path: () => "/operator/health", height: 660 },
  branding: { who: olga.email, path: () => "/operator/branding", height: 660 },
};

/** What the README shows: whole windows. */
export const readmePictures: Record<string, Picture> = {
  home: { who: anna.email, path: () => "/", height: 800 },
  "action-log": { who: anna.email, path: () => "/security/action-log", height: 800 },
  "ip-whitelist": {
    who: anna.email,
    path: ({ app }) => `${app("Dealer portal")}/ip-whitelist`,
    height: 800,
  },
  receipt: {
    who: anna.email,
    path: () => "/account/shared?tab=removed",
    act: openReceipt,
    height: 800,
  },
};
