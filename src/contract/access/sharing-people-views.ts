import { Type, type Static } from "typebox";
import { Id, Instant, Nullable } from "../identity/fields.ts";
import { App } from "./apps.ts";
import { Organisation } from "./organisations.ts";
import { memberRoles } from "./roles.ts";
import { invitationStatuses } from "./sharing.ts";
import { AccountRef, AppRef, OrganisationRef } from "./sharing-people.ts";

const strict = { additionalProperties: false } as const;

const MemberRole = Type.Enum([...memberRoles]);

const SharedApp = Type.Object(
  { id: Id, app: AppRef, role: Type.String(), expiresAt: Nullable(Instant) },
  strict,
);

const InvitedApp = Type.Object({ app: AppRef, role: Type.String() }, strict);

const PendingInvitation = Type.Object(
  {
    id: Id,
    email: Type.String(),
    status: Type.Enum([...invitationStatuses]),
    sentAt: Instant,
    endsAt: Instant,
    apps: Type.Array(InvitedApp),
    organisation: Nullable(
      Type.Object({ ...OrganisationRef.properties, role: MemberRole }, strict),
    ),
  },
  strict,
);
export type PendingInvitation = Static<typeof PendingInvitation>;

const SharedPerson = Type.Object(
  {
    account: Nullable(AccountRef),
    email: Type.String(),
    memberships: Type.Array(
      Type.Object({ organisation: OrganisationRef, role: MemberRole }, strict),
    ),
    grants: Type.Array(SharedApp),
    invitations: Type.Array(PendingInvitation),
  },
  strict,
);
export type SharedPerson = Static<typeof SharedPerson>;

export const SharedByUs = Type.Object(
  {
    people: Type.Array(SharedPerson, {
      description:
        "By person, over the organisations you belong to. An address that was only invited has no account here, whether there is one or not.",
    }),
  },
  strict,
);

export const SharedWithMe = Type.Object(
  { apps: Type.Array(App), organisations: Type.Array(Organisation) },
  strict,
);

export const RemovalParams = Type.Object({ organisationId: Id, accountId: Id });

export const RemovalRequest = Type.Object(
  {
    revokeKeys: Type.Boolean({
      description: "Also revoke the keys that this person made: back ends may stop working.",
    }),
  },
  strict,
);
export type RemovalRequest = Static<typeof RemovalRequest>;

const RemovalKey = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    app: AppRef,
    serviceAccount: Type.Object({ id: Id, name: Type.String() }, strict),
    expiresAt: Instant,
    isTheirs: Type.Boolean({ description: "They made it. Others they could only have seen." }),
  },
  strict,
);

const Removed = {
  membership: Nullable(MemberRole),
  grants: Type.Array(SharedApp),
  invitationsToThem: Type.Array(PendingInvitation),
  invitationsByThem: Type.Array(PendingInvitation),
};

export const RemovalPreview = Type.Object(
  {
    account: AccountRef,
    ...Removed,
    keys: Type.Array(RemovalKey, {
      description:
        "Live keys that they made, or could see made or rotated, in the organisation's apps.",
    }),
    sessions: Type.Array(
      Type.Object(
        { id: Id, device: Type.String(), createdAt: Instant, lastSeenAt: Instant },
        strict,
      ),
      { description: "They stay signed in, and find nothing of the organisation any more." },
    ),
  },
  strict,
);
export type RemovalPreview = Static<typeof RemovalPreview>;

export const RemovalDone = Type.Object(
  {
    removalId: { ...Id, description: "Names the removal, and so its receipt." },
    ...Removed,
    revokedKeys: Type.Array(RemovalKey),
  },
  strict,
);
export type RemovalDone = Static<typeof RemovalDone>;
