import { Button, Group, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useForm, type UseFormReturnType } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { IconPlus } from "@tabler/icons-react";
import { useReducer } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { paths } from "../../../paths.ts";
import { Card } from "../../../ui/card.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { Page } from "../../../ui/page.tsx";
import { useFormAct } from "../../../ui/use-act.ts";
import { useSteadyNow } from "../../../ui/use-steady-now.ts";
import { sendInvitation, useAccessChange, type App } from "../access-api.ts";
import { useShareableApps } from "../use-shareable-apps.ts";
import { InviteAppRow } from "./invite-app-row.tsx";
import { newRow, toInvitation, type InviteValues } from "./invite-form.ts";
import { InviteRefusal } from "./invite-refusal.tsx";

/** Invites somebody to one app or several at once, each with a role and perhaps an end. */
export function InvitePage() {
  const { t } = useTranslation("sharing");
  const { owned, asGuest } = useShareableApps();
  const apps = [...owned, ...asGuest];
  return (
    <Page title={t("inviteTitle")} intro={t("inviteIntro")} guide="invitations" size="md">
      {apps.length === 0 ? (
        <EmptyState
          title={t("nothingToShare")}
          action={
            <Button component={Link} to={paths.newApp()}>
              {t("makeApp")}
            </Button>
          }
        >
          {t("nothingToShareExplained")}
        </EmptyState>
      ) : (
        <InviteForm apps={apps} />
      )}
    </Page>
  );
}

function InviteForm({ apps }: { apps: readonly App[] }) {
  const { t } = useTranslation(["sharing", "common"]);
  const [query] = useSearchParams();
  const navigate = useNavigate();
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const now = useSteadyNow();
  const invite = useAccessChange(sendInvitation);
  const form = useForm<InviteValues>({
    mode: "uncontrolled",
    initialValues: {
      email: "",
      displayName: "",
      apps: [newRow(firstApp(apps, query.get("appId")))],
    },
    // Rows follow their values; the texts above them stay uncontrolled.
    onValuesChange: redraw,
  });
  const { submit, error, isPending } = useFormAct(form, async (values) => {
    await invite.mutateAsync(toInvitation(values, now()));
    notifications.show({ message: t("invitedNotice", { email: values.email.trim() }) });
    void navigate(paths.shared({ tab: "pending" }));
  });
  const { apps: rows, email } = form.getValues();
  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        <WhoCard form={form} />
        <Card title={t("toWhat")} intro={t("toWhatIntro")}>
          {rows.map((row, index) => (
            <InviteAppRow
              key={row.key}
              form={form}
              apps={apps}
              index={index}
              onRemove={rows.length > 1 ? () => form.removeListItem("apps", index) : undefined}
            />
          ))}
          <AddApp
            isPossible={rows.length < apps.length}
            onAdd={() => form.insertListItem("apps", newRow("", rows.at(-1)?.role))}
          />
        </Card>
        <Text c="dimmed">{t("inviteNext")}</Text>
        {error !== null && <InviteRefusal error={error} email={email} rows={rows} />}
        <Group justify="flex-end">
          <Button component={Link} to={paths.shared()} variant="default">
            {t("common:cancel")}
          </Button>
          <Button type="submit" loading={isPending}>
            {t("sendInvitation")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function WhoCard({ form }: { form: UseFormReturnType<InviteValues> }) {
  const { t } = useTranslation("sharing");
  return (
    <Card title={t("who")}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          type="email"
          label={t("email")}
          description={t("emailHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          autoComplete="off"
          maxLength={254}
          required
          {...form.getInputProps("email")}
        />
        <TextInput
          label={t("displayName")}
          description={t("displayNameHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          autoComplete="off"
          maxLength={120}
          {...form.getInputProps("displayName")}
        />
      </SimpleGrid>
    </Card>
  );
}

/** The app that the person came from; where there is but one, that one. */
function firstApp(apps: readonly App[], wanted: string | null): string {
  if (apps.some(({ id }) => id === wanted)) return wanted ?? "";
  return apps.length === 1 ? (apps[0]?.id ?? "") : "";
}

function AddApp({ isPossible, onAdd }: { isPossible: boolean; onAdd: () => void }) {
  const { t } = useTranslation("sharing");
  if (!isPossible) return null;
  return (
    <Group>
      <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={onAdd}>
        {t("addApp")}
      </Button>
    </Group>
  );
}
