import { Button, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Page } from "../../ui/page.tsx";
import { SaveError } from "../../ui/save-error.tsx";
import { BrandingTabs } from "../mail-texts/branding-tabs.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import {
  brandingSettingsQuery,
  useChangeBranding,
  type Branding,
  type BrandingFields,
} from "./branding-api.ts";
import { AddressFields, LookFields, MailFields } from "./branding-fields.tsx";
import { Preview } from "./preview.tsx";

/** How the panel and the mails look: changed here, shown everywhere within seconds. */
export function BrandingPage() {
  const { t } = useTranslation("branding");
  const branding = useSuspenseQuery(brandingSettingsQuery).data;
  return (
    <Page title={t("title")} intro={t("intro")} guide="branding" size="xl">
      <BrandingTabs here="look" />
      <BrandingForm key={branding.version} branding={branding} />
    </Page>
  );
}

/** `logo` undefined: as it is; null: none; else the new one, base64. */
export type BrandingValues = BrandingFields & { logo: string | null | undefined };

const EMPTY: BrandingValues = {
  name: "",
  showsMaker: false,
  primaryColor: "",
  mailFromName: "",
  mailFromAddress: "",
  mailFooter: "",
  supportUrl: "",
  supportEmail: "",
  termsUrl: "",
  privacyUrl: "",
  imprintUrl: "",
  logo: null,
};

function valuesOf(branding: Branding): BrandingValues {
  const {
    version: _version,
    changedAt: _at,
    defaults: _defaults,
    logo: _logo,
    ...fields
  } = branding;
  return { ...fields, logo: undefined };
}

function BrandingForm({ branding }: { branding: Branding }) {
  const { t } = useTranslation("branding");
  const change = useChangeBranding();
  const [isResetting, setResetting] = useState(false);
  const form = useForm<BrandingValues>({ mode: "controlled", initialValues: valuesOf(branding) });
  const save = async ({ logo, ...fields }: BrandingValues) => {
    await change.mutateAsync({
      ...fields,
      version: branding.version,
      ...(logo !== undefined && { logo }),
    });
    notifications.show({ message: t("saved") });
  };
  const { submit, error, isPending } = useFormAct(form, save);
  return (
    <form onSubmit={submit} noValidate>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Stack gap="lg">
          <LookFields form={form} branding={branding} />
          <MailFields form={form} branding={branding} />
          <AddressFields form={form} branding={branding} />
          {error !== null && <SaveError error={error} query={brandingSettingsQuery} />}
          <Group>
            <Button type="submit" loading={isPending}>
              {t("save")}
            </Button>
            <Button variant="default" onClick={() => setResetting(true)}>
              {t("reset")}
            </Button>
          </Group>
          <Text size="sm" c="dimmed">
            {t("whoSees")}
          </Text>
        </Stack>
        <Preview values={form.values} branding={branding} />
      </SimpleGrid>
      <ConfirmDialog
        isOpen={isResetting}
        title={t("resetTitle")}
        confirmLabel={t("reset")}
        isPending={change.isPending}
        error={change.error}
        onConfirm={() =>
          void save(EMPTY).then(
            () => setResetting(false),
            () => {},
          )
        }
        onClose={() => setResetting(false)}
      >
        <Text>{t("resetExplained")}</Text>
      </ConfirmDialog>
    </form>
  );
}
