import assert from "node:assert/strict";
import { lastToken, sendInvitation } from "../../../test/builders/access.ts";
import { addPerson, type Person } from "../../../test/builders/people.ts";
import type { Harness, Reply } from "../../../test/harness.ts";
import type { KeyState, Model, World } from "./fence-property-world.ts";

/** The model while a step changes it. */
export type Draft = Omit<Model, "keys"> & { keys: Map<string, KeyState> };

/** What came of a removal, and of something that was made while it was under way. */
export type Outcome = { isRemoved: boolean; removal: Reply; isMade: boolean; made: Reply };

/** Something made for or by the holder at the same moment as they are removed from everything. */
export type Creation = {
  make(process: Harness): Promise<Reply>;
  /** Refused also where nobody is removed. */
  mayFail?: boolean;
  /** By somebody who stays: the removal is no reason to refuse it. */
  isByOwner?: boolean;
  /** What the database holds once it was made, before any removal. */
  apply?(made: Reply, draft: Draft): void;
  /** What else must be so after both have returned. */
  check?(outcome: Outcome): Promise<void>;
};

/** Each sets up what it needs; then it can be made at any moment. */
export const creations = {
  "accept-app": async (world: World): Promise<Creation> => {
    const { id, token } = await sendInvitation(world.stage.base, {
      as: world.owner.headers,
      email: world.holder.email,
      apps: [{ appId: world.secondAppId, role: "admin" }],
    });
    return {
      make: accept(world.holder, token),
      check: async ({ isRemoved, isMade, removal }) => {
        if (isRemoved) {
          const grants = removal.body.grants as { app: { id: string } }[];
          assert.equal(
            grants.some(({ app }) => app.id === world.secondAppId),
            isMade,
          );
          assert.equal(idsOf(removal.body.invitationsToThem).includes(id), !isMade);
        }
        await seesApp(world, world.holder, world.secondAppId, isMade && !isRemoved);
      },
    };
  },

  "accept-membership": async (world: World): Promise<Creation> => {
    const { base } = world.stage;
    const { organisationId } = world.app;
    const people = `/v1/organisations/${organisationId}/people`;
    const { email } = world.holder;
    const sent = await base.call("POST", people, {
      as: world.owner.headers,
      body: { email, role: "owner" },
    });
    assert.equal(sent.status, 201);
    return {
      make: accept(world.holder, await lastToken(base, email)),
      check: async ({ isRemoved, isMade, removal }) => {
        if (isRemoved) assert.equal(removal.body.membership, isMade ? "owner" : null);
        const reply = await base.call("GET", people, { as: world.holder.headers });
        assert.equal(reply.status, isMade && !isRemoved ? 200 : 404);
      },
    };
  },

  "change-holder": async (world: World): Promise<Creation> => {
    const url = await grantUrl(world, world.holder.accountId);
    return {
      make: (process) =>
        process.call("PATCH", url, { as: world.owner.headers, body: { role: "editor" } }),
      apply: (_made, draft) => {
        draft.holderRole = "editor";
      },
    };
  },

  "widen-account": async (world: World): Promise<Creation> => {
    const { role, endsAtMs } = world.model;
    const url = await grantUrl(world, world.accountId);
    return {
      mayFail: role === null || endsAtMs !== null,
      make: (process) =>
        process.call("PATCH", url, { as: world.holder.headers, body: { role: "editor" } }),
      apply: (_made, draft) => {
        draft.role = "editor";
      },
    };
  },

  invite: async (world: World): Promise<Creation> => {
    const { base } = world.stage;
    const guest = await addPerson(base);
    return {
      make: (process) =>
        process.call("POST", "/v1/invitations", {
          as: world.holder.headers,
          body: { email: guest.email, apps: [{ appId: world.app.appId, role: "editor" }] },
        }),
      check: async ({ isRemoved, isMade, removal, made }) => {
        if (!isRemoved || !isMade) return;
        assert.ok(idsOf(removal.body.invitationsByThem).includes(made.body.id));
        const late = await accept(guest, await lastToken(base, guest.email))(base);
        assert.equal(late.status, 410);
        await seesApp(world, guest, world.app.appId, false);
      },
    };
  },

  // What was accepted before its inviter was removed stays: grants outlast those who gave them.
  "accept-theirs": async (world: World): Promise<Creation> => {
    const { base } = world.stage;
    const guest = await addPerson(base);
    const { id, token } = await sendInvitation(base, {
      as: world.holder.headers,
      email: guest.email,
      apps: [{ appId: world.app.appId, role: "reporter" }],
    });
    return {
      make: accept(guest, token),
      check: async ({ isRemoved, isMade, removal }) => {
        if (isRemoved) assert.equal(idsOf(removal.body.invitationsByThem).includes(id), !isMade);
        await seesApp(world, guest, world.app.appId, isMade);
      },
    };
  },

  "make-account": async (world: World): Promise<Creation> => ({
    make: (process) =>
      process.call("POST", `/v1/apps/${world.app.appId}/service-accounts`, {
        as: world.holder.headers,
        body: { name: "Robot", role: "editor" },
      }),
    // It stays, and whoever made it gets no key of it any more.
    check: async ({ isRemoved, isMade, made }) => {
      if (!isRemoved || !isMade) return;
      const url = `/v1/service-accounts/${made.body.id}/keys`;
      const late = await world.stage.base.call("POST", url, {
        as: world.holder.headers,
        body: { name: "late" },
      });
      assert.equal(late.status, 404);
    },
  }),

  "make-key": async (world: World): Promise<Creation> => makeKey(world, world.holder),

  "make-key-by-owner": async (world: World): Promise<Creation> => ({
    ...makeKey(world, world.owner),
    isByOwner: true,
  }),

  "rotate-key": async (world: World): Promise<Creation> => {
    const old = world.keys.findLast(({ keyId }) => world.model.keys.get(keyId)?.isLive);
    if (old === undefined) return makeKey(world, world.holder);
    const made = makeKey(world, world.holder);
    return {
      make: (process) =>
        process.call("POST", `/v1/keys/${old.keyId}/rotate`, {
          as: world.holder.headers,
          body: { overlapSeconds: 0 },
        }),
      apply: (reply, draft) => {
        const before = draft.keys.get(old.keyId);
        draft.keys.set(old.keyId, { isHolders: before?.isHolders ?? false, isLive: false });
        made.apply?.(reply, draft);
      },
    };
  },
} satisfies Record<string, (world: World) => Promise<Creation>>;

export type CreationKind = keyof typeof creations;

export const creationKinds = Object.keys(creations) as CreationKind[];

function makeKey(world: World, maker: Person): Creation {
  return {
    make: (process) =>
      process.call("POST", `/v1/service-accounts/${world.accountId}/keys`, {
        as: maker.headers,
        body: { name: "Another" },
      }),
    apply: ({ body }, draft) => {
      world.keys.push({ keyId: body.id, text: body.key });
      draft.keys.set(body.id, { isLive: true, isHolders: maker === world.holder });
    },
  };
}

const accept = (person: Person, token: string) => (process: Harness) =>
  process.call("POST", "/v1/invitations/accept", { as: person.headers, body: { token } });

/** Whether an app is something to a person, asked of both processes. */
export async function seesApp(
  world: World,
  person: Person,
  appId: string,
  isSeen: boolean,
): Promise<void> {
  for (const process of world.stage.processes) {
    const reply = await process.call("GET", `/v1/apps/${appId}`, { as: person.headers });
    assert.equal(reply.status, isSeen ? 200 : 404);
  }
}

/** Where there is no grant, the address of one that nobody has. */
async function grantUrl({ stage, app }: World, accountId: string): Promise<string> {
  const row = await stage.base.db
    .selectFrom("access_grant")
    .select("id")
    .where("account_id", "=", accountId)
    .where("app_id", "=", app.appId)
    .executeTakeFirst();
  return `/v1/apps/${app.appId}/grants/${row?.id ?? crypto.randomUUID()}`;
}

const idsOf = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id);
