import { Type, type Static } from "typebox";
import { failsAs } from "../failures.ts";

/*
 * What can be asked of the log, and what it answers. Each filter takes several values, separated by
 * commas; an entry matches when, for each filter given, one of its values fits.
 */

/** Values in one filter. */
export const MAX_FILTER_VALUES = 20;
/** Entries in one page. */
const MAX_PAGE_ENTRIES = 200;
export const DEFAULT_PAGE_ENTRIES = 50;

const values = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 2_000, description }));

const instant = (description: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 40,
      description: `${description} RFC 3339, with a zone: 2026-03-01T00:00:00+01:00 (a + is sent as %2B).`,
    }),
  );

const filters = {
  action: values("Actions such as `key.created`, or all of a noun: `key.*`."),
  outcome: values("`done`, `refused`, `failed`."),
  class: values(
    "`important` (changes, sign-ins, refusals, exports) or `routine` (other reads, allowed decisions).",
  ),
  reason: values("Why it was refused: `address-not-allowed`, `wrong-credentials`, …"),
  actor: values("Ids of the accounts that did it."),
  person: values("Ids of accounts that did it, or that it was done to."),
  credential: values("Ids of sessions or keys that did it, or that it was about."),
  app: values("Ids of the apps it was about."),
  address: values("Addresses it came from, or networks: `192.0.2.7`, `2001:db8::/32`."),
  requestId: values("Ids of requests, as replies name them."),
  from: instant("Not before this instant."),
  to: instant("Before this instant."),
  text: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description:
        "Text that stands anywhere in the entry, upper and lower case alike; ids whole. A comma is part of it.",
    }),
  ),
};

export const EntryQuery = Type.Object(
  {
    limit: Type.Optional(
      Type.String({
        maxLength: 3,
        pattern: "^([1-9]|[1-9][0-9]|1[0-9][0-9]|200)$",
        ...failsAs({ code: "whole-number-between", params: { min: 1, max: MAX_PAGE_ENTRIES } }),
        description: `Entries in the page, 1 to ${MAX_PAGE_ENTRIES}; ${DEFAULT_PAGE_ENTRIES} when left out.`,
      }),
    ),
    cursor: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 120,
        description: "The `nextCursor` of the page before, with the same filters.",
      }),
    ),
    ...filters,
  },
  { additionalProperties: false },
);
export type EntryQuery = Static<typeof EntryQuery>;

export const ExportQuery = Type.Object(
  {
    format: Type.Union(
      [Type.Literal("csv"), Type.Literal("ndjson"), Type.Literal("ocsf"), Type.Literal("bundle")],
      {
        description:
          "`ndjson`: one JSON object a line, as in the pages of the log; `csv`: a table; `ocsf`: one OCSF 1.8 event a line; `bundle`: entries with their proofs, to be checked offline.",
      },
    ),
    sinceSize: Type.Optional(
      Type.String({
        maxLength: 15,
        pattern: "^[1-9][0-9]*$",
        ...failsAs({
          code: "whole-number-between",
          params: { min: 1, max: 999_999_999_999_999 },
        }),
        description:
          "For a bundle: leaves of a checkpoint that you keep; the bundle then says how the log goes on from it.",
      }),
    ),
    ...filters,
  },
  { additionalProperties: false },
);
export type ExportQuery = Static<typeof ExportQuery>;
export type ExportFormat = ExportQuery["format"];

const { from: _from, to: _to, ...timeless } = filters;

export const StreamQuery = Type.Object(
  {
    since: Type.String({
      minLength: 1,
      maxLength: 40,
      description:
        "Entries put on record from this instant on: that of the newest one you have. RFC 3339, with a zone.",
    }),
    ...timeless,
  },
  { additionalProperties: false },
);
export type StreamQuery = Static<typeof StreamQuery>;

export const EntryParams = Type.Object({ id: Type.String({ maxLength: 60 }) });

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);

const Actor = Type.Object(
  {
    kind: Type.String({
      description:
        "session, api-key, operator-key, stranger, system, reported (told by the operator's product), or erased.",
    }),
    accountId: nullable(Type.String()),
    displayName: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);

const Credential = Type.Object(
  { kind: Type.String(), id: Type.String() },
  { additionalProperties: false },
);

const EntryApp = Type.Object(
  { id: Type.String(), name: Type.Optional(Type.String()) },
  { additionalProperties: false },
);

const Target = Type.Object(
  { type: Type.String(), id: Type.String(), accountId: Type.Optional(Type.String()) },
  { additionalProperties: false },
);

/** One operation on record, as its reader may see it. */
export const LogEntry = Type.Object(
  {
    id: Type.String(),
    at: Type.String({ description: "When it was put on record, RFC 3339 in UTC." }),
    action: Type.String(),
    outcome: Type.String({ description: "done, refused or failed." }),
    reason: Type.Optional(Type.String()),
    class: Type.String({ description: "important or routine." }),
    actor: Actor,
    credential: nullable(Credential),
    address: nullable(Type.String()),
    userAgent: nullable(Type.String()),
    app: nullable(EntryApp),
    targets: Type.Array(Target),
    requestId: Type.String(),
    change: Type.Optional(
      Type.Unknown({ description: "What was before and after; fingerprints in place of secrets." }),
    ),
    reportedAction: Type.Optional(
      Type.String({
        description: "Told by the operator's product, not observed: its name for the action.",
      }),
    ),
    reportedAt: Type.Optional(Type.String({ description: "When it happened, as told." })),
    count: Type.Optional(
      Type.Integer({ description: "How many alike it stands for; one, when left out." }),
    ),
    erased: Type.Optional(
      Type.Array(Type.Enum(["actor", "target", "context", "change"]), {
        description:
          "What was in it and was erased; the proof of the rest holds as before. Left out: nothing.",
      }),
    ),
  },
  { $id: "LogEntry", additionalProperties: false },
);
export type LogEntry = Static<typeof LogEntry>;

export const EntryList = Type.Object(
  {
    entries: Type.Array(LogEntry),
    nextCursor: nullable(
      Type.String({
        description:
          "Asks for what is older; null when there is nothing. A filter that fits little may answer short pages, even empty ones, with a cursor.",
      }),
    ),
  },
  { additionalProperties: false },
);
export type EntryList = Static<typeof EntryList>;

/**
 * Events of the stream: `entries` brings new ones, newest first, an entry perhaps twice; `more` says
 * that there were too many to bring; `end` why nothing will follow.
 */
export type StreamEvents = {
  entries: { entries: LogEntry[] };
  more: Record<string, never>;
  end: { code: string };
};
