import type { Action } from "../../src/contract/actions.ts";
import type { recordActions } from "../../src/contract/record/actions.ts";
import type { MailKind } from "../../src/contract/mails.ts";
import { judgeStreams, streamRound } from "../../src/record/streams/stream-round.ts";
import { addApp, addMember } from "../builders/access.ts";
import { startLog } from "../builders/log.ts";
import { addOperator } from "../builders/operator.ts";
import { httpsTarget, sendingOf } from "../builders/streams.ts";
import type { Harness } from "../harness.ts";
import { startHttpsReceiver } from "../support/receivers.ts";
import { done, type Scene, type Scenes, type TellingAction } from "./scene.ts";

type Own = Extract<TellingAction, Action & keyof typeof recordActions>;

const settings = { name: "SIEM", covers: "important", format: "entry", alarmAfterMinutes: 10 };
/** Nobody sends to it here. */
const target = { https: { url: "https://127.0.0.1:9/log" } };

/** An organisation with two owners and a stream: whoever acts, the other one hears of it too. */
async function withStream(h: Harness, to: object = target) {
  const { organisationId, owner } = await addApp(h);
  const other = await addMember(h, { organisationId, role: "owner" });
  const body = { ...settings, organisationId, target: to };
  const as = owner.headers;
  const made = await done(h, "POST", "/log-streams", { as, body });
  const both = (kind: MailKind): Scene["tells"] => [
    [kind, owner.email],
    [kind, other.email],
  ];
  return { as, organisationId, path: `/log-streams/${made.body.stream.id}`, both };
}

async function sequence(h: Harness): Promise<void> {
  const log = await startLog(h.database.ownerUrl, { keyRing: h.services.keyRing });
  await log.catchUp();
  await log.close();
}

const act =
  (name: string, kind: MailKind, body: object = {}, before: string[] = []) =>
  async (h: Harness): Promise<Scene> => {
    const { as, path, both } = await withStream(h);
    for (const first of before) await done(h, "POST", `${path}/${first}`, { as, body: {} });
    return { act: () => done(h, "POST", `${path}/${name}`, { as, body }), tells: both(kind) };
  };

/** A stream whose receiver answers so, with something to be sent. */
async function answered(h: Harness, status: number, kind: MailKind): Promise<Scene> {
  const receiver = await startHttpsReceiver();
  receiver.answer = (_, reply) => reply.writeHead(status).end();
  await h.db.deleteFrom("log_stream").execute();
  const { both } = await withStream(h, httpsTarget(receiver));
  await sequence(h);
  return {
    act: async () => {
      // An entry that is refused is tried five times.
      for (let round = 0; round < 5; round += 1) {
        await streamRound(sendingOf(h));
        await h.db.updateTable("log_stream").set({ next_try_at: null }).execute();
      }
      await h.db.deleteFrom("log_stream").execute();
      await receiver.stop();
    },
    tells: both(kind),
  };
}

const idOf = (path: string): string => path.split("/").at(-1) ?? "";

export const recordScenes: Scenes<Own> = {
  "log-stream.created": [
    async (h) => {
      const { organisationId, owner } = await addApp(h);
      const other = await addMember(h, { organisationId, role: "owner" });
      const given = { as: owner.headers, body: { ...settings, organisationId, target } };
      return {
        act: () => done(h, "POST", "/log-streams", given),
        tells: [
          ["stream-created", owner.email],
          ["stream-created", other.email],
        ],
      };
    },
    async (h) => {
      await h.db.updateTable("account").set({ is_operator: false }).execute();
      const operator = await addOperator(h);
      const second = await addOperator(h);
      const given = { as: operator.headers, body: { ...settings, target } };
      return {
        act: () => done(h, "POST", "/operator/log-streams", given),
        tells: [
          ["stream-created", operator.email],
          ["stream-created", second.email],
        ],
      };
    },
  ],
  "log-stream.changed": [
    async (h) => {
      const { as, path, both } = await withStream(h);
      return {
        act: () => done(h, "PATCH", path, { as, body: { covers: "everything" } }),
        tells: both("stream-changed"),
      };
    },
  ],
  "log-stream.secret-rotated": [act("secret", "stream-changed")],
  "log-stream.paused": [
    act("pause", "stream-paused"),
    async (h) => await answered(h, 410, "stream-stopped"),
  ],
  "log-stream.resumed": [act("resume", "stream-resumed", {}, ["pause"])],
  "log-stream.replayed": [act("replay", "stream-replayed", { fromLeaf: 0 })],
  "log-stream.deleted": [
    async (h) => {
      const { as, path, both } = await withStream(h);
      return { act: () => done(h, "DELETE", path, { as }), tells: both("stream-deleted") };
    },
  ],
  "log-stream.entry-set-aside": [async (h) => await answered(h, 422, "stream-refused")],
  "log-stream.fell-behind": [
    async (h) => {
      const { path, both } = await withStream(h);
      await sequence(h);
      await makeLate(h, path);
      return { act: () => judgeStreams(sendingOf(h)), tells: both("stream-behind") };
    },
  ],
  "log-stream.caught-up": [
    async (h) => {
      await h.db.deleteFrom("log_stream").execute();
      const { path, both } = await withStream(h);
      await h.db
        .updateTable("log_stream")
        .set({ alarmed_at: h.clock.now() })
        .where("id", "=", idOf(path))
        .execute();
      return { act: () => judgeStreams(sendingOf(h)), tells: both("stream-recovered") };
    },
  ],
};

/** As if its news had come a day ago; other scenes' streams are out of the way. */
async function makeLate(h: Harness, path: string): Promise<void> {
  await h.db.deleteFrom("log_stream").where("id", "!=", idOf(path)).execute();
  const ago = new Date(h.clock.now().getTime() - 86_400_000);
  await h.db.updateTable("log_stream").set({ started_at: ago }).execute();
  const log = await startLog(h.database.ownerUrl, { keyRing: h.services.keyRing });
  await log.owner.pool.query("update log_leaf set taken_at = now() - interval '1 day'");
  await log.close();
}
