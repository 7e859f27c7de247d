import type { FastifyPluginAsync, FastifyReply } from "fastify";
import { u16 } from "../../contract/proofs/bytes.ts";
import {
  hashesAt,
  parseTilePath,
  TILE_WIDTH,
  type TilePlace,
} from "../../contract/proofs/tiles.ts";
import { networkOf } from "../../platform/client-address/parse-address.ts";
import type { Db } from "../../platform/db/db.ts";
import { TokenBuckets } from "../../platform/limits/token-buckets.ts";
import { ProblemError } from "../../problem-error.ts";
import { tileReader } from "../sequencer/read-tile.ts";
import {
  readLeaves,
  readPublished,
  readWitnesses,
  type PublishedLog,
} from "./public-log-queries.ts";

/** Anybody may read the log: it says nothing of anybody, and leaves no entry. */
const options = { schema: { hide: true }, config: { isPublicFile: true } } as const;

/** What a hash was it stays, and a partial tile bears its width in its name. */
const FOR_GOOD = "public, max-age=31536000, immutable";
/** A checkpoint is a second old at most when there is news. */
const FOR_A_MOMENT = "public, max-age=1";

/**
 * Files for one network: enough to check a log of a million batches in one go, and then some each
 * second. Whoever copies more of it does well to keep what never changes.
 */
const NETWORK_LIMIT = { burst: 5_000, perSecond: 100 };

/**
 * The public log, C2SP tlog-tiles v0.1.0 below `/audit` and, for a former life too, `/audit/<n>`:
 * `checkpoint`, `key`, `witnesses`, `tile/<level>/…` and `tile/entries/…`, whose entries are the batches' leaves.
 */
export const publicLogRoutes: FastifyPluginAsync = async (app) => {
  const { db, clock } = app.services;
  const limits = new TokenBuckets(NETWORK_LIMIT);
  app.addHook("onRequest", async (request) => {
    const waitMs = limits.take(networkOf(app.addressOf(request)), clock.now().getTime());
    if (waitMs > 0)
      throw new ProblemError("too-many-requests", { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  });
  for (const prefix of ["/audit", "/audit/:epoch(^[1-9]\\d{0,8}$)"]) {
    app.get<{ Params: { epoch?: string } }>(
      `${prefix}/checkpoint`,
      options,
      async ({ params }, reply) => {
        const { checkpoint } = await requirePublished(db, params.epoch);
        return reply
          .header("cache-control", FOR_A_MOMENT)
          .type("text/plain; charset=utf-8")
          .send(checkpoint);
      },
    );
    // For a first look. Whoever means to check us gets the key some other way, and keeps it.
    app.get<{ Params: { epoch?: string } }>(`${prefix}/key`, options, async ({ params }, reply) => {
      const { verifierKey } = await requirePublished(db, params.epoch);
      return reply
        .header("cache-control", FOR_A_MOMENT)
        .type("text/plain; charset=utf-8")
        .send(`${verifierKey}\n`);
    });
    // The same holds for its witnesses, as a policy file (C2SP tlog-policy) that asks nothing of anybody.
    app.get<{ Params: { epoch?: string } }>(
      `${prefix}/witnesses`,
      options,
      async ({ params }, reply) => {
        const { epoch, verifierKey } = await requirePublished(db, params.epoch);
        const witnesses = await readWitnesses(db, epoch);
        const lines = [
          `log ${verifierKey}`,
          ...witnesses.map(({ name, key }) => `witness ${name} ${key}`),
          "quorum none",
        ];
        return reply
          .header("cache-control", FOR_A_MOMENT)
          .type("text/plain; charset=utf-8")
          .send(`${lines.join("\n")}\n`);
      },
    );
    app.get<{ Params: { epoch?: string; "*": string } }>(
      `${prefix}/tile/*`,
      options,
      async ({ params }, reply) => {
        const place = parseTilePath(`tile/${params["*"]}`);
        if (place === null) throw new ProblemError("route-not-found");
        const log = await requirePublished(db, params.epoch);
        if (!isPublished(place, log)) throw new ProblemError("route-not-found");
        return await sendTile(reply, db, { log, place });
      },
    );
  }
};

async function requirePublished(db: Db, epoch: string | undefined): Promise<PublishedLog> {
  const log = await readPublished(db, epoch === undefined ? null : Number(epoch));
  if (log === null) throw new ProblemError("route-not-found");
  return log;
}

/** Only what the published checkpoint covers: the tree may have grown, and nobody has signed that yet. */
function isPublished({ level, n, width }: TilePlace, { size }: PublishedLog): boolean {
  return n * TILE_WIDTH + width <= hashesAt(level === "entries" ? 0 : level, size);
}

async function sendTile(
  reply: FastifyReply,
  db: Db,
  { log, place }: { log: PublishedLog; place: TilePlace },
): Promise<FastifyReply> {
  const { level, n, width } = place;
  const { epoch } = log;
  const bytes =
    level === "entries"
      ? bundle(await readLeaves(db, { epoch, from: n * TILE_WIDTH, count: width }))
      : Buffer.from(await tileReader(db, epoch)({ level, n, width }));
  return reply.header("cache-control", FOR_GOOD).type("application/octet-stream").send(bytes);
}

/** Leaves one after the other, each behind its length. Hashes do not get smaller: sent as they are. */
const bundle = (leaves: readonly Buffer[]): Buffer =>
  Buffer.concat(leaves.flatMap((leaf) => [u16(leaf.length), leaf]));
