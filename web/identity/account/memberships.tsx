import { Button, Stack, Text, Title, VisuallyHidden } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { membershipsQuery } from "./account-api.ts";

/** Where the person belongs, and as what. */
export function Memberships() {
  const { t } = useTranslation("profile");
  const organisations = useSuspenseQuery(membershipsQuery).data;
  return (
    <Stack component="section" gap="sm">
      <Stack gap={2}>
        <Title order={2}>{t("organisations")}</Title>
        <Text c="dimmed">{t("organisationsIntro")}</Text>
      </Stack>
      {organisations.length === 0 ? (
        <EmptyState title={t("noOrganisations")}>{t("noOrganisationsIntro")}</EmptyState>
      ) : (
        <RowList label={t("organisations")}>
          {organisations.map(({ id, name, role }) => (
            <Row
              key={id}
              actions={
                <Button component={Link} to={paths.organisation(id)} variant="default" size="xs">
                  {t("open")}
                  <VisuallyHidden> {name}</VisuallyHidden>
                </Button>
              }
            >
              <Text fw={600} style={{ overflowWrap: "anywhere" }}>
                {name}
              </Text>
              <Text size="sm" c="dimmed">
                {t(role)}
              </Text>
            </Row>
          ))}
        </RowList>
      )}
    </Stack>
  );
}
