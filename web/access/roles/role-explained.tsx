import { List, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { RoleBook } from "../sharing/access-api.ts";
import { byArea } from "./role-rules.ts";
import { useAreaName, usePermissionText } from "./role-texts.ts";

/** All that a role allows, in sentences, under the names of their areas. */
export function RoleExplained({ book, role: name }: { book: RoleBook; role: string }) {
  const { t } = useTranslation("roles");
  const areaName = useAreaName();
  const permissionText = usePermissionText();
  const role = book.roles.find((each) => each.name === name);
  if (role === undefined) return null;
  const held = new Set(role.permissions);
  const areas = byArea(book.permissions.filter(({ key }) => held.has(key)));
  if (areas.length === 0) return <Text size="sm">{t("allowsNothing")}</Text>;
  return (
    <Stack gap="xs">
      {areas.map(([area, permissions]) => (
        <div key={area}>
          <Text size="sm" fw={600}>
            {areaName(area)}
          </Text>
          <List size="sm" spacing={2}>
            {permissions.map((permission) => (
              <List.Item key={permission.key}>{permissionText(permission)}</List.Item>
            ))}
          </List>
        </div>
      ))}
    </Stack>
  );
}
