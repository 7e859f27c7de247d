import { Type, type Static } from "typebox";

/** Longest time that is summed up at once, days. */
export const MAX_SUMMARY_DAYS = 92;
/** ... and how much when nothing is said. */
export const DEFAULT_SUMMARY_DAYS = 30;

const values = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 2_000, description }));

const instant = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 40, description }));

/** The list's filters, those that are counted by. */
export const SummaryQuery = Type.Object(
  {
    timeZone: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: "Whose days: `Europe/Amsterdam`. UTC when left out.",
      }),
    ),
    from: instant(
      `Not before the hour of this instant; ${DEFAULT_SUMMARY_DAYS} days ago when left out, ${MAX_SUMMARY_DAYS} days before \`to\` at most.`,
    ),
    to: instant("Before the end of the hour in which this instant falls; now when left out."),
    action: values("Actions such as `key.created`, or all of a noun: `key.*`."),
    outcome: values("`done`, `refused`, `failed`."),
    class: values("`important` or `routine`."),
    actor: values("Ids of the accounts that did it."),
    credential: values("Ids of the sessions or keys that did it."),
    app: values("Ids of the apps it was about."),
    address: values("Addresses it came from, or networks."),
  },
  { additionalProperties: false },
);
export type SummaryQuery = Static<typeof SummaryQuery>;

const count = Type.Integer({ minimum: 0 });
const outcomes = { done: count, refused: count, failed: count };
const text = Type.String();
const nullable = Type.Union([Type.String(), Type.Null()]);

const RoutineFold = Type.Object(
  {
    actor: Type.Object(
      { kind: text, accountId: nullable, displayName: Type.Optional(text) },
      { additionalProperties: false },
    ),
    credential: Type.Union([
      Type.Object({ kind: text, id: text }, { additionalProperties: false }),
      Type.Null(),
    ]),
    app: Type.Union([
      Type.Object({ id: text, name: Type.Optional(text) }, { additionalProperties: false }),
      Type.Null(),
    ]),
    action: text,
    ...outcomes,
    lastAt: Type.String({ description: "When it was done last, RFC 3339 in UTC." }),
  },
  { additionalProperties: false },
);
export type RoutineFold = Static<typeof RoutineFold>;

/** Counts of what the caller may read in the log. */
export const LogSummary = Type.Object(
  {
    from: Type.String({ description: "The first instant counted: a full hour." }),
    to: Type.String({ description: "Up to this instant: a full hour." }),
    timeZone: text,
    isComplete: Type.Boolean({
      description: "False while entries of the time are still being counted.",
    }),
    totals: Type.Object(outcomes, { additionalProperties: false }),
    days: Type.Array(
      Type.Object(
        { day: text, ...outcomes, signIns: count, refusedSignIns: count },
        { additionalProperties: false },
      ),
      { description: "Every day of the time, in order, days without an entry among them." },
    ),
    addresses: Type.Array(
      Type.Object({ address: text, ...outcomes }, { additionalProperties: false }),
      { description: "Those with most entries, 20 at most." },
    ),
    routine: Type.Array(RoutineFold, {
      description:
        "What is done again and again (reads, decisions), folded by credential, app and action; latest first, 100 at most.",
    }),
  },
  { $id: "LogSummary", additionalProperties: false },
);
export type LogSummary = Static<typeof LogSummary>;
