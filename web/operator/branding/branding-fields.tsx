import { Checkbox, Textarea, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { DEFAULT_COLOR, parseColor } from "../../../src/contract/platform/brand-color.ts";
import { Card } from "../../ui/card.tsx";
import type { Branding } from "./branding-api.ts";
import type { BrandingValues } from "./branding-page.tsx";
import { ContrastNote } from "./contrast-note.tsx";
import { LogoField } from "./logo-field.tsx";

type Props = { form: UseFormReturnType<BrandingValues>; branding: Branding };

/** Name, colour, logo. */
export function LookFields({ form, branding }: Props) {
  const { t } = useTranslation("branding");
  return (
    <Card title={t("look")} intro={t("lookIntro")}>
      <TextInput
        label={t("name")}
        description={t("nameHint")}
        maxLength={60}
        {...form.getInputProps("name")}
      />
      <TextInput
        label={t("color")}
        description={t("colorHint")}
        placeholder={DEFAULT_COLOR}
        maxLength={20}
        rightSectionWidth={52}
        rightSection={
          <input
            type="color"
            aria-label={t("pickColor")}
            value={parseColor(form.values.primaryColor) ?? DEFAULT_COLOR}
            onChange={(event) => form.setFieldValue("primaryColor", event.currentTarget.value)}
            style={{ width: 36, height: 26, padding: 0, border: 0, background: "none" }}
          />
        }
        {...form.getInputProps("primaryColor")}
      />
      <ContrastNote
        color={form.values.primaryColor}
        onTake={(color) => form.setFieldValue("primaryColor", color)}
      />
      <LogoField form={form} branding={branding} />
      <Checkbox
        label={t("maker")}
        description={t("makerHint")}
        {...form.getInputProps("showsMaker", { type: "checkbox" })}
      />
    </Card>
  );
}

/** Who mails come from, and what stands below each. */
export function MailFields({ form, branding: { defaults } }: Props) {
  const { t } = useTranslation("branding");
  return (
    <Card title={t("mail")} intro={t("mailIntro")}>
      <TextInput
        label={t("mailFromName")}
        placeholder={defaults.mailFromName}
        maxLength={60}
        {...form.getInputProps("mailFromName")}
      />
      <TextInput
        label={t("mailFromAddress")}
        description={t("mailFromAddressHint")}
        placeholder={defaults.mailFromAddress}
        type="email"
        maxLength={254}
        {...form.getInputProps("mailFromAddress")}
      />
      <Textarea
        label={t("mailFooter")}
        description={t("mailFooterHint")}
        maxLength={1000}
        autosize
        minRows={2}
        {...form.getInputProps("mailFooter")}
      />
    </Card>
  );
}

/** Where people get help, and the operator's legal pages. */
export function AddressFields({ form, branding: { defaults } }: Props) {
  const { t } = useTranslation("branding");
  return (
    <Card title={t("links")} intro={t("linksIntro")}>
      <TextInput
        label={t("supportUrl")}
        type="url"
        maxLength={500}
        placeholder={defaults.supportUrl || "https://"}
        {...form.getInputProps("supportUrl")}
      />
      <TextInput
        label={t("supportEmail")}
        type="email"
        maxLength={254}
        {...form.getInputProps("supportEmail")}
      />
      {(["termsUrl", "privacyUrl", "imprintUrl"] as const).map((field) => (
        <TextInput
          key={field}
          label={t(field)}
          type="url"
          maxLength={500}
          placeholder="https://"
          {...form.getInputProps(field)}
        />
      ))}
    </Card>
  );
}
