import { Button, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { AuthenticatorApps } from "./authenticator-apps.tsx";
import { ConfirmCodeForm } from "./confirm-code-form.tsx";
import { beginEnrolment } from "./factor-api.ts";
import { QrCode } from "./qr-code.tsx";

type Props = {
  /** Told the recovery codes, which are shown this once. */
  onConfirmed: (recoveryCodes: string[]) => void;
};

/** Sets up a phone: get an app, scan, type the first code. Nothing changes before that code. */
export function AuthenticatorSetUp({ onConfirmed }: Props) {
  const { t } = useTranslation("twoFactor");
  const begin = useMutation({ mutationFn: beginEnrolment });
  if (begin.data === undefined)
    return (
      <Stack>
        <Title order={2}>{t("stepApp")}</Title>
        <Text>{t("appIntro")}</Text>
        <AuthenticatorApps />
        {begin.error !== null && <ErrorAlert error={begin.error} />}
        <Button loading={begin.isPending} onClick={() => begin.mutate()}>
          {t("begin")}
        </Button>
      </Stack>
    );
  return (
    <Stack>
      <Title order={2}>{t("stepScan")}</Title>
      <Text>{t("scan")}</Text>
      <QrCode enrolment={begin.data} />
      <Title order={2}>{t("stepCode")}</Title>
      <ConfirmCodeForm
        key={begin.data.secret}
        isBeginning={begin.isPending}
        onBegin={() => begin.mutate()}
        onConfirmed={onConfirmed}
      />
    </Stack>
  );
}
