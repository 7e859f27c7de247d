import { Button, NativeSelect, SimpleGrid, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { languages, readerHere, type Language } from "../../i18n/languages.ts";
import { Card } from "../../ui/card.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { changeAccount, useOwnAccount } from "./account-api.ts";

/** In which language mails come, and by which clock they tell the time: kept with the account, not in this browser. */
export function MailSettings() {
  const { t } = useTranslation("profile");
  const { language, timeZone } = useOwnAccount();
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { language: language as Language, timeZone: timeZone ?? "" },
  });
  const { submit, error, isPending } = useFormAct(form, async (values) => {
    await changeAccount({ language: values.language, timeZone: values.timeZone || null });
    notifications.show({ message: t("mailsSaved") });
  });
  return (
    <Card title={t("mails")} intro={t("mailsIntro")}>
      <form onSubmit={submit}>
        <Stack align="flex-start" gap="sm">
          <SimpleGrid cols={{ base: 1, xs: 2 }} w="100%" maw="36rem">
            <NativeSelect
              label={t("mailLanguage")}
              data={Object.entries(languages).map(([value, { name }]) => ({ value, label: name }))}
              {...form.getInputProps("language")}
              key={form.key("language")}
            />
            <NativeSelect
              label={t("mailZone")}
              data={useZones(timeZone)}
              {...form.getInputProps("timeZone")}
              key={form.key("timeZone")}
            />
          </SimpleGrid>
          {error !== null && <ErrorAlert error={error} />}
          <Button type="submit" variant="default" loading={isPending}>
            {t("saveMails")}
          </Button>
        </Stack>
      </form>
    </Card>
  );
}

/** This device's zone, the one that was chosen elsewhere, and UTC: hardly anybody wants to read by another clock. */
function useZones(chosen: string | null): { value: string; label: string }[] {
  const { t } = useTranslation("profile");
  const { timeZone: here } = readerHere();
  return [
    { value: "", label: t("mailZoneUtc") },
    ...(here === undefined || here === "UTC"
      ? []
      : [{ value: here, label: t("mailZoneHere", { zone: here }) }]),
    ...(chosen === null || chosen === here
      ? []
      : [{ value: chosen, label: t("mailZoneOther", { zone: chosen }) }]),
  ];
}
