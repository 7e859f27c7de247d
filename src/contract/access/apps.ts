import { Type, type Static } from "typebox";
import { DisplayName, EmailAddress, Id, Instant, LinkToken, Nullable } from "../identity/fields.ts";
import { AppRef, OrganisationRef } from "./sharing-people.ts";

export const AppParams = Type.Object({ appId: Id });

export const NewApp = Type.Object(
  {
    name: DisplayName,
    organisationId: Type.Optional(Id),
  },
  { additionalProperties: false },
);
export type NewApp = Static<typeof NewApp>;

export const AppChange = Type.Object({ name: DisplayName }, { additionalProperties: false });

/** An app as its reader may see it. */
export const App = Type.Object(
  {
    id: Id,
    name: Type.String(),
    organisation: OrganisationRef,
    role: Type.String({ description: "The reader's: owner, officer, or the role of their grant." }),
    expiresAt: Nullable(Instant),
    createdAt: Instant,
  },
  { additionalProperties: false },
);
export type App = Static<typeof App>;

export const AppList = Type.Object(
  {
    owned: Type.Array(App, { description: "Apps of organisations that the reader owns." }),
    shared: Type.Array(App, {
      description: "Apps shared with the reader, or watched as an officer.",
    }),
  },
  { additionalProperties: false },
);

export const TransferOffer = Type.Object(
  { email: Type.String(), createdAt: Instant, endsAt: Instant },
  { additionalProperties: false },
);

export const AppDetails = Type.Object(
  {
    ...App.properties,
    permissions: Type.Array(Type.String(), { description: "What the reader may do; sorted." }),
    transfer: Type.Union([TransferOffer, Type.Null()], {
      description: "The offer that waits for its receiver; owners see it.",
    }),
  },
  { additionalProperties: false },
);

/** To an organisation that the caller owns too (at once), or to somebody else by mail. */
export const Transfer = Type.Object(
  { organisationId: Type.Optional(Id), email: Type.Optional(EmailAddress) },
  { additionalProperties: false, minProperties: 1, maxProperties: 1 },
);
export type Transfer = Static<typeof Transfer>;

export const TransferAcceptance = Type.Object(
  { token: LinkToken, organisationId: Type.Optional(Id) },
  { additionalProperties: false },
);
export type TransferAcceptance = Static<typeof TransferAcceptance>;

export const TransferLink = Type.Object({ token: LinkToken }, { additionalProperties: false });

/** What an offer's link is about, for the page that it opens. */
export const TransferPreview = Type.Object(
  {
    email: Type.String({ description: "The address that the offer was sent to: sign in as it." }),
    app: AppRef,
    organisation: OrganisationRef,
    offeredBy: Type.String(),
    endsAt: Instant,
  },
  { additionalProperties: false },
);
export type TransferPreview = Static<typeof TransferPreview>;
