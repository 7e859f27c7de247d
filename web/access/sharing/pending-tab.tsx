import { Button } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { invitationsQuery } from "./access-api.ts";
import { InvitationList } from "./invitation-list.tsx";

/** Invitations that nobody has accepted yet, over everything that the viewer may share. */
export function PendingTab() {
  const { t } = useTranslation("sharing");
  const { invitations } = useSuspenseQuery(invitationsQuery).data;
  if (invitations.length === 0)
    return (
      <EmptyState
        title={t("nonePending")}
        action={
          <Button component={Link} to={paths.invite()} variant="default">
            {t("inviteSomebody")}
          </Button>
        }
      >
        {t("nonePendingExplained")}
      </EmptyState>
    );
  return <InvitationList invitations={invitations} label={t("tabs.pending")} />;
}
