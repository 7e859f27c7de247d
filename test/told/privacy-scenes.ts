import type { Action } from "../../src/contract/actions.ts";
import type { privacyActions } from "../../src/contract/privacy/actions.ts";
import { addApp, addMember } from "../builders/access.ts";
import { addOperator } from "../builders/operator.ts";
import { addPerson } from "../builders/people.ts";
import type { Harness } from "../harness.ts";
import { done, type Scenes, type TellingAction } from "./scene.ts";

type Own = Extract<TellingAction, Action & keyof typeof privacyActions>;

/** An organisation with two owners: whoever acts, the other one hears of it too. */
async function twoOwners(h: Harness) {
  const { organisationId, owner } = await addApp(h);
  const other = await addMember(h, { organisationId, role: "owner" });
  return { organisationId, owner, other, path: `/organisations/${organisationId}` };
}

const periods = (routineDays: number) => ({ routineDays, importantDays: 400, addressDays: 400 });

export const privacyScenes: Scenes<Own> = {
  "retention.changed": [
    async (h) => {
      const { owner, other, path } = await twoOwners(h);
      const given = { as: owner.headers, body: periods(60) };
      return {
        act: () => done(h, "PUT", `${path}/retention`, given),
        tells: [
          ["retention-changed", owner.email],
          ["retention-changed", other.email],
        ],
      };
    },
    async (h) => {
      const { owner, other, path } = await twoOwners(h);
      await done(h, "PUT", `${path}/retention`, { as: owner.headers, body: periods(60) });
      const given = { as: owner.headers, body: periods(30) };
      return {
        act: () => done(h, "PUT", `${path}/retention`, given),
        tells: [
          ["retention-shortened", owner.email],
          ["retention-shortened", other.email],
        ],
      };
    },
  ],
  "hold.placed": [
    async (h) => {
      const { owner, other, path } = await twoOwners(h);
      const given = { as: owner.headers, body: { reason: "A court asks" } };
      return {
        act: () => done(h, "POST", `${path}/holds`, given),
        tells: [
          ["hold-placed", owner.email],
          ["hold-placed", other.email],
        ],
      };
    },
    async (h) => {
      const { organisationId, owner, other } = await twoOwners(h);
      const operator = await addOperator(h);
      const given = { as: operator.headers, body: { reason: "A court asks", organisationId } };
      return {
        act: () => done(h, "POST", "/operator/holds", given),
        tells: [
          ["hold-placed", owner.email],
          ["hold-placed", other.email],
        ],
      };
    },
  ],
  "hold.released": [
    async (h) => {
      const { owner, other, path } = await twoOwners(h);
      const given = { as: owner.headers, body: { reason: "A court asks" } };
      const { body } = await done(h, "POST", `${path}/holds`, given);
      return {
        act: () => done(h, "DELETE", `${path}/holds/${body.id}`, { as: owner.headers }),
        tells: [
          ["hold-released", owner.email],
          ["hold-released", other.email],
        ],
      };
    },
  ],
  "erasure.requested": [
    async (h) => {
      const person = await addPerson(h);
      return {
        act: () => done(h, "POST", "/account/erasure", { as: person.headers, body: {} }),
        tells: [["erasure-asked", person.email]],
      };
    },
    async (h) => {
      const [operator, person] = [await addOperator(h), await addPerson(h)];
      const path = `/operator/accounts/${person.accountId}/erasure`;
      const given = { as: operator.headers, body: { reason: "Asked by letter" } };
      return {
        act: () => done(h, "POST", path, given),
        tells: [["erasure-asked", person.email]],
      };
    },
  ],
  "erasure.withdrawn": [
    async (h) => {
      const person = await addPerson(h);
      await done(h, "POST", "/account/erasure", { as: person.headers, body: {} });
      return {
        act: () => done(h, "DELETE", "/account/erasure", { as: person.headers }),
        tells: [["erasure-withdrawn", person.email]],
      };
    },
  ],
};
