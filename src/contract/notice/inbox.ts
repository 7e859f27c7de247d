import { Type, type Static } from "typebox";
import { failsAs } from "../failures.ts";
import { Id, Instant, LanguageTag, Nullable } from "../identity/fields.ts";
import { noticeClasses, type NoticeClass } from "./classes.ts";

const strict = { additionalProperties: false } as const;

const MAX_PAGE_ITEMS = 100;
export const DEFAULT_PAGE_ITEMS = 30;

/** How long a notice stands in an inbox, days. */
export const KEEP_NOTICES_DAYS = 180;

export const ClassName = Type.Enum(Object.keys(noticeClasses) as NoticeClass[]);

export const InboxQuery = Type.Object(
  {
    limit: Type.Optional(
      Type.String({
        maxLength: 3,
        pattern: "^([1-9]|[1-9][0-9]|100)$",
        ...failsAs({ code: "whole-number-between", params: { min: 1, max: MAX_PAGE_ITEMS } }),
        description: `Items in the page, 1 to ${MAX_PAGE_ITEMS}; ${DEFAULT_PAGE_ITEMS} when left out.`,
      }),
    ),
    cursor: Type.Optional({ ...Id, description: "The `nextCursor` of the page before." }),
    archived: Type.Optional(
      Type.Enum(["true", "false"], { description: "What was put away, instead of what was not." }),
    ),
    language: Type.Optional(
      Type.Enum(LanguageTag.enum, {
        description: "Of the sentences; the account's when left out.",
      }),
    ),
  },
  strict,
);
export type InboxQuery = Static<typeof InboxQuery>;

export const InboxItem = Type.Object(
  {
    id: Id,
    class: ClassName,
    kind: Type.String({ description: "What it is about: the same as its mail's." }),
    title: Type.String(),
    text: Type.Array(Type.String(), { description: "What happened, a sentence or two each." }),
    facts: Type.Array(Type.Object({ label: Type.String(), value: Type.String() }, strict)),
    warning: Nullable(Type.String()),
    link: Nullable(
      Type.Object(
        {
          label: Type.String(),
          path: Type.String({ description: "Of a page of the panel." }),
        },
        strict,
      ),
    ),
    hasOwnLink: Type.Boolean({
      description:
        "The mail has a link that works once, of which the text may speak; it is nowhere else.",
    }),
    at: Instant,
    seenAt: Nullable(Instant),
    archivedAt: Nullable(Instant),
    requestId: Nullable(
      Type.String({
        description: "Finds its entries in the log, for who may read them; null: a job did it.",
      }),
    ),
  },
  { $id: "InboxItem", ...strict },
);
export type InboxItem = Static<typeof InboxItem>;

const Unread = Type.Integer({ description: "Items that were neither seen nor put away." });

export const Inbox = Type.Object(
  {
    items: Type.Array(InboxItem, { description: "Newest first." }),
    unread: Unread,
    nextCursor: Nullable(Type.String({ description: "Asks for what is older." })),
  },
  { $id: "Inbox", ...strict },
);
export type Inbox = Static<typeof Inbox>;

export const InboxMarks = Type.Object(
  { ids: Type.Array(Id, { minItems: 1, maxItems: MAX_PAGE_ITEMS }) },
  strict,
);
export type InboxMarks = Static<typeof InboxMarks>;

export const ArchiveMarks = Type.Object(
  {
    ids: InboxMarks.properties.ids,
    archived: Type.Optional(
      Type.Boolean({ description: "False takes them back; true when left out." }),
    ),
  },
  strict,
);
export type ArchiveMarks = Static<typeof ArchiveMarks>;

export const UnreadReply = Type.Object({ unread: Unread }, strict);
export type UnreadReply = Static<typeof UnreadReply>;

/** Events of the stream: `inbox` whenever something came or was seen; `end` why nothing will follow. */
export type InboxEvents = {
  inbox: { unread: number; newest: string | null };
  end: { code: string };
};
