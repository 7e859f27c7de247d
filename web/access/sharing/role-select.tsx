import { Loader, Select, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useErrorText } from "../../ui/error-alert.tsx";
import { rolesToGive } from "../roles/role-rules.ts";
import { useRoleName, useRolePurpose } from "../roles/role-texts.ts";
import { appQuery } from "../apps/app-api.ts";
import { changeGrant, rolesQuery, useAccessChange } from "./access-api.ts";

type Props = {
  app: { id: string; name: string };
  grant: { id: string; role: string };
  /** Whose role it is, for who cannot see the row. */
  who: string;
};

/**
 * A role that is changed where it stands. Roles of the app are fetched when the list opens, and only those
 * that the viewer may give are in it.
 */
export function RoleSelect({ app, grant, who }: Props) {
  const { t } = useTranslation("sharing");
  const roleName = useRoleName();
  const errorText = useErrorText();
  const { options, purposeOf, isFetching, open } = useRoleOptions(app.id, grant.role);
  const change = useAccessChange(changeGrant);
  const onChange = (role: string | null) => {
    if (role === null || role === grant.role) return;
    change.mutate(
      { appId: app.id, grantId: grant.id, role },
      {
        onSuccess: () =>
          notifications.show({
            message: t("roleChanged", { who, role: roleName(role), app: app.name }),
          }),
        onError: (error) => notifications.show({ color: "red", message: errorText(error) }),
      },
    );
  };
  return (
    <Select
      size="xs"
      w={{ base: 120, sm: 150 }}
      aria-label={t("roleOf", { who, app: app.name })}
      allowDeselect={false}
      comboboxProps={{ width: 300, position: "bottom-start" }}
      maxDropdownHeight={360}
      data={options}
      value={(change.isPending ? change.variables.role : undefined) ?? grant.role}
      disabled={change.isPending}
      onDropdownOpen={open}
      onChange={onChange}
      rightSection={isFetching || change.isPending ? <Loader size={14} /> : undefined}
      renderOption={({ option }) => (
        <Stack gap={0}>
          <Text size="sm" fw={600}>
            {option.label}
          </Text>
          <Text size="xs">{purposeOf(option.value)}</Text>
        </Stack>
      )}
    />
  );
}

function useRoleOptions(appId: string, current: string) {
  const [isWanted, setWanted] = useState(false);
  const roleName = useRoleName();
  const purpose = useRolePurpose();
  const book = useQuery({ ...rolesQuery(appId), enabled: isWanted });
  const app = useQuery({ ...appQuery(appId), enabled: isWanted });
  const roles = book.data?.roles ?? [];
  const mine = rolesToGive(roles, app.data?.permissions ?? []).map(({ name }) => name);
  const names = mine.includes(current) ? mine : [current, ...mine];
  return {
    options: names.map((name) => ({ value: name, label: roleName(name) })),
    purposeOf: (name: string) => {
      const role = roles.find((each) => each.name === name);
      return role === undefined ? "" : purpose(role);
    },
    isFetching: book.isFetching || app.isFetching,
    open: () => setWanted(true),
  };
}
