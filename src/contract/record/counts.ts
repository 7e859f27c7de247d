import { Type, type Static } from "typebox";
import { Id } from "../identity/fields.ts";
import { Hash, Path } from "./proofs.ts";

const strict = { additionalProperties: false } as const;

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);

/** A map that the log committed to, with what it takes to check it against a checkpoint. */
export const MapProof = Type.Object(
  {
    index: Type.Integer({ minimum: 0, description: "Of the map's leaf in the log." }),
    covered: Type.Integer({ minimum: 0, description: "Leaves before this one are counted." }),
    root: Hash,
    path: Path,
  },
  strict,
);
export type MapProof = Static<typeof MapProof>;

/** One subject's count in one map, or that it has none there. */
export const CountInMap = Type.Object(
  {
    bucket: Type.String({
      description:
        "All counts of the subject's bucket, base64: 32 bytes of tag and 32 of commitment each, by tag.",
    }),
    path: Path,
    value: nullable(
      Type.Object(
        {
          count: Type.Integer({ minimum: 1 }),
          last: Type.Integer({ minimum: 0, description: "The leaf with its last entry." }),
          salt: Hash,
        },
        { ...strict, description: "Null: no entry of the subject was counted." },
      ),
    ),
  },
  strict,
);
export type CountInMap = Static<typeof CountInMap>;

/** What is counted, and its salt: always the same in one life of the log, in whatever file. */
const CountedSubject = Type.Union([
  Type.Object({ organisation: Id, salt: Hash }, strict),
  Type.Object({ app: Id, salt: Hash }, strict),
]);

/** Batches of one writer that came into the log between the two maps. */
const BatchRange = Type.Object(
  {
    writer: Type.Integer(),
    first: Type.Integer({ description: "Number of the first." }),
    last: Type.Integer(),
  },
  strict,
);
export type BatchRange = Static<typeof BatchRange>;

/** How many entries of an organisation and of its apps came into the log between two maps of it. */
export const CompletenessProof = Type.Object(
  {
    format: Type.Literal("sallyport-completeness/v1"),
    checkpoint: Type.String({ description: "The signed head of the log, C2SP tlog-checkpoint." }),
    from: Type.Union([MapProof, Type.Null()], {
      description: "The map at the beginning; null: the log's beginning.",
    }),
    to: MapProof,
    subjects: Type.Array(
      Type.Object(
        {
          subject: CountedSubject,
          name: Type.Optional(Type.String({ description: "Told, not proven." })),
          from: nullable(CountInMap),
          to: CountInMap,
        },
        strict,
      ),
    ),
    batches: Type.Array(BatchRange, {
      description:
        "Which batches these are, as the log says: by them the entries of an export are told apart.",
    }),
  },
  { $id: "CompletenessProof", ...strict },
);
export type CompletenessProof = Static<typeof CompletenessProof>;

const place = (description: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 40,
      description: `${description} A checkpoint's size, or an instant: RFC 3339 with a zone.`,
    }),
  );

export const CompletenessQuery = Type.Object(
  {
    organisationId: Id,
    from: place("Where counting begins; the log's beginning when left out."),
    to: place("Where it ends; the newest map when left out."),
  },
  strict,
);
export type CompletenessQuery = Static<typeof CompletenessQuery>;
