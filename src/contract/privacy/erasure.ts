import { Type, type Static } from "typebox";
import { Id, Instant, Nullable } from "../identity/fields.ts";

const strict = { additionalProperties: false } as const;

export const Erasure = Type.Object(
  {
    request: Nullable(
      Type.Object(
        {
          askedAt: Instant,
          nextAt: Nullable(Instant),
          endedAt: Nullable(Instant),
          held: Type.Integer({
            description: "Entries that had to stay so far, although asked for.",
          }),
        },
        strict,
      ),
    ),
    elsewhere: Type.Array(
      Type.Object(
        {
          organisation: Type.Object({ id: Id, name: Nullable(Type.String()) }, strict),
          ground: Type.Literal("security-log", {
            description:
              "The organisation has to be able to tell who did what (GDPR Art. 17(3)(b) and (e)).",
          }),
          until: Instant,
        },
        strict,
      ),
      {
        description:
          "Logs of others in which entries about the account stay until their period ends there.",
      },
    ),
  },
  { $id: "Erasure", ...strict },
);
export type Erasure = Static<typeof Erasure>;
