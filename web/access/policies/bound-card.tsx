import { Button, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card } from "../../ui/card.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { BoundList } from "./bound-list.tsx";
import { policyQuery, useDemand } from "./policy-api.ts";

const EVERYBODY = "all";

/** Who is bound, and the way to ask one of them, or all, for another password now. */
export function BoundCard({ organisationId }: { organisationId: string }) {
  const { t } = useTranslation("passwordPolicy");
  const { bound } = useSuspenseQuery(policyQuery(organisationId)).data;
  const [dialog, setDialog] = useQueryValue("expire");
  const one = bound.named.find(({ account }) => account.id === dialog)?.account;
  return (
    <Card
      title={t("bound")}
      intro={`${t("boundIntro")}${bound.exempt > 0 ? ` ${t("alsoExempt", { count: bound.exempt })}` : ""}`}
      action={
        <Button color="red" variant="light" onClick={() => setDialog(EVERYBODY)}>
          {t("expireAll")}
        </Button>
      }
    >
      <BoundList bound={bound} onExpire={({ id }) => setDialog(id)} />
      <DemandDialog
        demand={
          dialog === EVERYBODY ? { organisationId } : one && { organisationId, accountId: one.id }
        }
        name={one?.displayName}
        onClose={() => setDialog(null)}
      />
    </Card>
  );
}

function DemandDialog({
  demand,
  name,
  onClose,
}: {
  demand: { organisationId: string; accountId?: string } | undefined;
  name: string | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation("passwordPolicy");
  const ask = useDemand();
  const close = (): void => {
    ask.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen={demand !== undefined}
      title={name === undefined ? t("expireAllQuestion") : t("expireOneQuestion", { name })}
      confirmLabel={t("expireOne")}
      isPending={ask.isPending}
      error={ask.error}
      onClose={close}
      onConfirm={() =>
        demand !== undefined &&
        ask.mutate(demand, {
          onSuccess: ({ demanded, spared }) => {
            notifications.show({
              message: `${t("demanded", { count: demanded })}${spared > 0 ? ` ${t("spared", { count: spared })}` : ""}`,
            });
            close();
          },
        })
      }
    >
      <Text>{t("expireExplained")}</Text>
      {name === undefined && <Text>{t("expireAllExplained")}</Text>}
    </ConfirmDialog>
  );
}
