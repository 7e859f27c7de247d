import { ActionIcon, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { ClipboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { parseLines } from "./address-text.ts";
import type { DraftForm } from "./use-whitelist.ts";

/** The entries of a list as rows. Several lines that are pasted into a row become as many rows. */
export function EntryRows({ form }: { form: DraftForm }) {
  const { t } = useTranslation("whitelist");
  const { entries } = form.values;
  const add = () => form.insertListItem("entries", { cidr: "", note: "" });
  return (
    <Stack gap="xs" role="group" aria-label={t("entries")}>
      {entries.length === 0 && <Text c="dimmed">{t("noEntries")}</Text>}
      {entries.map((_entry, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- rows have no identity but their place
        <EntryRow key={index} form={form} index={index} />
      ))}
      {form.errors["entries"] !== undefined && (
        <Text c="red" role="alert">
          {form.errors["entries"]}
        </Text>
      )}
      <Group>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={add}
        >
          {t("addEntry")}
        </Button>
        <Text size="sm" c="dimmed">
          {t("pasteHint")}
        </Text>
      </Group>
    </Stack>
  );
}

function EntryRow({ form, index }: { form: DraftForm; index: number }) {
  const { t } = useTranslation("whitelist");
  const number = index + 1;
  const onPaste = (event: ClipboardEvent<HTMLInputElement>) => {
    const lines = parseLines(event.clipboardData.getData("text"));
    if (lines.length < 2) return;
    event.preventDefault();
    const before = form.getValues().entries;
    const here = before[index];
    const kept = here === undefined || here.cidr.trim() === "" ? [] : [here];
    form.setFieldValue("entries", [
      ...before.slice(0, index),
      ...kept,
      ...lines,
      ...before.slice(index + 1),
    ]);
  };
  return (
    <Group gap="xs" align="flex-start" wrap="wrap">
      <TextInput
        flex={2}
        miw={200}
        aria-label={t("address", { number })}
        placeholder={t("addressPlaceholder")}
        maxLength={100}
        spellCheck={false}
        autoComplete="off"
        {...form.getInputProps(`entries.${index}.cidr`)}
        onPaste={onPaste}
      />
      <TextInput
        flex={2}
        miw={130}
        aria-label={t("note", { number })}
        placeholder={t("notePlaceholder")}
        maxLength={200}
        {...form.getInputProps(`entries.${index}.note`)}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        size="input-sm"
        aria-label={t("removeEntry", {
          entry: form.values.entries[index]?.cidr || t("row", { number }),
        })}
        onClick={() => form.removeListItem("entries", index)}
      >
        <IconTrash size={18} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
