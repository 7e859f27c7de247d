import { Type, type Static } from "typebox";
import { DisplayName, Id } from "../identity/fields.ts";
import { ExternalId } from "./fields.ts";
import { failsAs } from "../failures.ts";

const strict = { additionalProperties: false } as const;

const Actor = Type.Union([
  Type.Object({ accountId: Id }, strict),
  Type.Object({ externalId: ExternalId }, strict),
  Type.Object({ name: DisplayName }, strict),
]);

const App = Type.Union([
  Type.Object({ id: Id }, strict),
  Type.Object({ externalId: ExternalId }, strict),
]);

/** What the operator's product did itself. */
export const Report = Type.Object(
  {
    id: Type.String({
      pattern: "^[!-~]{1,200}$",
      ...failsAs({ code: "report-id" }),
      maxLength: 200,
      description: "Chosen by the product: sent again under it, the same report adds nothing.",
    }),
    at: Type.Optional(
      Type.String({
        format: "date-time",
        maxLength: 40,
        description: "When it happened, within 24 hours of now; left out: now.",
      }),
    ),
    action: Type.String({
      pattern: "^[a-z][a-z0-9-]{0,39}\\.[a-z][a-z0-9-]{0,39}$",
      maxLength: 81,
      ...failsAs({ code: "action-name" }),
      description: "noun.verb",
    }),
    actor: Actor,
    app: Type.Optional(App),
    targets: Type.Optional(
      Type.Array(
        Type.Object(
          {
            type: Type.String({
              pattern: "^[a-z][a-z0-9-]{0,39}$",
              maxLength: 40,
              ...failsAs({ code: "type-name" }),
            }),
            id: Type.String({ minLength: 1, maxLength: 200 }),
          },
          strict,
        ),
        { maxItems: 50 },
      ),
    ),
    outcome: Type.Optional(Type.Enum(["done", "refused", "failed"])),
    before: Type.Optional(Type.Unknown()),
    after: Type.Optional(Type.Unknown()),
  },
  strict,
);
export type Report = Static<typeof Report>;

export const Reported = Type.Object(
  { id: Type.String({ description: "The entry's id." }) },
  strict,
);
