import { Anchor, Button, Collapse, Group, Paper, Select, Stack, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Role } from "../../roles/role-api.ts";
import { RoleExplained } from "../../roles/role-explained.tsx";
import { rolesToGive } from "../../roles/role-rules.ts";
import { useRoleName, useRolePurpose } from "../../roles/role-texts.ts";
import { appQuery } from "../../apps/app-api.ts";
import { rolesQuery, type App } from "../access-api.ts";
import { EndFields } from "../end-fields.tsx";
import { fullMoment } from "../end-text.tsx";
import { choosableApps, type InviteValues } from "./invite-form.ts";

type Props = {
  form: UseFormReturnType<InviteValues>;
  apps: readonly App[];
  index: number;
  onRemove: (() => void) | undefined;
};

/** One app of the invitation: which, in what role, until when. */
export function InviteAppRow({ form, apps, index, onRemove }: Props) {
  const { t } = useTranslation("sharing");
  const row = form.getValues().apps[index];
  if (row === undefined) return null;
  const app = apps.find(({ id }) => id === row.appId);
  const name = app?.name ?? t("appNumber", { number: index + 1 });
  const at = (field: string) => `apps.${index}.${field}`;
  return (
    <Paper component="fieldset" withBorder p="md" m={0} miw={0}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <Text component="legend" fw={600} style={{ overflowWrap: "anywhere" }}>
            {name}
          </Text>
          {onRemove !== undefined && (
            <Button
              variant="subtle"
              color="red"
              size="xs"
              leftSection={<IconTrash size={16} aria-hidden />}
              aria-label={t("takeOut", { app: name })}
              onClick={onRemove}
            >
              {t("takeOutShort")}
            </Button>
          )}
        </Group>
        <Group align="flex-start" gap="sm">
          <AppField form={form} apps={apps} index={index} />
          <RoleField form={form} index={index} appId={row.appId} />
        </Group>
        <EndFields
          label={t("accessEnds")}
          value={row.expiresAt}
          onChange={(end) => {
            form.setFieldValue(at("expiresAt"), end);
            form.clearFieldError(at("expiresAt"));
          }}
          latest={app?.expiresAt ?? null}
          error={form.errors[at("expiresAt")]}
        />
        {app !== undefined && <OwnEnd app={app} />}
      </Stack>
    </Paper>
  );
}

/** Who is a guest for a time gives nothing that lasts longer. */
function OwnEnd({ app: { expiresAt } }: { app: App }) {
  const { t, i18n } = useTranslation("sharing");
  if (expiresAt === null) return null;
  return <Text size="sm">{t("ownEnd", { when: fullMoment(expiresAt, i18n.language) })}</Text>;
}

function AppField({ form, apps, index }: Omit<Props, "onRemove">) {
  const { t } = useTranslation("sharing");
  const { apps: rows } = form.getValues();
  const choosable = choosableApps(apps, rows, index);
  const names = Map.groupBy(choosable, ({ organisation }) => organisation.name);
  return (
    <Select
      flex={1}
      miw={200}
      label={t("app")}
      placeholder={t("chooseApp")}
      searchable={choosable.length > 8}
      allowDeselect={false}
      required
      nothingFoundMessage={t("noSuchApp")}
      data={[...names].map(([group, members]) => ({
        group,
        items: members.map(({ id, name }) => ({ value: id, label: name })),
      }))}
      value={rows[index]?.appId === "" ? null : (rows[index]?.appId ?? null)}
      error={form.errors[`apps.${index}.appId`]}
      onChange={(appId) => {
        form.setFieldValue(`apps.${index}.appId`, appId ?? "");
        form.clearFieldError(`apps.${index}.appId`);
      }}
    />
  );
}

function RoleField({ form, index, appId }: Pick<Props, "form" | "index"> & { appId: string }) {
  const { t } = useTranslation("sharing");
  const [isOpen, { toggle }] = useDisclosure();
  const roleName = useRoleName();
  const purpose = useRolePurpose();
  const book = useQuery({ ...rolesQuery(appId), enabled: appId !== "" }).data;
  const own = useQuery({ ...appQuery(appId), enabled: appId !== "" }).data;
  const roles = book === undefined ? [] : rolesToGive(book.roles, own?.permissions ?? []);
  const chosen = roles.find(({ name }) => name === form.getValues().apps[index]?.role);
  return (
    <Stack gap={4} flex={1} miw={200}>
      <Select
        label={t("role")}
        placeholder={t(appId === "" ? "chooseAppFirst" : "chooseRole")}
        disabled={appId === ""}
        allowDeselect={false}
        required
        maxDropdownHeight={360}
        data={roles.map(({ name }) => ({ value: name, label: roleName(name) }))}
        value={chosen?.name ?? null}
        error={form.errors[`apps.${index}.role`]}
        onChange={(role) => {
          form.setFieldValue(`apps.${index}.role`, role ?? "");
          form.clearFieldError(`apps.${index}.role`);
        }}
        renderOption={({ option }) => (
          <RoleOption label={option.label} role={roles.find(({ name }) => name === option.value)} />
        )}
      />
      {chosen !== undefined && book !== undefined && (
        <>
          <Text size="sm" c="dimmed">
            {purpose(chosen)}
          </Text>
          <Anchor
            component="button"
            type="button"
            size="sm"
            ta="start"
            aria-expanded={isOpen}
            onClick={toggle}
          >
            {t("whatMayRole", { role: roleName(chosen.name) })}
          </Anchor>
          <Collapse expanded={isOpen}>
            {isOpen && <RoleExplained book={book} role={chosen.name} />}
          </Collapse>
        </>
      )}
    </Stack>
  );
}

function RoleOption({ label, role }: { label: string; role: Role | undefined }) {
  const purpose = useRolePurpose();
  return (
    <Stack gap={0}>
      <Text size="sm" fw={600}>
        {label}
      </Text>
      {role !== undefined && <Text size="xs">{purpose(role)}</Text>}
    </Stack>
  );
}
