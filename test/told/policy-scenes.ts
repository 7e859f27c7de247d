import { tendPasswords } from "../../src/access/policies/tend-passwords.job.ts";
import { systemContext } from "../../src/context.ts";
import { addApp, addGrant, addMember } from "../builders/access.ts";
import { GOOD_PASSWORD, setPassword } from "../builders/identity.ts";
import type { Harness } from "../harness.ts";
import { done, type Scene, type Scenes } from "./scene.ts";

const DAY_MS = 86_400_000;

/** An app with two owners and a guest. */
async function shared(h: Harness) {
  const { appId, organisationId, owner } = await addApp(h);
  const other = await addMember(h, { organisationId, role: "owner" });
  const { person: guest } = await addGrant(h, { appId, role: "reporter" });
  const put = (preset: string) =>
    done(h, "PUT", "/policies/password", { as: owner.headers, body: { organisationId, preset } });
  return { organisationId, owner, other, guest, put };
}

const stricter = async (h: Harness): Promise<Scene> => {
  const { owner, other, guest, put } = await shared(h);
  return {
    act: () => put("classic"),
    tells: [
      ["password-policy-changed", owner.email],
      ["password-policy-changed", other.email],
      ["password-policy-stricter", guest.email],
    ],
  };
};

const moreLenient = async (h: Harness): Promise<Scene> => {
  const { owner, other, put } = await shared(h);
  await put("classic");
  return {
    act: () => put("none"),
    tells: [
      ["password-policy-changed", owner.email],
      ["password-policy-changed", other.email],
    ],
  };
};

export const policyScenes: Scenes<"password-policy.changed" | "password-policy.password-demanded"> =
  {
    "password-policy.changed": [stricter, moreLenient],
    "password-policy.password-demanded": [
      async (h) => {
        const { organisationId, owner, guest } = await shared(h);
        await setPassword(h, guest.accountId, GOOD_PASSWORD);
        const body = { organisationId, accountId: guest.accountId };
        return {
          act: () => done(h, "POST", "/policies/password/expire", { as: owner.headers, body }),
          tells: [["password-demanded", guest.email]],
        };
      },
    ],
  };

export const noticeScenes: Scenes<"account.password-notice-sent"> = {
  "account.password-notice-sent": [
    async (h) => {
      const { guest, put } = await shared(h);
      await setPassword(h, guest.accountId, GOOD_PASSWORD);
      await put("classic");
      return {
        act: async () => {
          h.clock.advance(40 * DAY_MS);
          const ctx = systemContext(h.services, "test");
          await tendPasswords.run({ ctx, signal: new AbortController().signal }, {});
          h.clock.advance(-40 * DAY_MS);
        },
        tells: [["password-ends", guest.email]],
      };
    },
  ],
};
