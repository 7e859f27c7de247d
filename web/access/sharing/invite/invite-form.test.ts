import { expect, test } from "vitest";
import type { App } from "../access-api.ts";
import { choosableApps, newRow, toInvitation } from "./invite-form.ts";

const app = (id: string, organisationId: string): App => ({
  id,
  name: id,
  organisation: { id: organisationId, name: organisationId },
  role: "owner",
  expiresAt: null,
  createdAt: "2026-01-01T00:00:00.000Z",
});

test("an app is chosen once, and all are of one organisation", () => {
  const apps = [app("shop", "acme"), app("site", "acme"), app("lab", "other")];
  const rows = [newRow("shop"), newRow()];
  expect(choosableApps(apps, rows, 1).map(({ id }) => id)).toEqual(["site"]);
  expect(choosableApps(apps, rows, 0)).toHaveLength(3);
});

test("what is left empty is not sent", () => {
  const now = new Date(2026, 0, 1, 12);
  const sent = toInvitation(
    { email: " kim@example.test ", displayName: " ", apps: [newRow("shop", "editor")] },
    now,
  );
  expect(sent).toEqual({
    email: "kim@example.test",
    apps: [{ appId: "shop", role: "editor" }],
  });
  const dated = { ...newRow("shop", "editor"), expiresAt: { choice: "day", date: "" } as const };
  expect(toInvitation({ email: "a@b.test", displayName: "Kim", apps: [dated] }, now)).toEqual({
    email: "a@b.test",
    displayName: "Kim",
    apps: [{ appId: "shop", role: "editor", expiresAt: new Date(2026, 0, 2, 12).toISOString() }],
  });
});
