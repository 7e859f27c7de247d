import { Type, type Static } from "typebox";
import {
  DisplayName,
  EmailAddress,
  Id,
  Instant,
  LinkToken,
  Nullable,
  Password,
  readerFields,
} from "../identity/fields.ts";
import { EffectivePasswordPolicy } from "../identity/password-policy.ts";
import { SessionState } from "../identity/sessions.ts";
import { memberRoles, RoleName } from "./roles.ts";
import { AccountRef, AppRef, End, OrganisationRef } from "./sharing-people.ts";

const strict = { additionalProperties: false } as const;

/** Apps that one invitation can hold. */
const MAX_INVITED_APPS = 50;

export const InvitationParams = Type.Object({ invitationId: Id });

export const NewInvitation = Type.Object(
  {
    email: EmailAddress,
    displayName: Type.Optional(DisplayName),
    apps: Type.Array(
      Type.Object({ appId: Id, role: RoleName, expiresAt: Type.Optional(End) }, strict),
      { minItems: 1, maxItems: MAX_INVITED_APPS },
    ),
  },
  strict,
);
export type NewInvitation = Static<typeof NewInvitation>;

export const InvitationSent = Type.Object({ id: Id }, strict);

/** `sent`: waits. `wrong-account`: somebody signed in as another account opened the link. */
export const invitationStatuses = ["sent", "wrong-account", "expired"] as const;
export type InvitationStatus = (typeof invitationStatuses)[number];

const InvitedApp = Type.Object(
  { app: AppRef, role: Type.String(), expiresAt: Nullable(Instant) },
  strict,
);

const InvitedMembership = Type.Object(
  { ...OrganisationRef.properties, role: Type.Enum([...memberRoles]) },
  strict,
);

export const Invitation = Type.Object(
  {
    id: Id,
    email: Type.String(),
    displayName: Nullable(Type.String()),
    inviter: AccountRef,
    status: Type.Enum([...invitationStatuses]),
    sentAt: Instant,
    endsAt: Instant,
    apps: Type.Array(InvitedApp, { description: "The parts that the reader may see." }),
    organisation: Nullable(InvitedMembership),
  },
  strict,
);
export type Invitation = Static<typeof Invitation>;

export const InvitationList = Type.Object({ invitations: Type.Array(Invitation) }, strict);

export const InvitationLink = Type.Object({ token: LinkToken }, strict);

/** What a link is about, for the page that it opens. */
export const InvitationPreview = Type.Object(
  {
    email: Type.String(),
    displayName: Nullable(Type.String()),
    invitedBy: Type.String(),
    endsAt: Instant,
    hasAccount: Type.Boolean({
      description: "The address has an account: sign in as it first. Else choose a password.",
    }),
    apps: Type.Array(InvitedApp),
    organisation: Nullable(InvitedMembership),
    passwordPolicy: EffectivePasswordPolicy,
  },
  strict,
);
export type InvitationPreview = Static<typeof InvitationPreview>;

export const InvitationAcceptance = Type.Object(
  {
    token: LinkToken,
    password: Type.Optional(Password),
    displayName: Type.Optional(DisplayName),
    /** Of a new account's mails. Left out: what Accept-Language asks for, else the inviter's; UTC. */
    ...readerFields,
  },
  strict,
);
export type InvitationAcceptance = Static<typeof InvitationAcceptance>;

/** Why a part of an invitation gave nothing. */
export const leftOutReasons = ["no-longer-allowed", "ended", "has-other-access"] as const;
export type LeftOutReason = (typeof leftOutReasons)[number];

export const InvitationAccepted = Type.Object(
  {
    account: Type.Object({ id: Id, email: Type.String(), displayName: Type.String() }, strict),
    session: SessionState,
    grants: Type.Array(
      Type.Object(
        { id: Id, app: AppRef, role: Type.String(), expiresAt: Nullable(Instant) },
        strict,
      ),
    ),
    leftOut: Type.Array(
      Type.Object(
        { app: AppRef, role: Type.String(), reason: Type.Enum([...leftOutReasons]) },
        strict,
      ),
      { description: "Parts that gave nothing: the inviter may not give them (any more)." },
    ),
    organisation: Nullable(InvitedMembership),
  },
  strict,
);
export type InvitationAccepted = Static<typeof InvitationAccepted>;

export const GrantParams = Type.Object({ appId: Id, grantId: Id });

export const Grant = Type.Object(
  {
    id: Id,
    account: AccountRef,
    role: Type.String(),
    expiresAt: Nullable(Instant),
    createdAt: Instant,
  },
  strict,
);
export type Grant = Static<typeof Grant>;

export const GrantList = Type.Object(
  { grants: Type.Array(Grant, { description: "Live ones: an ended grant is no grant." }) },
  strict,
);

export const GrantChange = Type.Object(
  {
    role: Type.Optional(RoleName),
    expiresAt: Type.Optional(Nullable(End)),
  },
  { ...strict, minProperties: 1 },
);
export type GrantChange = Static<typeof GrantChange>;
