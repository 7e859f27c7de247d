import { Box, Stack, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Days } from "./custom-rules.tsx";
import type { RulesForm } from "./rules-form.ts";

type Props = { form: RulesForm; onEdit: (change: Partial<RulesForm>) => void };

/** How long a session may rest, whatever the preset. */
export function RestSwitch({ form, onEdit }: Props) {
  const { t } = useTranslation("passwordPolicy");
  return (
    <Stack gap="xs" w="100%">
      <Switch
        label={t("limitRest")}
        description={t("limitRestHint")}
        checked={form.limitsRest}
        onChange={(event) => onEdit({ limitsRest: event.currentTarget.checked })}
      />
      {form.limitsRest && (
        <Box maw="28rem">
          <Days name="idleMinutes" form={form} onEdit={onEdit} />
        </Box>
      )}
    </Stack>
  );
}
