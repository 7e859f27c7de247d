import type { Action } from "../../src/contract/actions.ts";
import type { noticeActions } from "../../src/contract/notice/actions.ts";
import { unsubscribeToken } from "../../src/notice/preferences/unsubscribe-token.ts";
import { addPerson } from "../builders/people.ts";
import { done, type Scenes, type TellingAction } from "./scene.ts";

type Own = Extract<TellingAction, Action & keyof typeof noticeActions>;

const warnings = (email: boolean) => ({
  classes: [{ class: "account-warning", channels: { email, inbox: true } }],
});

export const noticeScenes: Scenes<Own> = {
  "notice-preferences.changed": [
    async (h) => {
      const { headers: as, email } = await addPerson(h);
      return {
        act: () => done(h, "PUT", "/notice-preferences", { as, body: warnings(false) }),
        tells: [["notices-off", email]],
      };
    },
    async (h) => {
      const { headers: as } = await addPerson(h);
      await done(h, "PUT", "/notice-preferences", { as, body: warnings(false) });
      return {
        act: () => done(h, "PUT", "/notice-preferences", { as, body: warnings(true) }),
        tells: [],
      };
    },
  ],
  "notice-preferences.unsubscribed": [
    async (h) => {
      const { accountId, email } = await addPerson(h);
      const token = unsubscribeToken(h.services, { accountId, class: "account-warning" });
      return {
        act: () => done(h, "POST", `/unsubscribe?token=${token}`, { body: {} }),
        tells: [["notices-off", email]],
      };
    },
  ],
  "notice-preferences.tested": [
    async (h) => {
      const { headers: as, email } = await addPerson(h);
      const body = { channel: "email" };
      return {
        act: () => done(h, "POST", "/notice-preferences/test", { as, body }),
        tells: [["notice-test", email]],
      };
    },
  ],
};
