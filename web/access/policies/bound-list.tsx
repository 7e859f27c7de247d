import { Button, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Row, RowList } from "../../ui/list.tsx";
import type { BoundPerson, PasswordPolicy } from "./policy-api.ts";

/** Whom the rules bind, and by what. */
export function BoundList({
  bound,
  onExpire,
}: {
  bound: PasswordPolicy["bound"];
  onExpire?: (person: BoundPerson["account"]) => void;
}) {
  const { t, i18n } = useTranslation("passwordPolicy");
  const listed = new Intl.ListFormat(i18n.language, { type: "conjunction" });
  const unnamed = bound.people - bound.named.length;
  return (
    <>
      <RowList label={t("boundLabel")}>
        {bound.named.map((person) => (
          <Row
            key={person.account.id}
            actions={
              onExpire && (
                <Button
                  variant="default"
                  size="xs"
                  aria-label={`${t("expireOne")}: ${person.account.displayName}`}
                  onClick={() => onExpire(person.account)}
                >
                  {t("expireOne")}
                </Button>
              )
            }
          >
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
