import { Radio, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { DraftForm } from "./use-whitelist.ts";

const modes = ["off", "monitor", "enforce"] as const;

/** What the list does; each way with what it means for callers. */
export function ModeChoice({ form }: { form: DraftForm }) {
  const { t } = useTranslation("whitelist");
  return (
    <Radio.Group label={t("mode")} description={t("modeHint")} {...form.getInputProps("mode")}>
      <Stack gap="xs" mt="xs">
        {modes.map((mode) => (
          <Radio
            key={mode}
            value={mode}
            label={t(`modes.${mode}`)}
            description={t(`modeMeanings.${mode}`)}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
