import { Type, type Static } from "typebox";
import { failsAs } from "../failures.ts";
import { Instant, Nullable } from "../identity/fields.ts";
import { faultFields, Place } from "./streams.ts";

/* Entries that a stream's receiver refused for good. */

const strict = { additionalProperties: false } as const;

export const DeadLetter = Type.Object(
  {
    id: Type.String(),
    ...Place.properties,
    entryId: Nullable(Type.String({ description: "Null where the batch is gone by now." })),
    ...faultFields,
    at: Instant,
    isRetried: Type.Boolean({ description: "It waits to be sent again." }),
  },
  { ...strict, description: "An entry that the receiver refused for good: where it stands." },
);
export type DeadLetter = Static<typeof DeadLetter>;

export const DeadLetterList = Type.Object(
  {
    deadLetters: Type.Array(DeadLetter, { description: "Oldest first, 200 at most." }),
    total: Type.Integer(),
  },
  strict,
);
export type DeadLetterList = Static<typeof DeadLetterList>;

export const DeadLetterRetry = Type.Object(
  {
    ids: Type.Optional(
      Type.Array(
        Type.String({
          pattern: "^[1-9][0-9]{0,17}$",
          maxLength: 18,
          ...failsAs({ code: "job-id" }),
        }),
        { minItems: 1, maxItems: 200, description: "Left out: all of them." },
      ),
    ),
  },
  strict,
);
export type DeadLetterRetry = Static<typeof DeadLetterRetry>;

export const Retried = Type.Object({ count: Type.Integer() }, strict);
