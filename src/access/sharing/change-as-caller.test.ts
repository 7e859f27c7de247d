import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addApp, lastToken, sendInvitation } from "../../../test/builders/access.ts";
import { addPerson, addSession } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Reply } from "../../../test/harness.ts";
import { lockSlots, organisationSlot } from "../../platform/db/version-slots.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.stop());

const waitingForLocks = async (): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(h.db);
  return rows[0]?.count ?? 0;
};

/** Runs the request up to the organisation's lock, which is held meanwhile. */
async function heldUp(
  organisationId: string,
  request: () => Promise<Reply>,
  meanwhile: () => Promise<void>,
): Promise<Reply> {
  let reply: Promise<Reply> | undefined;
  await h.db.transaction().execute(async (tx) => {
    await lockSlots(tx, { touches: [organisationSlot(organisationId)] });
    reply = request();
    await expect.poll(waitingForLocks).toBeGreaterThan(0);
    await meanwhile();
  });
  if (reply === undefined) throw new Error("the request was sent");
  return await reply;
}

// Attack: a request of a stolen session waits for a lock while its owner ends that session.
test.each(["app", "name", "invitation", "acceptance", "transfer"] as const)(
  "of a session that ends while its change (%s) waits nothing more happens",
  async (kind) => {
    const { appId, organisationId, owner } = await addApp(h);
    const guest = await addPerson(h);
    const offered = await addApp(h, { owner });
    const offer = { as: owner.headers, body: { email: guest.email } };
    await h.call("POST", `/v1/apps/${offered.appId}/transfer`, offer);
    const transferToken = await lastToken(h, guest.email);
    const { token } = await sendInvitation(h, {
      as: owner.headers,
      email: guest.email,
      apps: [{ appId, role: "editor" }],
    });
    const [method, path, body, caller] = {
      app: ["POST", "/v1/apps", { name: "Late" }, owner] as const,
      name: ["PATCH", `/v1/apps/${appId}`, { name: "Late" }, owner] as const,
      invitation: [
        "POST",
        "/v1/invitations",
        { email: "accomplice@example.test", apps: [{ appId, role: "admin" }] },
        owner,
      ] as const,
      acceptance: ["POST", "/v1/invitations/accept", { token }, guest] as const,
      transfer: ["POST", "/v1/apps/transfers/accept", { token: transferToken }, guest] as const,
    }[kind];
    const stolen = await addSession(h, caller.accountId);

    const reply = await heldUp(
      organisationId,
      () => h.call(method, path, { body, as: stolen.headers }),
      async () => {
        const end = `/v1/sessions/${stolen.sessionId}`;
        const ended = await h.call("DELETE", end, { body: {}, as: caller.headers });
        expect(ended.status).toBe(204);
      },
    );
    expect([reply.status, reply.body.code]).toEqual([401, "not-signed-in"]);
    expect((await h.entries()).at(-1)).toMatchObject({ outcome: "refused" });
  },
);
