import { ActionIcon, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Line } from "./catalogue-changes.ts";

type Props = {
  form: UseFormReturnType<{ permissions: Line[] }>;
  saved: readonly Line[];
};

/** The catalogue as a grid: a saved key stays as it is, since another name is another permission. */
export function CatalogueLines({ form, saved }: Props) {
  const { t } = useTranslation("operator");
  const lines = form.values.permissions;
  const known = new Set(saved.map(({ key }) => key));
  return (
    <Stack gap="sm">
      {lines.length === 0 && <Text c="dimmed">{t("permissions.none")}</Text>}
      {lines.map((line, index) => {
        const name = line.key || t("permissions.newLine", { number: index + 1 });
        return (
          // A line has no id of its own; lines are added and removed, never moved.
          // oxlint-disable-next-line react/no-array-index-key -- see above
          <Group key={index} align="flex-start" gap="xs" wrap="nowrap">
            <Group gap="xs" flex={1} align="flex-start" grow preventGrowOverflow={false}>
              <TextInput
                aria-label={t("permissions.keyOf", { name })}
                placeholder="orders:read"
                maxLength={81}
                miw={160}
                readOnly={known.has(line.key) && saved[index]?.key === line.key}
                {...form.getInputProps(`permissions.${index}.key`)}
                {...(form.errors[`permissions.${index}`] !== undefined && {
                  error: form.errors[`permissions.${index}`],
                })}
              />
              <TextInput
                aria-label={t("permissions.descriptionOf", { name })}
                placeholder={t("permissions.description")}
                maxLength={400}
                miw={200}
                {...form.getInputProps(`permissions.${index}.description`)}
              />
            </Group>
            <ActionIcon
              variant="subtle"
              color="red"
              size="lg"
              aria-label={t("permissions.remove", { name })}
              onClick={() => form.removeListItem("permissions", index)}
            >
              <IconTrash size={18} aria-hidden />
            </ActionIcon>
          </Group>
        );
      })}
      <Group>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => form.insertListItem("permissions", { key: "", description: "" })}
        >
          {t("permissions.add")}
        </Button>
      </Group>
    </Stack>
  );
}
