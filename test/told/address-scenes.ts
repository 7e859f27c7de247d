import { linkToken, newEmail } from "../builders/identity.ts";
import { addPerson } from "../builders/people.ts";
import type { Harness } from "../harness.ts";
import { done, type Scenes } from "./scene.ts";

type Kind = "sign-in" | "backup";

const asking = (
  h: Harness,
  person: { headers: Record<string, string> },
  kind: Kind,
  email: string,
) => done(h, "PUT", `/account/addresses/${kind}`, { as: person.headers, body: { email } });

const confirming = async (h: Harness, email: string) => {
  const token = await linkToken(h, email);
  return () => done(h, "POST", "/account/addresses/confirm", { body: { token } });
};

async function withBackup(h: Harness) {
  const [person, backup] = [await addPerson(h), newEmail()];
  await asking(h, person, "backup", backup);
  await (
    await confirming(h, backup)
  )();
  return { person, backup };
}

export const addressScenes: Scenes<
  | "account.address-asked"
  | "account.address-changed"
  | "account.address-change-undone"
  | "account.backup-address-removed"
> = {
  "account.address-asked": [
    async (h) => {
      const { person, backup } = await withBackup(h);
      const email = newEmail();
      return {
        act: () => asking(h, person, "sign-in", email),
        tells: [
          ["confirm-new-address", email],
          ["sign-in-address-asked", person.email],
          ["sign-in-address-asked", backup],
        ],
      };
    },
    async (h) => {
      const [person, other] = [await addPerson(h), await addPerson(h)];
      return {
        act: () => asking(h, person, "sign-in", other.email),
        tells: [
          ["address-in-use", other.email],
          ["sign-in-address-asked", person.email],
        ],
      };
    },
    async (h) => {
      const [person, email] = [await addPerson(h), newEmail()];
      return {
        act: () => asking(h, person, "backup", email),
        tells: [["confirm-new-address", email]],
      };
    },
  ],
  "account.address-changed": [
    async (h) => {
      const { person, backup } = await withBackup(h);
      const email = newEmail();
      await asking(h, person, "sign-in", email);
      return {
        act: await confirming(h, email),
        tells: [
          ["sign-in-address-changed", person.email],
          ["sign-in-address-changed", backup],
          ["sign-in-address-new", email],
        ],
      };
    },
    async (h) => {
      const { person, backup } = await withBackup(h);
      const email = newEmail();
      await asking(h, person, "backup", email);
      return {
        act: await confirming(h, email),
        tells: [person.email, backup, email].map((to) => ["backup-address-changed", to]),
      };
    },
  ],
  "account.address-change-undone": [
    async (h) => {
      const [person, email] = [await addPerson(h), newEmail()];
      await asking(h, person, "sign-in", email);
      await (
        await confirming(h, email)
      )();
      const token = await linkToken(h, person.email);
      return {
        act: () => done(h, "POST", "/account/addresses/undo", { body: { token } }),
        tells: [person.email, email].map((to) => ["sign-in-address-undone", to]),
      };
    },
  ],
  "account.backup-address-removed": [
    async (h) => {
      const { person, backup } = await withBackup(h);
      return {
        act: () => done(h, "DELETE", "/account/addresses/backup", { as: person.headers }),
        tells: [person.email, backup].map((to) => ["backup-address-removed", to]),
      };
    },
  ],
};
