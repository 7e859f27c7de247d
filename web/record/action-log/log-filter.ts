/** What the page's address says: which entries are shown. */
export const filterNames = [
  "view",
  "text",
  "when",
  "from",
  "to",
  "action",
  "outcome",
  "reason",
  "app",
  "person",
  "part",
  "credential",
  "session",
  "address",
  "request",
] as const;
export type FilterName = (typeof filterNames)[number];

export type LogFilter = Partial<Record<FilterName, string>>;

/** The person's part in an entry: they did it, or it was done to them. */
export const EITHER_PART = "any";

export const periods = ["today", "yesterday", "7d", "30d", "custom"] as const;

/** Filters alone, without open dialogs. */
export function readFilter(query: URLSearchParams): LogFilter {
  const found = filterNames.flatMap((name) => {
    const value = query.get(name);
    return value === null || value === "" ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

/** The same filter always becomes the same text. */
export const filterText = (filter: LogFilter): string =>
  new URLSearchParams(Object.entries(filter)).toString();

/** Whether something beside the view is asked for. */
export const isNarrowed = ({ view: _view, ...rest }: LogFilter): boolean =>
  Object.keys(rest).length > 0;

const DAY_MS = 86_400_000;

/** The instants of a period in the reader's zone: midnights are theirs. */
export function spanOf(
  { when, from, to }: LogFilter,
  nowMs: number,
): { from?: string; to?: string } {
  const now = new Date(nowMs);
  const midnight = (daysAgo: number) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysAgo).toISOString();
  // To the minute, so that one look is one question and not as many as there are milliseconds.
  const since = (days: number) =>
    new Date(Math.floor(nowMs / 60_000) * 60_000 - days * DAY_MS).toISOString();
  switch (when) {
    case "today":
      return { from: midnight(0) };
    case "yesterday":
      return { from: midnight(1), to: midnight(0) };
    case "7d":
      return { from: since(7) };
    case "30d":
      return { from: since(30) };
    case "custom":
      return { ...instant("from", from), ...instant("to", to) };
    case undefined:
    default:
      return {};
  }
}

/** What `datetime-local` has, read in the reader's zone. */
function instant(name: "from" | "to", local: string | undefined) {
  const at = new Date(local ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? {} : { [name]: at.toISOString() };
}

/** The filter in the API's parameters. */
export function toApiQuery(filter: LogFilter, nowMs: number): Record<string, string> {
  const credential = filter.credential ?? filter.session;
  // Without it, what they did: an old link goes on meaning what it meant.
  const isEither = filter.part === EITHER_PART;
  const query: Record<string, string | undefined> = {
    class: filter.view === "all" ? undefined : "important",
    text: filter.text,
    action: filter.action,
    outcome: filter.outcome,
    reason: filter.reason,
    app: filter.app,
    actor: isEither ? undefined : filter.person,
    person: isEither ? filter.person : undefined,
    credential,
    address: filter.address,
    requestId: filter.request,
    ...spanOf(filter, nowMs),
  };
  const given = Object.entries(query).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  return Object.fromEntries(given);
}

/** Parameters that counts can be asked for with; null: the filter asks for what is not counted. */
export function toSummaryQuery(query: Record<string, string>): Record<string, string> | null {
  if (["text", "reason", "requestId", "person"].some((name) => name in query)) return null;
  const { class: _class, ...rest } = query;
  return rest;
}
