import { expect, test } from "vitest";
import type { SharedPerson } from "./access-api.ts";
import { findPeople, peopleOf } from "./people-of.ts";

const person = (name: string, given: Partial<SharedPerson> = {}): SharedPerson => ({
  account: { id: name, kind: "person", email: `${name}@example.test`, displayName: name },
  email: `${name}@example.test`,
  memberships: [],
  grants: [],
  invitations: [],
  ...given,
});
const grant = (appId: string) => ({
  id: `grant-${appId}`,
  app: { id: appId, name: `App ${appId}` },
  role: "editor",
  expiresAt: null,
});
const invitation: SharedPerson["invitations"][number] = {
  id: "invitation",
  email: "zoe@example.test",
  status: "sent",
  sentAt: "2026-03-01T00:00:00Z",
  endsAt: "2026-03-08T00:00:00Z",
  apps: [{ app: { id: "a", name: "App a" }, role: "editor" }],
  organisation: null,
};

test("a person of two organisations shows each page only what is that organisation's", () => {
  const people = [person("kim", { grants: [grant("a"), grant("b")] }), person("lee")];
  const found = peopleOf(people, { organisationId: "one", appIds: new Set(["a"]) });
  expect(found).toHaveLength(1);
  expect(found[0]?.grants.map(({ app }) => app.id)).toEqual(["a"]);
});

test("people are found by name, address and app, whatever the case", () => {
  const people = [person("Kim", { grants: [grant("a")] }), person("lee")];
  expect(findPeople(people, "KIM app").map(({ email }) => email)).toEqual(["Kim@example.test"]);
  expect(findPeople(people, "lee@example")).toHaveLength(1);
  expect(findPeople(people, "nobody")).toHaveLength(0);
});

test("owners come first, then officers, people by name, and last who was only invited", () => {
  const member = (role: "owner" | "officer") => ({
    memberships: [{ organisation: { id: "one", name: "One" }, role }],
  });
  const people = [
    person("zoe", { account: null, invitations: [invitation] }),
    person("lee", { grants: [grant("a")] }),
    person("ada", { grants: [grant("a")] }),
    person("kim", member("officer")),
    person("max", member("owner")),
  ];
  const found = peopleOf(people, { organisationId: "one", appIds: new Set(["a"]) });
  expect(found.map(({ email }) => email.split("@")[0])).toEqual([
    "max",
    "kim",
    "ada",
    "lee",
    "zoe",
  ]);
});
