import { breakGlass } from "../../src/access/address-rules/break-glass.ts";
import { tellRulesWentBack } from "../../src/access/address-rules/tell-rules-went-back.job.ts";
import { holdOffSessionRules } from "../../src/access/session-rules/hold-off-session-rules.ts";
import type { Action } from "../../src/contract/actions.ts";
import type { accessActions } from "../../src/contract/access/actions.ts";
import { systemContext } from "../../src/context.ts";
import { addApp, addGrant, addMember, lastToken, sendInvitation } from "../builders/access.ts";
import { newEmail } from "../builders/identity.ts";
import { addServiceAccount, addServiceKey, type ServiceKey } from "../builders/keys.ts";
import { addPerson, type Person } from "../builders/people.ts";
import type { Harness } from "../harness.ts";
import { policyScenes } from "./policy-scenes.ts";
import { done, type Scene, type Scenes, type TellingAction } from "./scene.ts";

type Own = Extract<TellingAction, Action & keyof typeof accessActions>;

/** An app with two owners: whoever acts, the other one hears of it too. */
async function twoOwners(h: Harness) {
  const app = await addApp(h);
  const other = await addMember(h, { organisationId: app.organisationId, role: "owner" });
  return { ...app, other };
}

const rules = (h: Harness, key: ServiceKey, cidr: string) =>
  done(h, "PUT", `/keys/${key.keyId}/address-rules`, {
    as: key.owner.headers,
    body: { mode: "enforce", entries: [{ cidr }] },
  });

const ownRules = (h: Harness, { headers }: Person) =>
  done(h, "PUT", "/account/address-rules", {
    as: headers,
    body: { mode: "enforce", entries: [{ cidr: "127.0.0.1" }] },
  });

const invitedToOrganisation = async (h: Harness) => {
  const { organisationId, owner, other } = await twoOwners(h);
  const guest = await addPerson(h);
  const path = `/organisations/${organisationId}/people`;
  const body = { email: guest.email, role: "officer" };
  const { body: sent } = await done(h, "POST", path, { as: owner.headers, body });
  return { guest, owner, other, invitationId: String(sent.id) };
};

const offered = async (h: Harness): Promise<Scene> => {
  const { appId, owner, other } = await twoOwners(h);
  const email = newEmail();
  return {
    act: () => done(h, "POST", `/apps/${appId}/transfer`, { as: owner.headers, body: { email } }),
    tells: [
      ["app-offered", email],
      ["app-offered-away", owner.email],
      ["app-offered-away", other.email],
    ],
  };
};

const serviceGrant = async (h: Harness) => {
  const app = await addApp(h);
  const accountId = await addServiceAccount(h, app);
  const { body } = await done(h, "GET", `/apps/${app.appId}/grants`, { as: app.owner.headers });
  const grants = body.grants as { id: string; account: { id: string } }[];
  const grantId = grants.find(({ account }) => account.id === accountId)?.id;
  return { ...app, path: `/apps/${app.appId}/grants/${grantId}` };
};

export const accessScenes: Scenes<Own> = {
  ...policyScenes,
  "session-rules.changed": [
    async (h) => {
      const person = await addPerson(h);
      return {
        act: () => ownRules(h, person),
        tells: [["session-rules-changed", person.email]],
      };
    },
  ],
  "session-rules.confirmed": [
    async (h) => {
      const person = await addPerson(h);
      await ownRules(h, person);
      return {
        act: () => done(h, "POST", "/account/address-rules/confirm", { as: person.headers }),
        tells: [["session-rules-changed", person.email]],
      };
    },
  ],
  "session-rules.broken-glass": [
    async (h) => {
      const person = await addPerson(h);
      await ownRules(h, person);
      const ctx = systemContext(h.services, "break-glass");
      const { accountId } = person;
      return {
        act: () => holdOffSessionRules(ctx, { accountId, reason: "Locked out", hours: 1 }),
        tells: [["session-rules-held-off", person.email]],
      };
    },
  ],
  "organisation.person-added": [
    async (h) => {
      const { organisationId, owner } = await addApp(h);
      const email = newEmail();
      const path = `/organisations/${organisationId}/people`;
      return {
        act: () => done(h, "POST", path, { as: owner.headers, body: { email, role: "owner" } }),
        tells: [["invitation-to-organisation", email]],
      };
    },
  ],
  "organisation.person-changed": [
    async (h) => {
      const { organisationId, owner, other } = await twoOwners(h);
      const path = `/organisations/${organisationId}/people/${other.accountId}`;
      return {
        act: () => done(h, "PATCH", path, { as: owner.headers, body: { role: "officer" } }),
        tells: [["member-changed", other.email]],
      };
    },
  ],
  "organisation.person-removed": [
    async (h) => {
      const { organisationId, owner, other } = await twoOwners(h);
      const path = `/organisations/${organisationId}/people/${other.accountId}`;
      return {
        act: () => done(h, "DELETE", path, { as: owner.headers }),
        tells: [["member-removed", other.email]],
      };
    },
    async (h) => {
      const { organisationId, other } = await twoOwners(h);
      const path = `/organisations/${organisationId}/people/${other.accountId}`;
      return {
        act: () => done(h, "DELETE", path, { as: other.headers }),
        tells: [["member-left", other.email]],
      };
    },
  ],
  "app.deleted": [
    async (h) => {
      const { appId, owner, other } = await twoOwners(h);
      const { person } = await addGrant(h, { appId, role: "editor" });
      return {
        act: () => done(h, "DELETE", `/apps/${appId}`, { as: owner.headers }),
        tells: [person, owner, other].map(({ email }) => ["app-deleted", email]),
      };
    },
  ],
  "app.transferred": [
    async (h) => {
      const { appId, owner, other } = await twoOwners(h);
      const receiver = await addApp(h);
      const { organisationId } = receiver;
      await addMember(h, { organisationId, role: "owner", person: owner });
      return {
        act: () =>
          done(h, "POST", `/apps/${appId}/transfer`, {
            as: owner.headers,
            body: { organisationId },
          }),
        tells: [owner, other, receiver.owner].map(({ email }) => ["app-handed-over", email]),
      };
    },
  ],
  "app.transfer-offered": [offered],
  "role.changed": [
    async (h) => {
      const { appId, owner } = await addApp(h);
      const path = `/apps/${appId}/roles`;
      const role = { name: "packer", description: "", permissions: ["app:read"] };
      await done(h, "POST", path, { as: owner.headers, body: role });
      const { person } = await addGrant(h, { appId, role: "packer" });
      const body = { permissions: ["app:read", "app:write"] };
      return {
        act: () => done(h, "PATCH", `${path}/packer`, { as: owner.headers, body }),
        tells: [["role-changed", person.email]],
      };
    },
  ],
  "invitation.sent": [
    async (h) => {
      const { appId, owner } = await addApp(h);
      const email = newEmail();
      const body = { email, apps: [{ appId, role: "editor" }] };
      return {
        act: () => done(h, "POST", "/invitations", { as: owner.headers, body }),
        tells: [["invitation", email]],
      };
    },
  ],
  "invitation.resent": [
    async (h) => {
      const { appId, owner } = await addApp(h);
      const email = newEmail();
      const apps = [{ appId, role: "editor" }];
      const { id } = await sendInvitation(h, { as: owner.headers, email, apps });
      return {
        act: () => done(h, "POST", `/invitations/${id}/resend`, { as: owner.headers, body: {} }),
        tells: [["invitation", email]],
      };
    },
    async (h) => {
      const { guest, owner, invitationId } = await invitedToOrganisation(h);
      return {
        act: () =>
          done(h, "POST", `/invitations/${invitationId}/resend`, { as: owner.headers, body: {} }),
        tells: [["invitation-to-organisation", guest.email]],
      };
    },
  ],
  "invitation.accepted": [
    async (h) => {
      const { guest, owner, other } = await invitedToOrganisation(h);
      const body = { token: await lastToken(h, guest.email) };
      return {
        act: () => done(h, "POST", "/invitations/accept", { as: guest.headers, body }),
        tells: [
          ["invitation-accepted", owner.email],
          ["member-joined", other.email],
        ],
      };
    },
    async (h) => {
      const { guest, owner } = await invitedToOrganisation(h);
      const stranger = await addPerson(h);
      const body = { token: await lastToken(h, guest.email) };
      return {
        act: () => h.call("POST", "/v1/invitations/accept", { as: stranger.headers, body }),
        tells: [["invitation-wrong-account", owner.email]],
      };
    },
  ],
  "grant.changed": [
    async (h) => {
      const { appId, owner } = await addApp(h);
      const { grantId, person } = await addGrant(h, { appId, role: "editor" });
      const path = `/apps/${appId}/grants/${grantId}`;
      return {
        act: () => done(h, "PATCH", path, { as: owner.headers, body: { role: "reporter" } }),
        tells: [["access-changed", person.email]],
      };
    },
    async (h) => {
      const { path, owner } = await serviceGrant(h);
      return {
        act: () => done(h, "PATCH", path, { as: owner.headers, body: { role: "reporter" } }),
        tells: [["service-account-access-changed", owner.email]],
      };
    },
  ],
  "grant.revoked": [
    async (h) => {
      const { appId, owner } = await addApp(h);
      const { grantId, person } = await addGrant(h, { appId, role: "editor" });
      return {
        act: () => done(h, "DELETE", `/apps/${appId}/grants/${grantId}`, { as: owner.headers }),
        tells: [["access-ended", person.email]],
      };
    },
    async (h) => {
      const { path, owner } = await serviceGrant(h);
      return {
        act: () => done(h, "DELETE", path, { as: owner.headers }),
        tells: [["service-account-access-ended", owner.email]],
      };
    },
  ],
  "access.removed-from-everything": [
    async (h) => {
      const { appId, organisationId, owner } = await addApp(h);
      const { person } = await addGrant(h, { appId, role: "admin" });
      const path = `/organisations/${organisationId}/people/${person.accountId}/remove`;
      return {
        act: () => done(h, "POST", path, { as: owner.headers, body: { revokeKeys: true } }),
        tells: [
          ["access-ended-everywhere", person.email],
          ["person-removed", owner.email],
        ],
      };
    },
  ],
  "service-account.created": [
    async (h) => {
      const app = await twoOwners(h);
      return {
        act: () => addServiceAccount(h, app),
        tells: [app.owner, app.other].map(({ email }) => ["service-account-created", email]),
      };
    },
  ],
  "service-account.changed": [
    async (h) => {
      const { serviceAccountId, owner } = await addServiceKey(h);
      const path = `/service-accounts/${serviceAccountId}`;
      return {
        act: () => done(h, "PATCH", path, { as: owner.headers, body: { disabled: true } }),
        tells: [["service-account-disabled", owner.email]],
      };
    },
    async (h) => {
      const { serviceAccountId, owner } = await addServiceKey(h);
      const path = `/service-accounts/${serviceAccountId}`;
      await done(h, "PATCH", path, { as: owner.headers, body: { disabled: true } });
      return {
        act: () => done(h, "PATCH", path, { as: owner.headers, body: { disabled: false } }),
        tells: [["service-account-enabled", owner.email]],
      };
    },
  ],
  "service-account.deleted": [
    async (h) => {
      const { serviceAccountId, owner } = await addServiceKey(h);
      const path = `/service-accounts/${serviceAccountId}`;
      return {
        act: () => done(h, "DELETE", path, { as: owner.headers }),
        tells: [["service-account-deleted", owner.email]],
      };
    },
  ],
  "key.created": [
    async (h) => {
      const app = await twoOwners(h);
      const accountId = await addServiceAccount(h, app);
      const path = `/service-accounts/${accountId}/keys`;
      return {
        act: () => done(h, "POST", path, { as: app.owner.headers, body: { name: "Backup" } }),
        tells: [app.owner, app.other].map(({ email }) => ["key-created", email]),
      };
    },
  ],
  "key.rotated": [
    async (h) => {
      const { keyId, owner } = await addServiceKey(h);
      return {
        act: () =>
          done(h, "POST", `/keys/${keyId}/rotate`, {
            as: owner.headers,
            body: { overlapSeconds: 3_600 },
          }),
        tells: [["key-rotated", owner.email]],
      };
    },
  ],
  "key.revoked": [
    async (h) => {
      const { keyId, owner } = await addServiceKey(h);
      return {
        act: () => done(h, "DELETE", `/keys/${keyId}`, { as: owner.headers }),
        tells: [["key-revoked", owner.email]],
      };
    },
    async (h) => {
      const { headers, owner } = await addServiceKey(h);
      return {
        act: () => done(h, "POST", "/keys/self-revoke", { as: headers, body: {} }),
        tells: [["key-revoked", owner.email]],
      };
    },
  ],
  "address-rules.changed": [
    async (h) => {
      const key = await addServiceKey(h);
      return {
        act: () => rules(h, key, "127.0.0.2"),
        tells: [["rules-changed", key.owner.email]],
      };
    },
  ],
  "address-rules.confirmed": [
    async (h) => {
      const key = await addServiceKey(h);
      await rules(h, key, "127.0.0.2");
      const path = `/keys/${key.keyId}/address-rules/confirm`;
      return {
        act: () => done(h, "POST", path, { as: key.owner.headers }),
        tells: [["rules-confirmed", key.owner.email]],
      };
    },
  ],
  "address-rules.went-back": [
    async (h) => {
      const key = await addServiceKey(h);
      const { body } = await rules(h, key, "127.0.0.2");
      h.clock.advance(10 * 60_000);
      const ctx = systemContext(h.services, "tell-rules-went-back");
      const payload = { level: "key" as const, ownerId: key.keyId, revertsAt: body.revertsAt };
      return {
        act: () => tellRulesWentBack.run({ ctx, signal: AbortSignal.timeout(30_000) }, payload),
        tells: [["rules-went-back", key.owner.email]],
      };
    },
  ],
  "address-rules.broken-glass": [
    async (h) => {
      const { appId, owner } = await addApp(h);
      const ctx = systemContext(h.services, "sallyport break-glass");
      return {
        act: () => breakGlass(ctx, { target: { appId }, reason: "Locked out", hours: 1 }),
        tells: [["rules-held-off", owner.email]],
      };
    },
  ],
};
