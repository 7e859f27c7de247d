import type { Action } from "../../src/contract/actions.ts";
import type { operatorActions } from "../../src/contract/operator/actions.ts";
import { systemContext } from "../../src/context.ts";
import { addOperator as makeOperator } from "../../src/operator/claim/add-operator.ts";
import { renewClaimLink } from "../../src/start/claim-link.ts";
import { addApp } from "../builders/access.ts";
import { addEnrolledPerson, newEmail } from "../builders/identity.ts";
import { addServiceKey } from "../builders/keys.ts";
import { addOperator, addOperatorKey } from "../builders/operator.ts";
import { addPerson } from "../builders/people.ts";
import type { Harness } from "../harness.ts";
import { done, type Scene, type Scenes, type TellingAction } from "./scene.ts";

type Own = Extract<TellingAction, Action & keyof typeof operatorActions>;

/** Every operator there is: scenes before this one have left some. */
async function operators(h: Harness): Promise<string[]> {
  const rows = await h.db
    .selectFrom("account")
    .select("email")
    .where("is_operator", "=", true)
    .execute();
  return rows.map(({ email }) => email ?? "");
}

const toOperators = async (h: Harness, kind: Scene["tells"][number][0]): Promise<Scene["tells"]> =>
  (await operators(h)).map((email) => [kind, email]);

async function switched(h: Harness, verb: "disable" | "enable", isService: boolean) {
  const operator = await addOperator(h);
  const key = await addServiceKey(h);
  const person = isService ? key.owner : await addPerson(h);
  const accountId = isService ? key.serviceAccountId : person.accountId;
  const path = `/operator/accounts/${accountId}`;
  const call = (which: string) => () =>
    done(h, "POST", `${path}/${which}`, {
      as: operator.headers,
      ...(which === "disable" && { body: { reason: "Ticket 12" } }),
    });
  if (verb === "enable") await call("disable")();
  return { act: call(verb), email: person.email };
}

async function factorReset(h: Harness) {
  const [operator, person] = [await addOperator(h), await addEnrolledPerson(h)];
  const path = `/operator/accounts/${person.accountId}/factor-reset`;
  const body = { reason: "Ticket 12" };
  return {
    person,
    ask: () => done(h, "POST", path, { as: operator.headers, body }),
    cancel: () => done(h, "DELETE", path, { as: operator.headers }),
  };
}

const provisioning = async (h: Harness) =>
  (await addOperatorKey(h, await addOperator(h), { scopes: ["provision"] })).headers;

let count = 0;

export const operatorScenes: Scenes<Own> = {
  "operator.claimed": [
    async (h) => {
      const person = await addPerson(h);
      const link = await renewClaimLink(h.db, h.services.config, h.clock.now());
      const token = new URL(link ?? "").searchParams.get("token");
      return {
        act: () => done(h, "POST", "/operator/claim", { as: person.headers, body: { token } }),
        tells: [["operator-made", person.email]],
      };
    },
  ],
  "operator.added": [
    async (h) => {
      await addOperator(h);
      const { email } = await addPerson(h);
      return {
        act: () => makeOperator(systemContext(h.services, "sallyport operator add"), { email }),
        tells: [["operator-made", email], ...(await toOperators(h, "operator-joined"))],
      };
    },
  ],
  "operator.key-created": [
    async (h) => {
      const operator = await addOperator(h);
      return {
        act: () => addOperatorKey(h, operator),
        tells: await toOperators(h, "operator-key-created"),
      };
    },
  ],
  "operator.key-revoked": [
    async (h) => {
      const operator = await addOperator(h);
      const { id } = await addOperatorKey(h, operator);
      return {
        act: () => done(h, "DELETE", `/operator/keys/${id}`, { as: operator.headers }),
        tells: await toOperators(h, "operator-key-revoked"),
      };
    },
  ],
  "account.disabled": [
    async (h) => {
      const { act, email } = await switched(h, "disable", false);
      return { act, tells: [["account-disabled", email]] };
    },
    async (h) => {
      const { act, email } = await switched(h, "disable", true);
      return { act, tells: [["service-account-stopped", email]] };
    },
  ],
  "account.factor-reset-asked": [
    async (h) => {
      const { ask, person } = await factorReset(h);
      return { act: ask, tells: [["recovery-waits", person.email]] };
    },
  ],
  "account.factor-reset-cancelled": [
    async (h) => {
      const { ask, cancel, person } = await factorReset(h);
      await ask();
      return { act: cancel, tells: [["recovery-stopped", person.email]] };
    },
  ],
  "account.enabled": [
    async (h) => {
      const { act, email } = await switched(h, "enable", false);
      return { act, tells: [["account-enabled", email]] };
    },
    async (h) => {
      const { act, email } = await switched(h, "enable", true);
      return { act, tells: [["service-account-resumed", email]] };
    },
  ],
  "account.provisioned": [
    async (h) => {
      const as = await provisioning(h);
      const email = newEmail();
      const body = { email, displayName: "Pat Example" };
      return {
        act: () => done(h, "PUT", `/provision/accounts/made-${count++}`, { as, body }),
        tells: [["account-made", email]],
      };
    },
    async (h) => {
      const as = await provisioning(h);
      const { email } = await addPerson(h);
      const body = { email, displayName: "Pat Example" };
      return {
        act: () => h.call("PUT", `/v1/provision/accounts/known-${count++}`, { as, body }),
        tells: [["consent-asked", email]],
      };
    },
  ],
  "organisation.provisioned": [
    async (h) => {
      const as = await provisioning(h);
      const person = await addPerson(h, { externalId: `owner-${count++}` });
      const body = { name: "Acme", owners: [{ email: person.email }] };
      return {
        act: () => done(h, "PUT", `/provision/organisations/acme-${count++}`, { as, body }),
        tells: [["owners-added", person.email]],
      };
    },
  ],
  "permission.replaced": [
    async (h) => {
      const operator = await addOperator(h);
      const body = { permissions: [{ key: "invoices:read", description: "See invoices" }] };
      return {
        act: () => done(h, "PUT", "/permissions", { as: operator.headers, body }),
        tells: await toOperators(h, "catalogue-replaced"),
      };
    },
  ],
  "support.requested": [
    async (h) => {
      const operator = await addOperator(h);
      const { appId, owner } = await addApp(h);
      const body = { appId, reason: "Ticket 12", hours: 2 };
      return {
        act: () => done(h, "POST", "/operator/support-requests", { as: operator.headers, body }),
        tells: [["support-requested", owner.email]],
      };
    },
  ],
  "support.consent-given": [
    async (h) => {
      const { appId, owner } = await addApp(h);
      const body = { reason: "Ticket 12", hours: 2 };
      return {
        act: () => done(h, "POST", `/apps/${appId}/support-consents`, { as: owner.headers, body }),
        tells: [["support-consent-given", owner.email]],
      };
    },
  ],
  "support.consent-withdrawn": [
    async (h) => {
      const { appId, owner } = await addApp(h);
      const path = `/apps/${appId}/support-consents`;
      const body = { reason: "Ticket 12", hours: 2 };
      const given = await done(h, "POST", path, { as: owner.headers, body });
      return {
        act: () => done(h, "DELETE", `${path}/${given.body.id}`, { as: owner.headers }),
        tells: [["support-consent-withdrawn", owner.email]],
      };
    },
  ],
};
