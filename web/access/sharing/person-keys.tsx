import { Anchor, Badge, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { Card } from "../../ui/card.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import type { RemovalPreview } from "./access-api.ts";
import { EndText } from "./end-text.tsx";

/** Live keys that a person made or may have seen: they go on working when the person is gone. */
export function PersonKeys({ keys, who }: { keys: RemovalPreview["keys"]; who: string }) {
  const { t } = useTranslation("sharing");
  return (
    <Card title={t("keysOf", { who })} intro={t("keysExplained")}>
      <RowList label={t("keysOf", { who })}>
        {keys.map(({ id, name, app, serviceAccount, expiresAt, isTheirs }) => (
          <Row key={id} actions={<EndText expiresAt={expiresAt} />}>
            <Group gap="xs">
              <Anchor component={Link} to={paths.key(app.id, id)} fw={600}>
                {name}
              </Anchor>
              <Badge color={isTheirs ? "orange" : "gray"}>
                {isTheirs ? t("madeByThem") : t("seenByThem")}
              </Badge>
            </Group>
            <Text size="sm" c="dimmed">
              {app.name} · {serviceAccount.name}
            </Text>
          </Row>
        ))}
      </RowList>
    </Card>
  );
}
