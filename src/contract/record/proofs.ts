import { Type, type Static } from "typebox";

const strict = { additionalProperties: false } as const;

/** 32 bytes, base64. */
const Hash = Type.String({ description: "32 bytes, base64." });
const Path = Type.Array(Hash, { description: "Hashes from the leaf's sibling to the root." });

const Opened = Type.Object(
  { kind: Type.Integer(), salt: Hash, text: Type.String() },
  { ...strict, description: "A part that the reader may see, with what it takes to check it." },
);
const Closed = Type.Object(
  {
    kind: Type.Integer(),
    commitment: Hash,
    erased: Type.Optional(
      Type.Literal(true, { description: "It is gone for everybody, not only for this reader." }),
    ),
  },
  { ...strict, description: "A part that is not shown, or was erased." },
);

/** Everything that it takes to check one entry, without asking anybody again. */
export const EntryProof = Type.Object(
  {
    format: Type.Literal("sallyport-entry-proof/v1"),
    entry: Type.String({ description: "The entry's id." }),
    checkpoint: Type.String({ description: "The signed head of the log, C2SP tlog-checkpoint." }),
    leaf: Type.Object(
      {
        index: Type.Integer({ minimum: 0, description: "Of the entry's batch in the log." }),
        verdict: Type.Integer({
          description: "0: as it was written when it came in; 1: it was altered before.",
        }),
        count: Type.Integer({ minimum: 0, description: "Entries in the batch." }),
        path: Path,
      },
      strict,
    ),
    head: Type.Object({ salt: Hash, text: Type.String(), path: Path }, strict),
    parts: Type.Array(Type.Union([Opened, Closed]), { description: "Of the entry, in order." }),
    path: Path,
  },
  { $id: "EntryProof", ...strict },
);
export type EntryProof = Static<typeof EntryProof>;
