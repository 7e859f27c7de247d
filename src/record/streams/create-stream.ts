import {
  MAX_STREAMS,
  type LogStreamMade,
  type NewLogStream,
} from "../../contract/record/streams.ts";
import type { Context } from "../../context.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import { invalidField, ProblemError } from "../../problem-error.ts";
import { record } from "../entries/change.ts";
import { requireFittingSettings, requireGoodTarget } from "./check-target.ts";
import { startPlace } from "./start-place.ts";
import type { StreamKeeper } from "./stream-keeper.ts";
import { insertStream, lockStreams } from "./stream-queries.ts";
import { destinationOf, kindOf, placeNameOf, sealDestination } from "./stream-secrets.ts";
import { streamNow } from "./read-streams.ts";

/**
 * Makes a stream, which begins to send within seconds. All who keep the owner's streams are told where it goes.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`, `limit-reached`; `invalid-request` for a target that
 *   cannot be, or that we may not call.
 */
export async function createStream(
  ctx: Context,
  keeper: StreamKeeper,
  { organisationId, start, target, ...settings }: NewLogStream,
): Promise<LogStreamMade> {
  keeper.requireFresh(ctx);
  const owner = await keeper.choose(ctx, organisationId);
  requireFittingSettings({ ...settings, target });
  if (target.s3 !== undefined && target.s3.secretAccessKey === undefined)
    throw invalidField("/target/s3/secretAccessKey", { code: "missing" });
  const now = ctx.now();
  const id = uuidv7(now.getTime());
  const destination = destinationOf(target);
  await requireGoodTarget(ctx, target);
  const place = await startPlace(ctx.db, start);
  return await keeper.change(ctx, owner, async (tx) => {
    if ((await lockStreams(tx, owner)) >= MAX_STREAMS) throw new ProblemError("limit-reached");
    await insertStream(tx, {
      ...settings,
      id,
      organisationId: owner,
      kind: kindOf(target),
      sealed: sealDestination(ctx.keyRing, id, destination),
      createdBy: makerOf(ctx),
      start: place,
      now,
    });
    const actor = await keeper.actor(tx, ctx);
    const goesTo = placeNameOf(destination.target);
    await ctx.ports.tellStreamOwners(tx, ctx, owner, (organisation) => ({
      kind: "stream-created",
      values: { organisation, actor, stream: settings.name, target: goesTo },
      lines: ["what", "where"],
    }));
    await record(tx, ctx, {
      action: "log-stream.created",
      organisationId: owner ?? undefined,
      targets: [{ type: "log-stream", id }],
      change: { after: { ...settings, kind: kindOf(target), target: goesTo, next: place } },
    });
    const secret = destination.signing?.current;
    return {
      stream: await streamNow(tx, ctx, { id, owner }),
      ...(secret !== undefined && { secret }),
    };
  });
}

function makerOf({ principal }: Context): string {
  if (principal.kind !== "session") throw new ProblemError("forbidden");
  return principal.accountId;
}
