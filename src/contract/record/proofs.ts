import { Type, type Static } from "typebox";

const strict = { additionalProperties: false } as const;

/** 32 bytes, base64. */
export const Hash = Type.String({ description: "32 bytes, base64." });
export const Path = Type.Array(Hash, {
  description: "Hashes from the leaf's sibling to the root.",
});

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

/** A batch's place in the log. */
const BatchLeaf = Type.Object(
  {
    index: Type.Integer({ minimum: 0, description: "Of the entry's batch in the log." }),
    verdict: Type.Integer({
      description: "0: as it was written when it came in; 1: it was altered before.",
    }),
    count: Type.Integer({ minimum: 0, description: "Entries in the batch." }),
    path: Path,
  },
  strict,
);

/** Which batch it is, with what it takes to check that. */
const BatchHead = Type.Object({ salt: Hash, text: Type.String(), path: Path }, strict);

/** Everything that it takes to check one entry, without asking anybody again. */
export const EntryProof = Type.Object(
  {
    format: Type.Literal("sallyport-entry-proof/v1"),
    entry: Type.String({ description: "The entry's id." }),
    checkpoint: Type.String({ description: "The signed head of the log, C2SP tlog-checkpoint." }),
    leaf: BatchLeaf,
    head: BatchHead,
    parts: Type.Array(Type.Union([Opened, Closed]), { description: "Of the entry, in order." }),
    path: Path,
    receiptSalts: Type.Optional(
      Type.Array(Hash, {
        description: "Where the whole entry is shown: opens what its receipt says of its text.",
      }),
    ),
  },
  { $id: "EntryProof", ...strict },
);
export type EntryProof = Static<typeof EntryProof>;

/** That a batch stands at a place of the log, and when it was written; nothing of its entries. */
export const BatchProof = Type.Object({ leaf: BatchLeaf, head: BatchHead }, strict);
export type BatchProof = Static<typeof BatchProof>;
