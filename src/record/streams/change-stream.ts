import {
  SECRET_OVERLAP_HOURS,
  type LogStream,
  type LogStreamChange,
  type LogStreamMade,
  type StreamStart,
} from "../../contract/record/streams.ts";
import type { Action } from "../../contract/actions.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import type { Mail, MailValue } from "../../platform/mail/compose-mail.ts";
import { invalidField, ProblemError } from "../../problem-error.ts";
import { record } from "../entries/change.ts";
import { requireFittingSettings, requireGoodTarget } from "./check-target.ts";
import { askRetry } from "./dead-letter-queries.ts";
import { findStream, streamNow } from "./read-streams.ts";
import { startPlace } from "./start-place.ts";
import type { StreamKeeper } from "./stream-keeper.ts";
import {
  deleteStreamRow,
  lockStream,
  moveCursor,
  setStreamState,
  updateStream,
} from "./stream-queries.ts";
import { cursorOf, type StreamRow } from "./stream-row.ts";
import {
  destinationOf,
  kindOf,
  newSigningSecret,
  openOrNothing,
  placeNameOf,
  sealDestination,
  type Destination,
} from "./stream-secrets.ts";

type Given<T = object> = { keeper: StreamKeeper; streamId: string } & T;

/**
 * A change of a stream, under its lock: what is told and recorded stands beside it.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`
 */
async function changing<T>(
  ctx: Context,
  { keeper, streamId }: Given,
  work: (
    tx: Tx,
    row: StreamRow,
  ) => Promise<{ result: T; action: Action; change?: object; mail?: MailFor | undefined }>,
): Promise<T> {
  keeper.requireFresh(ctx);
  const { organisation_id: owner } = await findStream(ctx, keeper, streamId);
  return await keeper.change(ctx, owner, async (tx) => {
    const row = await lockStream(tx, { id: streamId, organisationId: owner });
    if (row === undefined) throw new ProblemError("not-found");
    const { result, action, change, mail } = await work(tx, row);
    if (mail !== undefined) {
      const actor = await keeper.actor(tx, ctx);
      await ctx.ports.tellStreamOwners(tx, ctx, owner, (organisation) =>
        mail({ organisation, actor, stream: row.name }),
      );
    }
    await record(tx, ctx, {
      action,
      organisationId: owner ?? undefined,
      targets: [{ type: "log-stream", id: streamId }],
      ...(change !== undefined && { change }),
    });
    return result;
  });
}

type MailFor = (told: { organisation: MailValue; actor: MailValue; stream: string }) => Mail;

/** @throws {ProblemError} what `changing` throws; `invalid-request` for another kind, or a target that cannot be. */
export async function changeStream(
  ctx: Context,
  { change: asked, ...given }: Given<{ change: LogStreamChange }>,
): Promise<LogStream> {
  given.keeper.requireFresh(ctx);
  // Looked up before anything is locked, and only for those who may.
  await findStream(ctx, given.keeper, given.streamId);
  if (asked.target !== undefined) await requireGoodTarget(ctx, asked.target);
  return await changing(ctx, given, async (tx, row) => {
    const before = openOrNothing(ctx.keyRing, row);
    const destination = changedDestination(row, before, asked);
    const after = {
      name: asked.name ?? row.name,
      covers: asked.covers ?? row.covers,
      format: asked.format ?? row.format,
      alarmAfterMinutes: asked.alarmAfterMinutes ?? row.alarm_after_minutes,
    };
    requireFittingSettings({ ...after, target: destination.target });
    await updateStream(tx, {
      ...after,
      id: row.id,
      alarm_after_minutes: after.alarmAfterMinutes,
      sealed: sealDestination(ctx.keyRing, row.id, destination),
    });
    const goesTo = placeNameOf(destination.target);
    return {
      result: await streamNow(tx, ctx, { id: row.id, owner: row.organisation_id }),
      action: "log-stream.changed",
      change: {
        before: { ...settingsOf(row), target: before === null ? null : placeNameOf(before.target) },
        after: { ...after, target: goesTo },
      },
      mail: (told) => ({
        kind: "stream-changed",
        values: { ...told, target: goesTo },
        lines: ["what", "where"],
      }),
    };
  });
}

const settingsOf = (row: StreamRow) => ({
  name: row.name,
  covers: row.covers,
  format: row.format,
  alarmAfterMinutes: row.alarm_after_minutes,
});

function changedDestination(
  row: StreamRow,
  before: Destination | null,
  { target }: LogStreamChange,
): Destination {
  if (target !== undefined && kindOf(target) !== row.kind)
    throw invalidField("/target", { code: "stream-kind" });
  if (target === undefined) {
    if (before === null) throw invalidField("/target", { code: "missing" });
    return before;
  }
  const after = destinationOf(target, before ?? {});
  if (after.target.s3 !== undefined && after.secretAccessKey === undefined)
    throw invalidField("/target/s3/secretAccessKey", { code: "missing" });
  return after;
}

/** Sends nothing more until it is resumed, or goes on from where it was. */
export async function setPaused(
  ctx: Context,
  { isPaused, ...given }: Given<{ isPaused: boolean }>,
): Promise<LogStream> {
  return await changing(ctx, given, async (tx, row) => {
    const state = isPaused ? "paused" : "on";
    if (row.state === state) throw new ProblemError("conflict");
    await setStreamState(tx, row.id, { state, now: ctx.now() });
    return {
      result: await streamNow(tx, ctx, { id: row.id, owner: row.organisation_id }),
      action: isPaused ? "log-stream.paused" : "log-stream.resumed",
      mail: (told) => ({
        kind: isPaused ? "stream-paused" : "stream-resumed",
        values: told,
        lines: ["what"],
      }),
    };
  });
}

/** Everything from a place of the log on is sent again. */
export async function replayStream(
  ctx: Context,
  { start, ...given }: Given<{ start: StreamStart }>,
): Promise<LogStream> {
  given.keeper.requireFresh(ctx);
  await findStream(ctx, given.keeper, given.streamId);
  const place = await startPlace(ctx.db, start, "/fromLeaf");
  return await changing(ctx, given, async (tx, row) => {
    await moveCursor(tx, row.id, { place, now: ctx.now() });
    return {
      result: await streamNow(tx, ctx, { id: row.id, owner: row.organisation_id }),
      action: "log-stream.replayed",
      change: { before: cursorOf(row), after: place },
      mail: (told) => ({ kind: "stream-replayed", values: told, lines: ["what"] }),
    };
  });
}

/** A new secret signs from now on, the old one too for a day. @throws {ProblemError} `conflict` for another kind. */
export async function rotateSecret(ctx: Context, given: Given): Promise<LogStreamMade> {
  return await changing(ctx, given, async (tx, row) => {
    const before = openOrNothing(ctx.keyRing, row);
    if (before?.signing === undefined) throw new ProblemError("conflict");
    const secret = newSigningSecret();
    const endsAt = new Date(ctx.now().getTime() + SECRET_OVERLAP_HOURS * 3_600_000);
    const signing = {
      current: secret,
      previous: before.signing.current,
      previousEndsAt: endsAt.toISOString(),
    };
    await updateStream(tx, {
      ...row,
      sealed: sealDestination(ctx.keyRing, row.id, { ...before, signing }),
    });
    return {
      result: {
        stream: await streamNow(tx, ctx, { id: row.id, owner: row.organisation_id }),
        secret,
      },
      action: "log-stream.secret-rotated",
      mail: (told) => ({
        kind: "stream-changed",
        values: { ...told, target: placeNameOf(before.target) },
        lines: ["secret", "where"],
      }),
    };
  });
}

/** What was set aside is tried again, when the stream gets on. @returns how many. */
export async function retryDeadLetters(
  ctx: Context,
  { ids, ...given }: Given<{ ids: readonly string[] | undefined }>,
): Promise<{ count: number }> {
  return await changing(ctx, given, async (tx, row) => {
    const count = await askRetry(tx, row.id, { ids, now: ctx.now() });
    return {
      result: { count },
      action: "log-stream.dead-letters-retried",
      change: { after: { count } },
    };
  });
}

export async function deleteStream(ctx: Context, given: Given): Promise<void> {
  await changing(ctx, given, async (tx, row) => {
    await deleteStreamRow(tx, row.id);
    return {
      result: undefined,
      action: "log-stream.deleted",
      change: { before: { ...settingsOf(row), kind: row.kind, next: cursorOf(row) } },
      mail: (told) => ({ kind: "stream-deleted", values: told, lines: ["what"] }),
    };
  });
}
