import {
  Input,
  NativeSelect,
  NumberInput,
  SegmentedControl,
  Stack,
  TextInput,
} from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { StreamValues } from "./stream-form.ts";
import { TargetFields } from "./target-fields.tsx";

export type StreamForm = UseFormReturnType<StreamValues>;

const kinds = ["https", "syslog", "s3"] as const;

/** What a stream is called, what it sends, and where to. */
export function StreamFields({ form, isNew }: { form: StreamForm; isNew: boolean }) {
  const { t } = useTranslation("streams");
  const { kind } = form.values;
  const formats =
    kind === "syslog" ? (["entry", "ocsf", "cef"] as const) : (["entry", "ocsf"] as const);
  return (
    <>
      <TextInput
        label={t("name")}
        description={t("nameHint")}
        required
        maxLength={80}
        data-autofocus
        {...form.getInputProps("name")}
      />
      {isNew && <KindField form={form} />}
      <TargetFields form={form} isNew={isNew} />
      <NativeSelect
        label={t("coversLabel")}
        description={t("coversHint")}
        data={(["important", "everything"] as const).map((value) => ({
          value,
          label: t(`coversLong.${value}`),
        }))}
        {...form.getInputProps("covers")}
      />
      <NativeSelect
        label={t("formatLabel")}
        data={formats.map((value) => ({ value, label: t(`formatLong.${value}`) }))}
        {...form.getInputProps("format")}
      />
      {isNew && (
        <NativeSelect
          label={t("startLabel")}
          data={(["now", "beginning"] as const).map((value) => ({
            value,
            label: t(`start.${value}`),
          }))}
          {...form.getInputProps("start")}
        />
      )}
      <NumberInput
        label={t("alarm")}
        description={t("alarmHint")}
        min={1}
        max={1440}
        allowDecimal={false}
        allowNegative={false}
        required
        {...form.getInputProps("alarmAfterMinutes")}
      />
    </>
  );
}

function KindField({ form }: { form: StreamForm }) {
  const { t } = useTranslation("streams");
  const id = useId();
  return (
    <Stack gap={4}>
      <Input.Label component="div" id={id}>
        {t("kindLabel")}
      </Input.Label>
      <SegmentedControl
        aria-labelledby={id}
        data={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
        value={form.values.kind}
        onChange={(value) => {
          form.setFieldValue("kind", value as StreamValues["kind"]);
          // CEF is for syslog alone.
          if (value !== "syslog" && form.values.format === "cef")
            form.setFieldValue("format", "entry");
        }}
      />
    </Stack>
  );
}
