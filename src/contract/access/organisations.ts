import { Type, type Static } from "typebox";
import { memberRoles } from "./roles.ts";
import { DisplayName, EmailAddress, Id, Instant } from "../identity/fields.ts";
import { AccountRef } from "./sharing-people.ts";

export const OrganisationParams = Type.Object({ organisationId: Id });
export const MemberParams = Type.Object({ organisationId: Id, accountId: Id });

const MemberRole = Type.Enum([...memberRoles]);

export const Organisation = Type.Object(
  {
    id: Id,
    name: Type.String(),
    role: Type.Enum([...memberRoles], { description: "The reader's." }),
    createdAt: Instant,
  },
  { additionalProperties: false },
);
export type Organisation = Static<typeof Organisation>;

export const OrganisationList = Type.Object(
  { organisations: Type.Array(Organisation) },
  { additionalProperties: false },
);

export const OrganisationChange = Type.Object(
  { name: DisplayName },
  { additionalProperties: false },
);

export const NewMember = Type.Object(
  { email: EmailAddress, role: MemberRole },
  { additionalProperties: false },
);
export type NewMember = Static<typeof NewMember>;

export const MemberChange = Type.Object({ role: MemberRole }, { additionalProperties: false });
export type MemberChange = Static<typeof MemberChange>;

export const Member = Type.Object(
  { account: AccountRef, role: MemberRole, since: Instant },
  { additionalProperties: false },
);
export type Member = Static<typeof Member>;

export const MemberList = Type.Object(
  {
    people: Type.Array(Member),
    invitations: Type.Array(
      Type.Object(
        {
          id: Id,
          email: Type.String(),
          role: MemberRole,
          sentAt: Instant,
          endsAt: Instant,
          status: Type.Enum(["sent", "wrong-account", "expired"]),
        },
        { additionalProperties: false },
      ),
      { description: "Not accepted yet." },
    ),
  },
  { additionalProperties: false },
);
