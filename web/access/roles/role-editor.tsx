import { Button, Group, Select, SimpleGrid, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { Card } from "../../ui/card.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import type { OneApp } from "../apps/app-api.ts";
import { useAccessChange, type RoleBook } from "../sharing/access-api.ts";
import { changeRole, createRole } from "./role-api.ts";
import type { RoleDraft } from "./role-draft.ts";
import { toRoleName } from "./role-rules.ts";
import { useRoleName } from "./role-texts.ts";

type Props = { app: OneApp; book: RoleBook; draft: RoleDraft; onDone: () => void };

/** Above the table while one of its columns is made or changed: name, what it is for, save. */
export function RoleEditor({ app, book, draft, onDone }: Props) {
  const { t } = useTranslation(["roles", "common"]);
  const isNew = draft.name === null;
  const stored = book.roles.find(({ name }) => name === draft.name);
  const create = useAccessChange(createRole);
  const change = useAccessChange(changeRole);
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { name: "", description: stored?.description ?? "" },
  });
  const { submit, error, isPending } = useFormAct(form, async ({ name, description }) => {
    const permissions = [...draft.permissions].toSorted();
    const role =
      draft.name === null
        ? await create.mutateAsync({
            appId: app.id,
            role: { name: toRoleName(name), description: description.trim(), permissions },
          })
        : await change.mutateAsync({
            appId: app.id,
            name: draft.name,
            change: { description: description.trim(), permissions },
          });
    notifications.show({ message: t(isNew ? "made" : "changed", { role: role.name }) });
    onDone();
  });
  return (
    <form onSubmit={submit}>
      <Card
        title={isNew ? t("makeRole") : t("editRole", { role: draft.name ?? "" })}
        intro={isNew ? t("makeIntro") : t("editIntro")}
      >
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {isNew && <NameField form={form} />}
          <TextInput
            label={t("description")}
            description={t("descriptionHint")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            maxLength={400}
            {...form.getInputProps("description")}
          />
          {isNew && <StartFrom app={app} book={book} draft={draft} />}
        </SimpleGrid>
        {form.errors["permissions"] !== undefined && (
          <Text role="alert" c="red">
            {form.errors["permissions"]}
          </Text>
        )}
        {error !== null && <ErrorAlert error={error} />}
        <Actions count={draft.permissions.size} isPending={isPending} onDone={onDone} />
      </Card>
    </form>
  );
}

function Actions(given: { count: number; isPending: boolean; onDone: () => void }) {
  const { t } = useTranslation(["roles", "common"]);
  return (
    <Group justify="space-between">
      <Text size="sm" c="dimmed" role="status">
        {t("ticked", { count: given.count })}
      </Text>
      <Group>
        <Button variant="default" onClick={given.onDone}>
          {t("common:cancel")}
        </Button>
        <Button type="submit" loading={given.isPending}>
          {t("saveRole")}
        </Button>
      </Group>
    </Group>
  );
}

function NameField({
  form,
}: {
  form: ReturnType<typeof useForm<{ name: string; description: string }>>;
}) {
  const { t } = useTranslation("roles");
  return (
    <TextInput
      label={t("name")}
      description={t("nameHint")}
      inputWrapperOrder={["label", "input", "description", "error"]}
      maxLength={40}
      required
      {...form.getInputProps("name")}
      onBlur={({ currentTarget }) => form.setFieldValue("name", toRoleName(currentTarget.value))}
    />
  );
}

/** A role is seldom made from nothing: what another allows is the start. */
function StartFrom({ app, book, draft }: Pick<Props, "app" | "book" | "draft">) {
  const { t } = useTranslation("roles");
  const roleName = useRoleName();
  const held = new Set(app.permissions);
  const mine = book.roles.filter(
    ({ name, permissions }) => name !== "gateway" && permissions.every((key) => held.has(key)),
  );
  return (
    <Select
      label={t("startFrom")}
      placeholder={t("startFromNothing")}
      data={mine.map(({ name }) => ({ value: name, label: roleName(name) }))}
      onChange={(name) => name !== null && draft.startFrom(name)}
    />
  );
}
