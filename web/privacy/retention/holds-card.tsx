import { Button, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Organisation } from "../../../src/contract/access/organisations.ts";
import { Card } from "../../ui/card.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { DialogForm, FormDialog } from "../../ui/form-dialog.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { useQueryValue } from "../../ui/use-query-value.ts";
import {
  holdsQuery,
  placeHold,
  releaseHold,
  usePrivacyChange,
  type Hold,
} from "./retention-api.ts";

/** What stays although its period ends. */
export function HoldsCard({ organisation }: { organisation: Organisation }) {
  const { t } = useTranslation("retention");
  const { holds } = useSuspenseQuery(holdsQuery(organisation.id)).data;
  const [dialog, setDialog] = useQueryValue("hold");
  const releasing = holds.find(({ id }) => id === dialog);
  return (
    <Card
      title={t("holds")}
      intro={t("holdsIntro")}
      action={
        <Button variant="default" onClick={() => setDialog("new")}>
          {t("placeHold")}
        </Button>
      }
    >
      {holds.length === 0 ? (
        <Text>{t("noHolds")}</Text>
      ) : (
        <RowList label={t("holds")}>
          {holds.map((hold) => (
            <HoldRow
              key={hold.id}
              hold={hold}
              mayRelease={organisation.role === "owner" && !hold.byOperator}
              onRelease={() => setDialog(hold.id)}
            />
          ))}
        </RowList>
      )}
      <FormDialog isOpen={dialog === "new"} title={t("placeHold")} onClose={() => setDialog(null)}>
        <HoldForm organisationId={organisation.id} onClose={() => setDialog(null)} />
      </FormDialog>
      <ReleaseDialog
        organisationId={organisation.id}
        hold={releasing}
        onClose={() => setDialog(null)}
      />
    </Card>
  );
}

function HoldRow({
  hold,
  mayRelease,
  onRelease,
}: {
  hold: Hold;
  mayRelease: boolean;
  onRelease: () => void;
}) {
  const { t } = useTranslation("retention");
  const { reason, placedBy, placedAt, byOperator, until } = hold;
  return (
    <Row
      actions={
        mayRelease && (
          <Button
            variant="default"
            size="xs"
            aria-label={t("releaseNamed", { reason })}
            onClick={onRelease}
          >
            {t("release")}
          </Button>
        )
      }
    >
      <Text fw={600}>{reason}</Text>
      <Text size="sm" c="dimmed">
        {byOperator ? t("byOperator") : t("by", { name: placedBy.displayName })}{" "}
        <Timestamp at={placedAt} />
      </Text>
      <Text size="sm" c="dimmed">
        {hold.accountId === null ? t("holdsAll") : t("holdsPart")}
        {until !== null && (
          <>
            {" "}
            {t("until")} <Timestamp at={until} />
          </>
        )}
      </Text>
    </Row>
  );
}

function HoldForm({ organisationId, onClose }: { organisationId: string; onClose: () => void }) {
  const { t } = useTranslation("retention");
  const place = usePrivacyChange(placeHold);
  const form = useForm({ mode: "uncontrolled", initialValues: { reason: "" } });
  const act = useFormAct(form, async ({ reason }) => {
    await place.mutateAsync({ organisationId, reason });
    notifications.show({ message: t("placed") });
    onClose();
  });
  return (
    <DialogForm act={act} intro={t("placeIntro")} submitLabel={t("placeHold")} onClose={onClose}>
      <TextInput
        label={t("reason")}
        description={t("reasonHint")}
        required
        maxLength={400}
        data-autofocus
        key={form.key("reason")}
        {...form.getInputProps("reason")}
      />
    </DialogForm>
  );
}

function ReleaseDialog({
  organisationId,
  hold,
  onClose,
}: {
  organisationId: string;
  hold: Hold | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation("retention");
  const release = usePrivacyChange(releaseHold);
  const close = (): void => {
    release.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen={hold !== undefined}
      title={t("releaseQuestion")}
      confirmLabel={t("release")}
      isPending={release.isPending}
      error={release.error}
      onClose={close}
      onConfirm={() =>
        hold !== undefined &&
        release.mutate(
          { organisationId, holdId: hold.id },
          {
            onSuccess: () => {
              notifications.show({ message: t("released") });
              close();
            },
          },
        )
      }
    >
      <Text>{t("releaseExplained", { reason: hold?.reason ?? "" })}</Text>
    </ConfirmDialog>
  );
}
