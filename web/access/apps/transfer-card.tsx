import { Alert, Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Card } from "../../ui/card.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { organisationsQuery } from "../organisations/organisation-api.ts";
import { moveApp, offerApp, takeOfferBack, useAppChange, type OneApp } from "./app-api.ts";

/** Hands an app over: at once to an organisation of one's own, or to somebody else by a mail. */
export function TransferCard({ app }: { app: OneApp }) {
  const { t } = useTranslation("apps");
  const { organisations } = useSuspenseQuery(organisationsQuery).data;
  const others = organisations.filter(
    ({ id, role }) => role === "owner" && id !== app.organisation.id,
  );
  return (
    <Card title={t("transferTitle")} intro={t("transferIntro")}>
      {others.length > 0 && <MoveForm app={app} organisations={others} />}
      {app.transfer === null ? <OfferForm app={app} /> : <Offered app={app} />}
    </Card>
  );
}

type MoveProps = { app: OneApp; organisations: readonly { id: string; name: string }[] };

function MoveForm({ app, organisations }: MoveProps) {
  const { t } = useTranslation("apps");
  const [open, setOpen] = useQueryValue("open");
  const [chosen, setChosen] = useState(organisations[0]?.id ?? "");
  const move = useAppChange(() => moveApp(app.id, chosen));
  const name = organisations.find(({ id }) => id === chosen)?.name ?? "";
  const onConfirm = () =>
    move.mutate(undefined, {
      onSuccess: () => {
        notifications.show({ message: t("moved", { name: app.name, organisation: name }) });
        setOpen(null);
      },
    });
  return (
    <Group align="flex-end">
      <Select
        flex={1}
        miw={200}
        maw={420}
        label={t("moveTo")}
        description={t("moveHint")}
        data={organisations.map((each) => ({ value: each.id, label: each.name }))}
        value={chosen}
        allowDeselect={false}
        onChange={(value) => setChosen(value ?? "")}
      />
      <Button variant="default" onClick={() => setOpen("move")}>
        {t("move")}
      </Button>
      <ConfirmDialog
        isOpen={open === "move"}
        title={t("moveTitle", { name: app.name })}
        confirmLabel={t("move")}
        isPending={move.isPending}
        error={move.error}
        onConfirm={onConfirm}
        onClose={() => setOpen(null)}
      >
        <Text>{t("moveExplained", { from: app.organisation.name, to: name })}</Text>
      </ConfirmDialog>
    </Group>
  );
}

function OfferForm({ app }: { app: OneApp }) {
  const { t } = useTranslation("apps");
  const offer = useAppChange((email: string) => offerApp(app.id, email));
  const form = useForm({ mode: "uncontrolled", initialValues: { email: "" } });
  const { submit, error, isPending } = useFormAct(form, async ({ email }) => {
    await offer.mutateAsync(email);
    notifications.show({ message: t("offered", { email }) });
  });
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group align="flex-end">
          <TextInput
            type="email"
            flex={1}
            miw={200}
            maw={420}
            label={t("offerTo")}
            description={t("offerHint")}
            required
            maxLength={254}
            autoComplete="off"
            key={form.key("email")}
            {...form.getInputProps("email")}
          />
          <Button type="submit" variant="default" loading={isPending}>
            {t("offer")}
          </Button>
        </Group>
        {error !== null && <ErrorAlert error={error} />}
      </Stack>
    </form>
  );
}

function Offered({ app }: { app: OneApp }) {
  const { t } = useTranslation("apps");
  // Said by the change itself: this notice is gone when it is done.
  const takeBack = useAppChange(async () => {
    await takeOfferBack(app.id);
    notifications.show({ message: t("takenBack") });
  });
  if (app.transfer === null) return null;
  return (
    <Alert color="orange" title={t("offeredTo", { email: app.transfer.email })}>
      <Stack gap="sm" align="flex-start">
        <Text>
          {t("offerEnds")} <Timestamp at={app.transfer.endsAt} />.
        </Text>
        {takeBack.error !== null && <ErrorAlert error={takeBack.error} />}
        <Button
          variant="default"
          loading={takeBack.isPending}
          onClick={() => takeBack.mutate(undefined)}
        >
          {t("takeBack")}
        </Button>
      </Stack>
    </Alert>
  );
}
