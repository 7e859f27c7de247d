import assert from "node:assert/strict";
import type { Reply } from "../../../test/harness.ts";
import type { Fault } from "../../../test/lossy-proxy.ts";
import {
  creations,
  seesApp,
  type Creation,
  type CreationKind,
  type Draft,
} from "./fence-property-creations.ts";
import { turns, type Place } from "./fence-property-stage.ts";
import type { Model, World } from "./fence-property-world.ts";

/** Where something begins: in which process, and after how many turns of the event loop. */
type Start = { place: Place; turns: number };

export type RemovalStep = Start & {
  kind: "remove";
  revokesKeys: boolean;
  /** Loses a commit, or its answer, in the process that removes. */
  fault: Fault | null;
  creations: readonly (Start & { kind: CreationKind })[];
};

type Made = { kind: CreationKind; creation: Creation; reply: Reply };

/** How often each was done and refused: a race that always ends the same way shows nothing. */
export const seen = new Map<CreationKind | "removal", { done: number; refused: number }>();

function count(what: CreationKind | "removal", isDone: boolean): void {
  const counts = seen.get(what) ?? { done: 0, refused: 0 };
  counts[isDone ? "done" : "refused"] += 1;
  seen.set(what, counts);
}

/**
 * "Remove from everything" of the person who holds the service account, while something is made for or
 * by them, all of it begun before any of it is awaited. The model: what was made came first and was
 * removed, or was refused, or was made by somebody whose authority stays; and nothing that is asked
 * after the removal returned is answered yes to a key of theirs.
 */
export async function removeMeanwhile(world: World, step: RemovalStep): Promise<void> {
  await takeBack(world);
  const prepared: { start: Start; kind: CreationKind; creation: Creation }[] = [];
  for (const { kind, ...start } of step.creations)
    prepared.push({ start, kind, creation: await creations[kind](world) });

  const broken = step.fault === null ? null : world.stage.breakAt(step.place, "change", step.fault);
  const asking = askOnAndOn(world, step);
  const removing = begin(step, async () => {
    const reply = await remove(world, step);
    if (reply.status === 200) asking.isRemoved = true;
    return reply;
  });
  const making = prepared.map(async ({ start, kind, creation }): Promise<Made> => {
    const reply = await begin(start, () => creation.make(world.stage.processes[start.place]));
    return { kind, creation, reply };
  });
  // A failure must not leave anybody asking.
  const settled = await Promise.all([removing, Promise.all(making), broken]).finally(() => {
    asking.isOver = true;
  });
  assert.equal(await asking.yesAfter, 0, "asked after the removal, answered yes");
  await judge(world, step, { removal: settled[0], made: settled[1] });
}

/** Whoever was removed before is a guest of the app again, and of nothing else: it can all be given to them. */
async function takeBack(world: World): Promise<void> {
  const { stage, holder, secondAppId, app, model } = world;
  const { db } = stage.base;
  await db
    .deleteFrom("access_grant")
    .where("account_id", "=", holder.accountId)
    .where("app_id", "=", secondAppId)
    .execute();
  await db
    .deleteFrom("organisation_member")
    .where("account_id", "=", holder.accountId)
    .where("organisation_id", "=", app.organisationId)
    .execute();
  if (model.holderRole !== "admin") await world.become({ ...model, holderRole: "admin" });
}

async function begin<T>({ turns: wait }: Start, work: () => Promise<T>): Promise<T> {
  await turns(wait);
  return await work();
}

const remove = (world: World, { place, revokesKeys }: RemovalStep): Promise<Reply> =>
  world.stage.processes[place].call(
    "POST",
    `/v1/organisations/${world.app.organisationId}/people/${world.holder.accountId}/remove`,
    { as: world.owner.headers, body: { revokeKeys: revokesKeys } },
  );

/** Asks both processes about a key of theirs until it is over, and counts what may not be. */
function askOnAndOn(world: World, { revokesKeys }: RemovalStep) {
  const key = world.keys.find(({ keyId }) => world.model.keys.get(keyId)?.isHolders);
  const asking = { isOver: false, isRemoved: false, yesAfter: Promise.resolve(0) };
  const askOn = async (place: Place): Promise<number> => {
    let yesAfter = 0;
    while (!asking.isOver) {
      const wasRemoved = asking.isRemoved;
      if ((await world.ask(place, key)) && wasRemoved) yesAfter += 1;
    }
    return revokesKeys ? yesAfter : 0;
  };
  asking.yesAfter = Promise.all([askOn(0), askOn(1)]).then(([one, other]) => one + other);
  return asking;
}

type Happened = { removal: Reply; made: readonly Made[] };

/** Compares what was answered with the model, moves the model on, and asks again about everything. */
async function judge(world: World, step: RemovalStep, happened: Happened): Promise<void> {
  world.model = modelAfter(world, step, happened);
  for (const key of world.keys)
    for (const place of [0, 1] as const) await world.askRightly(place, key);
  await seesApp(world, world.holder, world.app.appId, world.model.holderRole !== null);
  const { removal, made } = happened;
  const isRemoved = isDone(removal);
  for (const { creation, reply } of made)
    await creation.check?.({ isRemoved, removal, isMade: isDone(reply), made: reply });
}

function modelAfter(world: World, step: RemovalStep, { removal, made }: Happened): Model {
  const isRemoved = isDone(removal);
  count("removal", isRemoved);
  // A change whose commit is lost is refused, and nothing happened; where its answer is lost, it is found out.
  const right = step.fault === "lost" ? [200, 503] : [200];
  assert.ok(right.includes(removal.status), `the removal was answered ${removal.status}`);

  const draft: Draft = { ...world.model, keys: new Map(world.model.keys) };
  for (const { creation, reply } of made) if (isDone(reply)) creation.apply?.(reply, draft);
  for (const one of made) judgeRefusal(one, { step, draft, isRemoved });
  if (isRemoved) applyRemoval(draft, step, removal);
  return draft;
}

/** Nothing is refused without a reason: the removal, a smaller role of the holder, a commit that was lost. */
function judgeRefusal(
  { kind, creation, reply }: Made,
  { step, draft, isRemoved }: { step: RemovalStep; draft: Draft; isRemoved: boolean },
): void {
  count(kind, isDone(reply));
  if (isDone(reply)) return;
  const hasReason = isRemoved || draft.holderRole !== "admin";
  const mayBeRefused = (hasReason && creation.isByOwner !== true) || creation.mayFail === true;
  const right = [...(mayBeRefused ? [403, 404, 410] : []), ...(step.fault === "lost" ? [503] : [])];
  assert.ok(right.includes(reply.status), `${kind} was answered ${reply.status}`);
}

/** All that was made by them came first, or it would have been refused: so it is among what was ended. */
function applyRemoval(draft: Draft, { revokesKeys }: RemovalStep, removal: Reply): void {
  const theirs = [...draft.keys].filter(([, { isLive, isHolders }]) => isLive && isHolders);
  const revoked = revokesKeys ? theirs.map(([id]) => id) : [];
  const told = (removal.body.revokedKeys as { id: string }[]).map(({ id }) => id);
  assert.deepEqual(told.toSorted(), revoked.toSorted());
  const grants = removal.body.grants as { role: string }[];
  assert.ok(grants.some(({ role }) => role === draft.holderRole));
  for (const id of revoked) draft.keys.set(id, { isLive: false, isHolders: true });
  draft.holderRole = null;
}

const isDone = ({ status }: Reply): boolean => status < 300;
