import { Type, type Static } from "typebox";
import { failsAs } from "../failures.ts";
import { Id, Instant } from "../identity/fields.ts";
import { languages } from "../languages.ts";
import { CountInMap, MapProof } from "../record/counts.ts";
import { BatchProof, EntryProof, Hash } from "../record/proofs.ts";
import { AccountRef } from "./sharing-people.ts";

const strict = { additionalProperties: false } as const;

/** What somebody did there and was not refused: how much, and when last. */
const Acts = Type.Object(
  {
    salt: Hash,
    count: CountInMap,
    last: Type.Union([BatchProof, Type.Null()], {
      description: "When the last of it was; null where there is none, or it is not kept any more.",
    }),
  },
  strict,
);
export type Acts = Static<typeof Acts>;

/** What shows that somebody was removed from everything, and did nothing afterwards. It needs nobody to be asked. */
export const LeaverReceipt = Type.Object(
  {
    format: Type.Literal("sallyport-leavers-receipt/v1"),
    key: Type.String({ description: "The log's verifier key. Compare it with the one you know." }),
    removal: EntryProof,
    map: MapProof,
    upTo: Type.Union([BatchProof, Type.Null()], {
      description:
        "The last batch that is counted: what came later the receipt says nothing about.",
    }),
    acts: Acts,
    apps: Type.Array(Type.Object({ app: Id, acts: Acts }, strict), {
      description: "The apps that the person could reach.",
    }),
  },
  { $id: "LeaverReceipt", ...strict },
);
export type LeaverReceipt = Static<typeof LeaverReceipt>;

/** What the entry of a removal says was before and after. */
export type RemovalChange = {
  before: {
    person?: { displayName: string; email: string | null };
    organisation?: string;
    membership: string | null;
    grants: { app: { id: string; name: string }; role: string; expiresAt: string | null }[];
    /** Apps that an owner or officer reached without a role of their own; a few of them, where there are many. */
    apps?: { id: string; name: string }[];
  };
  after: { revokedKeys: string[]; keptKeys?: string[] };
};

const Removal = Type.Object(
  {
    id: Id,
    account: AccountRef,
    removedAt: Instant,
    entry: Type.String({ description: "Id of the entry in the log." }),
  },
  strict,
);
export type Removal = Static<typeof Removal>;

export const RemovalList = Type.Object(
  { removals: Type.Array(Removal, { description: "Newest first." }) },
  strict,
);

export const ReceiptParams = Type.Object({ organisationId: Id, removalId: Id });

export const ReceiptQuery = Type.Object(
  {
    format: Type.Optional(
      Type.Union([Type.Literal("json"), Type.Literal("html")], {
        description:
          "The receipt, or a page that holds it and checks it without any network. JSON when left out.",
      }),
    ),
    language: Type.Optional(
      Type.Enum([...languages], {
        ...failsAs({ code: "not-a-choice", params: { choices: languages.join(", ") } }),
        description: "Of the page; English when left out.",
      }),
    ),
  },
  strict,
);
export type ReceiptQuery = Static<typeof ReceiptQuery>;
