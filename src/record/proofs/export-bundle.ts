import { toBase64 } from "../../contract/proofs/bytes.ts";
import {
  BUNDLE_FORMAT,
  type BundleLine,
  type EndLine,
  type GapsLine,
  type UnprovenLine,
} from "../../contract/proofs/bundle.ts";
import { TileTree } from "../../contract/proofs/tile-tree.ts";
import type { Context } from "../../context.ts";
import { ProblemError } from "../../problem-error.ts";
import { tellingFailure, visiblePages, type ExportOptions } from "../search/export-entries.ts";
import { keyOf } from "../search/source.ts";
import { readerScope, type VisibleEntry } from "../search/visible-entry.ts";
import { sha256 } from "../sequencer/log-tree.ts";
import { tileReader } from "../sequencer/read-tile.ts";
import { bundleBatches, type Bundled, type ShownBatch } from "./bundle-batches.ts";
import { readAllPublished, readGaps, type PublishedLog } from "./public-log-queries.ts";

export type BundleOptions = ExportOptions & {
  /** The query, as it was asked. */
  asked: Record<string, string>;
  /** Leaves of a checkpoint from which it is shown that the log goes on. */
  sinceSize?: number | undefined;
};

/**
 * What an export would hold, with its proofs, as a file that is checked offline (contract/proofs/bundle.ts).
 *
 * @throws {ProblemError} `not-proven-yet` while nothing is signed.
 */
export async function exportBundle(
  ctx: Context,
  options: BundleOptions,
): Promise<AsyncGenerator<string>> {
  const logs = await readAllPublished(ctx.db);
  if (logs.length === 0) throw new ProblemError("not-proven-yet", { retryAfterSeconds: 2 });
  return tellingFailure(ctx, bundleLines(ctx, { options, logs }));
}

async function* bundleLines(
  ctx: Context,
  { options, logs }: { options: BundleOptions; logs: readonly PublishedLog[] },
): AsyncGenerator<string> {
  yield line(await firstLine(ctx, { options, logs }));
  const scope = readerScope(options.scope);
  const total: Omit<EndLine, "type"> = { batches: 0, entries: 0, unproven: 0 };
  for await (const batches of batchPages(ctx, options)) {
    const bundled: Bundled = await bundleBatches(ctx.db, { batches, scope, logs });
    total.batches += bundled.batches;
    total.entries += bundled.entries;
    total.unproven += bundled.unproven.length;
    yield bundled.lines.map(line).join("");
    if (bundled.unproven.length > 0)
      yield line({ type: "unproven", ids: bundled.unproven } satisfies UnprovenLine);
  }
  const gaps = await readGaps(ctx.db);
  if (gaps.length > 0) yield line({ type: "gaps", batches: gaps } satisfies GapsLine);
  yield line({ type: "end", ...total } satisfies EndLine);
}

const line = (value: object): string => `${JSON.stringify(value)}\n`;

async function firstLine(
  ctx: Context,
  {
    options: { asked, sinceSize = 0 },
    logs,
  }: { options: BundleOptions; logs: readonly PublishedLog[] },
): Promise<BundleLine> {
  const newest = logs.at(-1);
  return {
    type: "bundle",
    format: BUNDLE_FORMAT,
    madeAt: ctx.now().toISOString(),
    asked,
    logs: await Promise.all(
      logs.map(async (log) => ({
        key: log.verifierKey,
        checkpoint: log.checkpoint,
        ...(log === newest &&
          sinceSize > 0 &&
          sinceSize < log.size && { since: await goingOn(ctx, log, sinceSize) }),
      })),
    ),
  };
}

async function goingOn(
  { db }: Context,
  { epoch, size }: PublishedLog,
  sinceSize: number,
): Promise<{ size: number; path: string[] }> {
  const tree = new TileTree(sha256, size, tileReader(db, epoch));
  return { size: sinceSize, path: (await tree.consistency(sinceSize)).map(toBase64) };
}

/** Pages of whole batches: one that a page cuts waits for the next page. */
async function* batchPages(ctx: Context, options: ExportOptions): AsyncGenerator<ShownBatch[]> {
  let kept: ShownBatch | undefined;
  for await (const entries of visiblePages(ctx, options)) {
    const batches = joined(kept, entries);
    kept = batches.pop();
    if (batches.length > 0) yield batches;
  }
  if (kept !== undefined) yield [kept];
}

/** Entries in the order of reading: those of one batch follow each other. */
function joined(kept: ShownBatch | undefined, entries: readonly VisibleEntry[]): ShownBatch[] {
  const batches = kept === undefined ? [] : [kept];
  for (const entry of entries) {
    const last = batches.at(-1);
    if (last !== undefined && keyOf(last.place) === keyOf(entry.place)) last.entries.push(entry);
    else batches.push({ place: entry.place, entries: [entry] });
  }
  return batches;
}
