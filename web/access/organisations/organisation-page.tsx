import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconUserPlus } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { ApiProblem } from "../../api/client.ts";
import { Card } from "../../ui/card.tsx";
import { Page } from "../../ui/page.tsx";
import { RenameForm } from "../../ui/rename-form.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { useAccessChange } from "../sharing/access-api.ts";
import { InvitationList } from "../sharing/invitation-list.tsx";
import { InviteMemberDialog } from "./invite-member-dialog.tsx";
import { LeaveCard } from "./leave-card.tsx";
import { MemberList } from "./member-list.tsx";
import {
  membersQuery,
  organisationsQuery,
  renameOrganisation,
  type Organisation,
} from "./organisation-api.ts";

/** An organisation: what it is called, who owns it, and who watches over it. */
export function OrganisationPage() {
  const { t } = useTranslation("organisations");
  const { organisationId = "" } = useParams();
  const { organisations } = useSuspenseQuery(organisationsQuery).data;
  const { people, invitations } = useSuspenseQuery(membersQuery(organisationId)).data;
  const [dialog, setDialog] = useQueryValue("invite");
  const organisation = organisations.find(({ id }) => id === organisationId);
  if (organisation === undefined) throw new ApiProblem("not-found");
  const isOwner = organisation.role === "owner";
  return (
    <Page title={organisation.name} intro={t("intro")} guide="sharing">
      <Card
        title={t("people")}
        intro={t("peopleIntro")}
        action={
          isOwner && (
            <Button
              leftSection={<IconUserPlus size={18} aria-hidden />}
              onClick={() => setDialog("open")}
            >
              {t("invite")}
            </Button>
          )
        }
      >
        <MemberList organisation={organisation} people={people} />
      </Card>
      {isOwner && invitations.length > 0 && (
        <Card title={t("invited")}>
          <InvitationList
            label={t("invited")}
            invitations={invitations.map(({ role, ...invitation }) => ({
              ...invitation,
              apps: [],
              organisation: { name: organisation.name, role },
            }))}
          />
        </Card>
      )}
      {isOwner && <NameCard key={organisation.name} organisation={organisation} />}
      <LeaveCard organisation={organisation} people={people} />
      <InviteMemberDialog
        organisation={organisation}
        isOpen={dialog !== null}
        onClose={() => setDialog(null)}
      />
    </Page>
  );
}

function NameCard({ organisation: { id, name: before } }: { organisation: Organisation }) {
  const { t } = useTranslation(["organisations", "common"]);
  const rename = useAccessChange(renameOrganisation);
  return (
    <Card title={t("name")} intro={t("nameIntro")}>
      <RenameForm
        name={before}
        label={t("organisationName")}
        submitLabel={t("common:save")}
        onRename={async (name) => {
          await rename.mutateAsync({ organisationId: id, name });
          notifications.show({ message: t("renamed", { name }) });
        }}
      />
    </Card>
  );
}
