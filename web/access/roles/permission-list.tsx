import { Box, Button, Group, NativeSelect, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { PermissionCheck, PermissionMark } from "./permission-mark.tsx";
import type { GridProps } from "./permission-grid.tsx";
import type { Role } from "./role-api.ts";
import { byArea } from "./role-rules.ts";
import { useAreaName, usePermissionText, useRoleName, useRolePurpose } from "./role-texts.ts";

/** The same table on a phone: one role at a time. */
export function PermissionList({ book, draft, held, onEdit, onDelete }: GridProps) {
  const { t } = useTranslation("roles");
  const roleName = useRoleName();
  const purpose = useRolePurpose();
  const [chosen, choose] = useQueryValue("role", { isFilter: true });
  const role = book.roles.find(({ name }) => name === (draft?.name ?? chosen)) ?? book.roles[0];
  if (role === undefined) return null;
  return (
    <Box hiddenFrom="sm">
      <Stack>
        {draft === null && (
          <>
            <NativeSelect
              label={t("role")}
              description={purpose(role)}
              inputWrapperOrder={["label", "input", "description"]}
              value={role.name}
              data={book.roles.map(({ name }) => ({ value: name, label: roleName(name) }))}
              onChange={({ currentTarget }) => choose(currentTarget.value)}
            />
            {!role.isBuiltIn && (
              <Group>
                {onEdit !== undefined && (
                  <Button variant="default" size="xs" onClick={() => onEdit(role.name)}>
                    {t("editRole", { role: role.name })}
                  </Button>
                )}
                {onDelete !== undefined && (
                  <Button
                    variant="subtle"
                    color="red"
                    size="xs"
                    onClick={() => onDelete(role.name)}
                  >
                    {t("deleteRole", { role: role.name })}
                  </Button>
                )}
              </Group>
            )}
          </>
        )}
        <Areas book={book} draft={draft} held={held} role={role} />
      </Stack>
    </Box>
  );
}

function Areas({
  book,
  draft,
  held,
  role,
}: Pick<GridProps, "book" | "draft" | "held"> & { role: Role }) {
  const areaName = useAreaName();
  const permissionText = usePermissionText();
  const sets = new Set(role.permissions);
  return (
    <>
      {byArea(book.permissions).map(([area, permissions]) => (
        <Stack key={area} gap="xs">
          <Title order={2} size="h4">
            {areaName(area)}
          </Title>
          {permissions.map((permission) => {
            const text = permissionText(permission);
            return draft === null ? (
              <Group key={permission.key} wrap="nowrap" gap="sm" align="flex-start">
                <Box w={20} ta="center" flex="none">
                  <PermissionMark isHeld={sets.has(permission.key)} />
                </Box>
                <Text size="sm">{text}</Text>
              </Group>
            ) : (
              <PermissionCheck
                key={permission.key}
                draft={draft}
                permission={{ key: permission.key, text }}
                isHeldByMe={held.has(permission.key)}
                label={text}
              />
            );
          })}
        </Stack>
      ))}
    </>
  );
}
