import { Checkbox, NumberInput, PasswordInput, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { StreamForm } from "./stream-fields.tsx";

type Props = { form: StreamForm; isNew: boolean };

/** The fields of the kind that is chosen. */
export function TargetFields({ form, isNew }: Props) {
  switch (form.values.kind) {
    case "https":
      return <HttpsFields form={form} />;
    case "syslog":
      return <SyslogFields form={form} isNew={isNew} />;
    case "s3":
      return <S3Fields form={form} isNew={isNew} />;
  }
}

function HttpsFields({ form }: Pick<Props, "form">) {
  const { t } = useTranslation("streams");
  return (
    <>
      <TextInput
        label={t("url")}
        description={t("urlHint")}
        placeholder="https://siem.example.com/sallyport"
        type="url"
        required
        maxLength={1000}
        {...form.getInputProps("target.https.url")}
      />
      <PemField form={form} path="target.https.ca" />
    </>
  );
}

function SyslogFields({ form, isNew }: Props) {
  const { t } = useTranslation("streams");
  return (
    <>
      <TextInput
        label={t("host")}
        placeholder="logs.example.com"
        required
        maxLength={253}
        {...form.getInputProps("target.syslog.host")}
      />
      <NumberInput
        label={t("port")}
        min={1}
        max={65_535}
        allowDecimal={false}
        required
        {...form.getInputProps("target.syslog.port")}
      />
      <PemField form={form} path="target.syslog.ca" />
      <Textarea
        label={t("clientCertificate")}
        description={t("clientCertificateHint")}
        autosize
        minRows={1}
        maxRows={6}
        {...form.getInputProps("target.syslog.clientCertificate")}
      />
      {form.values.target.syslog.clientCertificate !== "" && (
        <Textarea
          label={t("clientKey")}
          description={t(isNew ? "clientKeyHint" : "secretKeptHint")}
          autosize
          minRows={1}
          maxRows={6}
          {...form.getInputProps("target.syslog.clientKey")}
        />
      )}
    </>
  );
}

function S3Fields({ form, isNew }: Props) {
  const { t } = useTranslation("streams");
  const text = (name: "region" | "bucket" | "prefix" | "accessKeyId", isRequired = true) => (
    <TextInput
      key={name}
      label={t(name)}
      required={isRequired}
      {...form.getInputProps(`target.s3.${name}`)}
    />
  );
  return (
    <>
      <TextInput
        label={t("endpoint")}
        description={t("endpointHint")}
        placeholder="https://s3.eu-west-1.amazonaws.com"
        type="url"
        required
        {...form.getInputProps("target.s3.endpoint")}
      />
      {text("region")}
      {text("bucket")}
      {text("prefix", false)}
      <Checkbox
        label={t("pathStyle")}
        description={t("pathStyleHint")}
        {...form.getInputProps("target.s3.pathStyle", { type: "checkbox" })}
      />
      {text("accessKeyId")}
      <PasswordInput
        label={t("secretAccessKey")}
        {...(!isNew && { description: t("secretKeptHint") })}
        required={isNew}
        autoComplete="off"
        visibilityToggleButtonProps={{ "aria-label": t("showSecret") }}
        {...form.getInputProps("target.s3.secretAccessKey")}
      />
      <NumberInput
        label={t("every")}
        description={t("everyHint")}
        min={10}
        max={3600}
        allowDecimal={false}
        required
        {...form.getInputProps("target.s3.everySeconds")}
      />
      <PemField form={form} path="target.s3.ca" />
    </>
  );
}

function PemField({
  form,
  path,
}: Pick<Props, "form"> & { path: "target.https.ca" | "target.syslog.ca" | "target.s3.ca" }) {
  const { t } = useTranslation("streams");
  return (
    <Textarea
      label={t("ca")}
      description={t("caHint")}
      autosize
      minRows={1}
      maxRows={6}
      {...form.getInputProps(path)}
    />
  );
}
