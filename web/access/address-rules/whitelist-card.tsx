import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card } from "../../ui/card.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { rulesQuery, type AddressRules, type ListOwner } from "./rules-api.ts";
import { Whitelist } from "./whitelist.tsx";

/** The whitelist of a service account or key, folded into a sentence on its owner's page. */
export function WhitelistCard({ owner }: { owner: ListOwner }) {
  const { t } = useTranslation("whitelist");
  const rules = useSuspenseQuery(rulesQuery(owner)).data;
  const [open, setOpen] = useQueryValue("whitelist", { isFilter: true });
  // A change that goes back by itself is never hidden.
  const isOpen = open !== null || rules.revertsAt !== null;
  return (
    <Stack gap="lg">
      <Card
        title={t("title")}
        intro={t(`cardIntro.${owner.level === "key" ? "key" : "serviceAccount"}`)}
        action={
          <Button
            variant="default"
            size="sm"
            aria-expanded={isOpen}
            onClick={() => setOpen(isOpen ? null : "open")}
          >
            {t(isOpen ? "fold" : "edit")}
          </Button>
        }
      >
        <Group gap="xs">
          <ModeBadge mode={rules.mode} />
          <Text>{t("entryCount", { count: rules.entries.length })}</Text>
        </Group>
      </Card>
      {isOpen && <Whitelist owner={owner} />}
    </Stack>
  );
}

/** What a list does at the moment. */
export function ModeBadge({ mode }: { mode: AddressRules["mode"] }) {
  const { t } = useTranslation("whitelist");
  const colors = { off: "gray", monitor: "blue", enforce: "green" } as const;
  return <Badge color={colors[mode]}>{t(`states.${mode}`)}</Badge>;
}
