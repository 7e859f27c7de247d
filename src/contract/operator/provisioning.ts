import { Type, type Static } from "typebox";
import {
  DisplayName,
  EmailAddress,
  Id,
  Instant,
  LinkToken,
  readerFields,
} from "../identity/fields.ts";
import { ExternalId } from "./fields.ts";

const strict = { additionalProperties: false } as const;

export const ProvisionAccount = Type.Object(
  {
    email: EmailAddress,
    displayName: DisplayName,
    /** Of a new account's mails; one that exists keeps what its holder chose. Left out: English; UTC. */
    ...readerFields,
  },
  strict,
);
export type ProvisionAccount = Static<typeof ProvisionAccount>;

/** An account by the product's id of it, or by its address. */
const OwnerRef = Type.Union([
  Type.Object({ externalId: ExternalId }, strict),
  Type.Object({ email: EmailAddress }, strict),
]);
export type OwnerRef = Static<typeof OwnerRef>;

export const ProvisionOrganisation = Type.Object(
  {
    name: DisplayName,
    owners: Type.Optional(
      Type.Array(OwnerRef, {
        maxItems: 20,
        description:
          "Made owners where they are not. Nobody is removed. A new one needs at least one.",
      }),
    ),
  },
  strict,
);
export type ProvisionOrganisation = Static<typeof ProvisionOrganisation>;

export const ProvisionApp = Type.Object(
  { name: DisplayName, organisation: Type.Object({ externalId: ExternalId }, strict) },
  strict,
);
export type ProvisionApp = Static<typeof ProvisionApp>;

export const Provisioned = Type.Object({ id: Id, externalId: Type.String() }, strict);

export const ConsentDecision = Type.Object({ token: LinkToken, give: Type.Boolean() }, strict);
export type ConsentDecision = Static<typeof ConsentDecision>;

export const ConsentLink = Type.Object({ token: LinkToken }, strict);

/** What the operator's product asks, for the page that the mail's link opens. */
export const ConsentPreview = Type.Object(
  {
    email: Type.String({ description: "The account that is asked: sign in as it." }),
    product: Type.String(),
    externalId: Type.String({ description: "What the product calls the account." }),
    endsAt: Instant,
  },
  strict,
);
export type ConsentPreview = Static<typeof ConsentPreview>;
