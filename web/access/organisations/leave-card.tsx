import { Button, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useOwnAccount } from "../../identity/account/account-api.ts";
import { paths } from "../../paths.ts";
import { Card } from "../../ui/card.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { useAccessChange } from "../sharing/access-api.ts";
import { removeMember, type Member, type Organisation } from "./organisation-api.ts";

/** The way out of an organisation. The last owner is told why there is none, and what to do first. */
export function LeaveCard({
  organisation,
  people,
}: {
  organisation: Organisation;
  people: readonly Member[];
}) {
  const { t } = useTranslation("organisations");
  const { id: accountId } = useOwnAccount();
  const navigate = useNavigate();
  const [dialog, setDialog] = useQueryValue("leave");
  const leave = useAccessChange(removeMember);
  const owners = people.filter(({ role }) => role === "owner");
  const isLastOwner = organisation.role === "owner" && owners.length === 1;
  const names = { organisation: organisation.name };
  if (isLastOwner) return <Card title={t("leaveTitle")} intro={t("lastOwner", names)} />;
  return (
    <Card
      tone="danger"
      title={t("leaveTitle")}
      intro={t("leaveIntro", names)}
      action={
        <Button color="red" variant="light" onClick={() => setDialog("open")}>
          {t("leave")}
        </Button>
      }
    >
      <ConfirmDialog
        isOpen={dialog !== null}
        title={t("leaveQuestion", names)}
        confirmLabel={t("leave")}
        isPending={leave.isPending}
        error={leave.error}
        onClose={() => {
          leave.reset();
          setDialog(null);
        }}
        onConfirm={() =>
          leave.mutate(
            { organisationId: organisation.id, accountId },
            {
              onSuccess: () => {
                notifications.show({ message: t("left", names) });
                void navigate(paths.sharedWithMe());
              },
            },
          )
        }
      >
        <Text>{t("leaveExplained", names)}</Text>
      </ConfirmDialog>
    </Card>
  );
}
