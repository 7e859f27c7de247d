import { ActionIcon, Box, Group, Table, Text } from "@mantine/core";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import type { Permission } from "../../../src/contract/access/permissions.ts";
import type { RoleBook } from "../sharing/access-api.ts";
import { PermissionCheck, PermissionMark } from "./permission-mark.tsx";
import type { Role } from "./role-api.ts";
import type { RoleDraft } from "./role-draft.ts";
import { byArea } from "./role-rules.ts";
import { useAreaName, usePermissionText, useRoleName } from "./role-texts.ts";

export type GridProps = {
  book: RoleBook;
  draft: RoleDraft | null;
  /** What the viewer holds. */
  held: ReadonlySet<string>;
  onEdit?: (role: string) => void;
  onDelete?: (role: string) => void;
};

/** Roles side by side, permissions below each other under their area: for screens with room. */
export function PermissionGrid({ book, draft, held, onEdit, onDelete }: GridProps) {
  const { t } = useTranslation("roles");
  const areaName = useAreaName();
  const roles = book.roles.map((role) => ({
    role,
    sets: new Set(role.permissions),
    draft: draft?.name === role.name ? draft : null,
  }));
  const isNew = draft !== null && draft.name === null;
  const columns = roles.length + 1 + (isNew ? 1 : 0);
  return (
    <Box visibleFrom="sm">
      <Table.ScrollContainer minWidth={260 + 88 * columns} type="native" pos="relative">
        <Table
          withTableBorder
          stickyHeader
          verticalSpacing={6}
          horizontalSpacing={6}
          captionSide="bottom"
        >
          <Table.Caption>{t("gridCaption")}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col" miw={220}>
                {t("permission")}
              </Table.Th>
              {roles.map(({ role }) => (
                <RoleHead key={role.name} role={role} onEdit={onEdit} onDelete={onDelete} />
              ))}
              {isNew && (
                <Table.Th scope="col" ta="center">
                  {t("newRole")}
                </Table.Th>
              )}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {byArea(book.permissions).map(([area, permissions]) => (
              <Fragment key={area}>
                <Table.Tr bg="var(--mantine-color-default-hover)">
                  <Table.Th scope="colgroup" colSpan={columns}>
                    {areaName(area)}
                  </Table.Th>
                </Table.Tr>
                {permissions.map((permission) => (
                  <PermissionRow
                    key={permission.key}
                    permission={permission}
                    columns={[...roles, ...(isNew ? [{ role: null, sets: null, draft }] : [])]}
                    isHeldByMe={held.has(permission.key)}
                  />
                ))}
              </Fragment>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Box>
  );
}

type Column = {
  role: Role | null;
  sets: ReadonlySet<string> | null;
  draft: RoleDraft | null;
};

function PermissionRow({
  permission,
  columns,
  isHeldByMe,
}: {
  permission: Permission;
  columns: readonly Column[];
  isHeldByMe: boolean;
}) {
  const text = usePermissionText()(permission);
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <Text size="sm">{text}</Text>
        <Text size="xs" c="dimmed" ff="monospace">
          {permission.key}
        </Text>
      </Table.Th>
      {columns.map(({ role, sets, draft }) => (
        <Table.Td key={role?.name ?? ""} ta="center">
          {draft === null ? (
            <PermissionMark isHeld={sets?.has(permission.key) ?? false} />
          ) : (
            <PermissionCheck
              draft={draft}
              permission={{ key: permission.key, text }}
              isHeldByMe={isHeldByMe}
            />
          )}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

function RoleHead({
  role: { name, description, isBuiltIn },
  onEdit,
  onDelete,
}: {
  role: Role;
  onEdit: GridProps["onEdit"];
  onDelete: GridProps["onDelete"];
}) {
  const { t } = useTranslation("roles");
  const shown = useRoleName()(name);
  return (
    <Table.Th scope="col" ta="center" miw={84}>
      <Text size="sm" fw={650} title={isBuiltIn ? undefined : description}>
        {shown}
      </Text>
      {isBuiltIn ? (
        <Text size="xs" c="dimmed" fw={400}>
          {t("builtIn")}
        </Text>
      ) : (
        <Group gap={2} justify="center" wrap="nowrap">
          {onEdit !== undefined && (
            <ActionIcon
              variant="subtle"
              size="sm"
              aria-label={t("editRole", { role: shown })}
              title={t("editRole", { role: shown })}
              onClick={() => onEdit(name)}
            >
              <IconPencil size={16} aria-hidden />
            </ActionIcon>
          )}
          {onDelete !== undefined && (
            <ActionIcon
              variant="subtle"
              color="red"
              size="sm"
              aria-label={t("deleteRole", { role: shown })}
              title={t("deleteRole", { role: shown })}
              onClick={() => onDelete(name)}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      )}
    </Table.Th>
  );
}
