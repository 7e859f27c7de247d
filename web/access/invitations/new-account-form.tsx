import { Alert, Button, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { ApiProblem } from "../../api/client.ts";
import { pageAccount } from "../../api/page-account.ts";
import { queryClient } from "../../api/query-client.ts";
import { NewPasswordField } from "../../identity/passwords/new-password-field.tsx";
import { paths } from "../../paths.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { isDeadLink } from "../mail-links/link-page.tsx";
import { dropToken } from "../mail-links/mail-link.ts";
import { acceptInvitation, previewQuery, type Accepted, type Preview } from "./accept-api.ts";

/** Accepts by making an account: the mail has proved the address, so a name and a password are enough. */
export function NewAccountForm({ token, preview }: { token: string; preview: Preview }) {
  const { t } = useTranslation("mailLinks");
  const navigate = useNavigate();
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { displayName: preview.displayName ?? "", password: "" },
  });
  const { submit, error, isPending } = useFormAct(form, async ({ displayName, password }) => {
    const accepted = await acceptAnew(token, { displayName: displayName.trim(), password });
    if (accepted === null) return;
    dropToken(paths.invitation());
    queryClient.clear();
    pageAccount.forget();
    notifications.show({ message: t("accountMade") });
    await navigate(paths.welcome({ next: placeOf(accepted) }), { replace: true });
  });
  if (isDeadLink(error)) throw error;
  return (
    <form onSubmit={submit}>
      <Stack>
        <Title order={2}>{t("makeAccount")}</Title>
        <Text>{t("makeAccountIntro")}</Text>
        <TextInput label={t("email")} value={preview.email} readOnly autoComplete="username" />
        <TextInput
          label={t("displayName")}
          autoComplete="name"
          maxLength={120}
          required
          {...form.getInputProps("displayName")}
        />
        <NewPasswordField
          label={t("password")}
          known={() => [preview.email, form.getValues().displayName]}
          policy={preview.passwordPolicy}
          {...form.getInputProps("password")}
        />
        <Alert variant="light">{t("nextTwoFactor")}</Alert>
        {error !== null && <ErrorAlert error={error} />}
        <Button type="submit" loading={isPending}>
          {t("makeAccountAndAccept")}
        </Button>
      </Stack>
    </form>
  );
}

/** Null when the address got an account meanwhile: the preview is asked again and leads to a sign-in. */
async function acceptAnew(
  token: string,
  answers: { displayName: string; password: string },
): Promise<Accepted | null> {
  try {
    return await acceptInvitation({ token, ...answers });
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== "not-signed-in") throw error;
    await queryClient.resetQueries({ queryKey: previewQuery(token).queryKey });
    return null;
  }
}

const placeOf = ({ organisation, grants }: Accepted): string =>
  organisation !== null && grants.length === 0
    ? paths.organisation(organisation.id)
    : paths.sharedWithMe();
