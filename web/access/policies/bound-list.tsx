import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Row, RowList } from "../../ui/list.tsx";
import type { BoundPerson, PasswordPolicy } from "./policy-api.ts";

/** Whom the rules bind, and by what. */
export function BoundList({
  bound,
  actionsOf,
}: {
  bound: PasswordPolicy["bound"];
  actionsOf?: (person: BoundPerson) => ReactNode;
}) {
  const { t, i18n } = useTranslation("passwordPolicy");
  const listed = new Intl.ListFormat(i18n.language, { type: "conjunction" });
  const unnamed = bound.people - bound.named.length;
  return (
    <>
      <RowList label={t("boundLabel")}>
        {bound.named.map((person) => (
          <Row key={person.account.id} actions={actionsOf?.(person)}>
            <Text fw={600}>{person.account.displayName}</Text>
            <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
              {person.account.email}
            </Text>
            <Text size="sm" c="dimmed">
              {person.isMember
                ? t("isMember")
                : t("isGuest", { apps: listed.format(person.apps.map(({ name }) => name)) })}
            </Text>
          </Row>
        ))}
      </RowList>
      {unnamed > 0 && <Text size="sm">{t("andMore", { count: unnamed })}</Text>}
    </>
  );
}
