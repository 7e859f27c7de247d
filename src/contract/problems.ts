import { Type, type Static } from "typebox";
import { detailParams, failureParams, type DetailCode, type FailureCode } from "./failures.ts";
import { problems, type ProblemCode } from "./problem-table.ts";

export { problems, type ProblemCode };

/** What a text of a code is filled with; docs/problems.md names them. A name that ends in `At` is an instant. */
export const TextParams = Type.Record(
  Type.String({ maxLength: 40 }),
  Type.Union([Type.String(), Type.Number()]),
);

/** One thing wrong with a request: where it stands (RFC 6901 JSON pointer), what it is, and what to do. */
export const Failure = Type.Object({
  in: Type.String({ maxLength: 20 }),
  pointer: Type.String({ maxLength: 400 }),
  code: Type.Enum(Object.keys(failureParams) as FailureCode[], {
    description:
      "What is wrong, in no language: word it yourself by this and `params`. A later release may add codes: show `detail` for one that you do not know.",
  }),
  params: Type.Optional(TextParams),
  detail: Type.String({
    maxLength: 400,
    description: "The same for a person, in English: whole sentences that need no field name.",
  }),
});
export type Failure = Static<typeof Failure>;

/** RFC 9457 problem details. Members beyond these are named where the problem is documented. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    code: Type.Enum(Object.keys(problems) as ProblemCode[], {
      description:
        "Switch over this one. A later release may add codes: judge one that you do not know by its status.",
    }),
    status: Type.Integer(),
    title: Type.String(),
    requestId: Type.String(),
    detail: Type.Optional(Type.String({ description: "In English." })),
    detailCode: Type.Optional(
      Type.Enum(Object.keys(detailParams) as DetailCode[], {
        description: "What `detail` says, in no language; `params` fill it.",
      }),
    ),
    params: Type.Optional(TextParams),
    errors: Type.Optional(Type.Array(Failure)),
  },
  { $id: "Problem", additionalProperties: true },
);
export type Problem = Static<typeof Problem>;
