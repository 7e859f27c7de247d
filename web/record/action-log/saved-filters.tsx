import { Button, Group, Menu, Modal, Stack, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { DialogForm } from "../../ui/form-dialog.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { savedFiltersQuery, useDeleteFilter, useKeepFilter, useRenameFilter } from "./log-api.ts";
import { filterText, isNarrowed, readFilter } from "./log-filter.ts";
import { useLogFilter } from "./use-log-filter.ts";

const MAX_NAME = 80;

/** Filters under names, for their owner on every device: applied, kept, renamed, deleted. */
export function SavedFilters() {
  const { t } = useTranslation(["actionLog", "common"]);
  const { filter, replaceAll } = useLogFilter();
  const { data: filters = [] } = useQuery(savedFiltersQuery);
  const [open, setOpen] = useState<"keep" | "manage" | null>(null);
  const close = () => setOpen(null);
  const canKeep = isNarrowed(filter) || filter.view !== undefined;
  return (
    <>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
            {t("savedFilters")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {filters.length === 0 && <Menu.Label>{t("noKeptFilters")}</Menu.Label>}
          {filters.map(({ id, name, query }) => (
            <Menu.Item key={id} onClick={() => replaceAll(readFilter(new URLSearchParams(query)))}>
              {name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item disabled={!canKeep} onClick={() => setOpen("keep")}>
            {t("keepFilter")}
          </Menu.Item>
          {filters.length > 0 && (
            <Menu.Item onClick={() => setOpen("manage")}>{t("manageFilters")}</Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={open !== null}
        onClose={close}
        title={open === "manage" ? t("savedFilters") : t("keepFilter")}
        closeButtonProps={{ "aria-label": t("common:close") }}
      >
        {open === "keep" && <KeepForm query={filterText(filter)} onDone={close} />}
        {open === "manage" && (
          <Stack gap="lg">
            {filters.length === 0 && <Text>{t("noKeptFilters")}</Text>}
            {filters.map(({ id, name }) => (
              <ManageForm key={id} id={id} name={name} />
            ))}
          </Stack>
        )}
      </Modal>
    </>
  );
}

function KeepForm({ query, onDone }: { query: string; onDone: () => void }) {
  const { t } = useTranslation(["actionLog", "common"]);
  const keep = useKeepFilter();
  const form = useForm({ mode: "uncontrolled", initialValues: { name: "" } });
  const act = useFormAct(form, async ({ name }) => {
    await keep.mutateAsync({ name, query });
    notifications.show({ message: t("filterKept", { name: name.trim() }) });
    onDone();
  });
  return (
    <DialogForm act={act} submitLabel={t("common:save")} onClose={onDone}>
      <TextInput
        label={t("filterName")}
        description={t("filterNameHint")}
        required
        maxLength={MAX_NAME}
        data-autofocus
        key={form.key("name")}
        {...form.getInputProps("name")}
      />
    </DialogForm>
  );
}

function ManageForm({ id, name: before }: { id: string; name: string }) {
  const { t } = useTranslation("actionLog");
  const rename = useRenameFilter();
  const remove = useDeleteFilter();
  const form = useForm({ mode: "uncontrolled", initialValues: { name: before } });
  const { submit, error, isPending } = useFormAct(form, async ({ name }) => {
    await rename.mutateAsync({ id, name });
    notifications.show({ message: t("filterRenamed", { name: name.trim() }) });
  });
  const onDelete = () =>
    remove.mutate(id, {
      onSuccess: () => notifications.show({ message: t("filterDeleted", { name: before }) }),
    });
  const failed = error ?? remove.error;
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <TextInput
          label={`${t("filterName")}: ${before}`}
          required
          maxLength={MAX_NAME}
          key={form.key("name")}
          {...form.getInputProps("name")}
        />
        {failed !== null && <ErrorAlert error={failed} />}
        <Group gap="xs">
          <Button type="submit" variant="default" size="xs" loading={isPending}>
            {t("rename")}
            <VisuallyHidden> {before}</VisuallyHidden>
          </Button>
          <Button
            color="red"
            variant="light"
            size="xs"
            loading={remove.isPending}
            onClick={onDelete}
          >
            {t("delete")}
            <VisuallyHidden> {before}</VisuallyHidden>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
