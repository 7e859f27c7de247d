import { Type, type Static } from "typebox";
import { EmailAddress, Instant, LinkToken, Nullable } from "./fields.ts";

const strict = { additionalProperties: false } as const;

const AddressKind = Type.Union([Type.Literal("sign-in"), Type.Literal("backup")]);

export const AddressParams = Type.Object({ kind: AddressKind }, strict);

export const AddressRequest = Type.Object({ email: EmailAddress }, strict);

export const AddressLinkRequest = Type.Object({ token: LinkToken }, strict);

export const OwnAddresses = Type.Object(
  {
    signIn: Type.Object({ email: Type.String() }, strict),
    backup: Nullable(
      Type.Object(
        { email: Type.String(), verifiedAt: Instant },
        { ...strict, description: "A second mailbox, which every mail to the account goes to." },
      ),
    ),
    waiting: Type.Array(
      Type.Object(
        { kind: AddressKind, email: Type.String(), askedAt: Instant, endsAt: Instant },
        strict,
      ),
      { maxItems: 2, description: "Asked for; they count once the link mailed to them was used." },
    ),
  },
  strict,
);
export type OwnAddresses = Static<typeof OwnAddresses>;

export const ConfirmedAddress = Type.Object({ kind: AddressKind, email: Type.String() }, strict);
export type ConfirmedAddress = Static<typeof ConfirmedAddress>;

export const UndoneChange = Type.Object(
  {
    outcome: Type.Union(
      [Type.Literal("stopped"), Type.Literal("put-back"), Type.Literal("taken")],
      {
        description:
          "`stopped`: it had not been made yet. `put-back`: the address of before signs in again. `taken`: another account has it meanwhile; the operator finds a report.",
      },
    ),
  },
  strict,
);
export type UndoneChange = Static<typeof UndoneChange>;
