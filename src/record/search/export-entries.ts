import { stringify } from "csv-stringify/sync";
import type { LogEntry } from "../../contract/record/entries.ts";
import type { Context } from "../../context.ts";
import type { EntryScope } from "../../ports.ts";
import { ProblemError } from "../../problem-error.ts";
import type { EntryFilter } from "./entry-filter.ts";
import type { Position } from "./position.ts";
import { presentEntries } from "./present-entries.ts";
import { readPage } from "./read-page.ts";
import { toOcsf } from "./to-ocsf.ts";
import type { VisibleEntry } from "./visible-entry.ts";

/** Entries read, and held, at a time. */
const EXPORT_PAGE_ENTRIES = 500;
/** How often it is asked whether the caller still may, ms. */
const RECHECK_EVERY_MS = 1_000;

export type ExportOptions = {
  scope: EntryScope;
  filter: EntryFilter;
  /** @throws when the caller's credential is no longer good. */
  recheck: () => Promise<void>;
};

/** The log from its newest entry to its oldest in pages, each a short read of its own. None is empty. */
export async function* visiblePages(
  ctx: Context,
  { scope, filter, recheck }: ExportOptions,
): AsyncGenerator<VisibleEntry[]> {
  let cursor: Position | undefined;
  let checkedAtMs = performance.now();
  for (;;) {
    if (performance.now() - checkedAtMs >= RECHECK_EVERY_MS) {
      await recheck();
      await requireScope(ctx, scope);
      checkedAtMs = performance.now();
    }
    const page = await readPage(ctx, { scope, filter, cursor, limit: EXPORT_PAGE_ENTRIES });
    if (page.entries.length > 0) yield page.entries;
    if (page.next === null) return;
    cursor = page.next;
  }
}

/** The same as they are answered. */
async function* pages(ctx: Context, options: ExportOptions): AsyncGenerator<LogEntry[]> {
  for await (const entries of visiblePages(ctx, options))
    yield await presentEntries(ctx.db, entries);
}

/** Whoever lost an app while its entries are on their way gets no more of them. */
async function requireScope(ctx: Context, { appIds }: EntryScope): Promise<void> {
  const now = new Set((await ctx.ports.entryScope(ctx)).appIds);
  if (!appIds.every((appId) => now.has(appId))) throw new ProblemError("forbidden");
}

/** One entry a line, as in the pages of the log. */
export const exportNdjson = (ctx: Context, options: ExportOptions): AsyncGenerator<string> =>
  tellingFailure(ctx, linesOf(ctx, { options, toLine: (entry) => entry }));

/** One event a line, OCSF 1.8. */
export const exportOcsf = (ctx: Context, options: ExportOptions): AsyncGenerator<string> =>
  tellingFailure(ctx, linesOf(ctx, { options, toLine: toOcsf }));

async function* linesOf(
  ctx: Context,
  { options, toLine }: { options: ExportOptions; toLine: (entry: LogEntry) => unknown },
): AsyncGenerator<string> {
  for await (const entries of pages(ctx, options))
    yield entries.map((entry) => `${JSON.stringify(toLine(entry))}\n`).join("");
}

/** For files of lines: a failure on the way is the last one, `{"error":{"code"}}`. */
export async function* tellingFailure(
  ctx: Context,
  lines: AsyncGenerator<string>,
): AsyncGenerator<string> {
  try {
    yield* lines;
  } catch (error) {
    ctx.log.error({ err: error }, "an export broke off");
    const code = error instanceof ProblemError ? error.code : "internal";
    yield `${JSON.stringify({ error: { code, detail: "The export broke off here: it is not whole." } })}\n`;
  }
}

/** RFC 4180, with a header. A failure on the way is thrown: the connection breaks, so the download fails. */
export async function* exportCsv(ctx: Context, options: ExportOptions): AsyncGenerator<string> {
  yield toCsv([COLUMNS]);
  for await (const entries of pages(ctx, options)) yield toCsv(entries.map(toCells));
}

/** The header; permanent, new columns come last. */
const COLUMNS = [
  "id",
  "at",
  "action",
  "outcome",
  "reason",
  "class",
  "actorKind",
  "actorAccountId",
  "actorName",
  "credentialKind",
  "credentialId",
  "address",
  "userAgent",
  "appId",
  "appName",
  "targets",
  "requestId",
  "count",
  "reportedAction",
  "reportedAt",
  "change",
  "erased",
];

function toCells(entry: LogEntry): string[] {
  const { actor, credential, app } = entry;
  const cells = [
    entry.id,
    entry.at,
    entry.action,
    entry.outcome,
    entry.reason,
    entry.class,
    actor.kind,
    actor.accountId,
    actor.displayName,
    credential?.kind,
    credential?.id,
    entry.address,
    entry.userAgent,
    app?.id,
    app?.name,
    entry.targets.length === 0 ? "" : JSON.stringify(entry.targets),
    entry.requestId,
    entry.count?.toString(),
    entry.reportedAction,
    entry.reportedAt,
    entry.change === undefined ? "" : JSON.stringify(entry.change),
    entry.erased?.join(" "),
  ];
  return cells.map((cell) => cell ?? "");
}

/** A cell that begins like a formula gets an apostrophe: a spreadsheet would run what a stranger chose as user agent. */
const toCsv = (rows: readonly string[][]): string =>
  stringify([...rows], { escape_formulas: true, record_delimiter: "windows" });
