import { Alert, Button, Group, List, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Card } from "../../ui/card.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Facts } from "../../ui/facts.tsx";
import { Page } from "../../ui/page.tsx";
import { SaveError } from "../../ui/save-error.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import {
  changesOf,
  isBig,
  isNothing,
  type CatalogueChanges,
  type Line,
} from "./catalogue-changes.ts";
import { CatalogueLines } from "./catalogue-lines.tsx";
import { catalogueQuery, usageQuery, useReplaceCatalogue } from "./permission-api.ts";

/** What the operator's product lets roles be made of. */
export function PermissionsPage() {
  const { t } = useTranslation("operator");
  const { permissions, own, version } = useSuspenseQuery(catalogueQuery).data;
  return (
    <Page title={t("permissions.title")} intro={t("permissions.intro")} guide="operator">
      <CatalogueForm key={version} saved={permissions} version={version} />
      <Card title={t("permissions.own")} intro={t("permissions.ownIntro")}>
        <Facts rows={own.map(({ key, description }) => ({ name: key, value: description }))} />
      </Card>
    </Page>
  );
}

function CatalogueForm({ saved, version }: { saved: readonly Line[]; version: string }) {
  const { t } = useTranslation("operator");
  const replace = useReplaceCatalogue();
  const [isAsking, setAsking] = useState(false);
  const form = useForm<{ permissions: Line[] }>({
    mode: "controlled",
    initialValues: { permissions: saved.map((line) => ({ ...line })) },
    validate: {
      permissions: {
        key: (key) =>
          /^[a-z][a-z0-9-]*:[a-z][a-z0-9-]*$/.test(key) ? null : t("permissions.keyShape"),
      },
    },
  });
  const lines = form.values.permissions;
  const changes = changesOf(saved, lines);
  const save = async () => {
    await replace.mutateAsync({ permissions: lines, version });
    notifications.show({ message: t("permissions.saved") });
  };
  const { submit, error, isPending } = useFormAct(form, async () => {
    if (isBig(changes)) setAsking(true);
    else await save();
  });
  return (
    <Card title={t("permissions.yours")} intro={t("permissions.yoursIntro")}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <CatalogueLines form={form} saved={saved} />
          {error !== null && <SaveError error={error} query={catalogueQuery} />}
          {!isNothing(changes) && (
            <SaveBar changes={changes} isPending={isPending} onUndo={form.reset} />
          )}
        </Stack>
      </form>
      <ConfirmDialog
        isOpen={isAsking}
        title={t("permissions.confirmTitle")}
        confirmLabel={t("permissions.save")}
        isPending={replace.isPending}
        error={replace.error}
        onConfirm={() =>
          void save().then(
            () => setAsking(false),
            () => {},
          )
        }
        onClose={() => setAsking(false)}
      >
        {isAsking && <WhatIsLost removed={changes.removed} added={changes.added.length} />}
      </ConfirmDialog>
    </Card>
  );
}

type SaveBarProps = { changes: CatalogueChanges; isPending: boolean; onUndo: () => void };

function SaveBar({ changes, isPending, onUndo }: SaveBarProps) {
  const { t } = useTranslation("operator");
  return (
    <Group>
      <Button type="submit" loading={isPending}>
        {t("permissions.save")}
      </Button>
      <Button variant="default" onClick={onUndo}>
        {t("permissions.undo")}
      </Button>
      <Text c="dimmed" role="status">
        {t("permissions.changes", {
          added: changes.added.length,
          removed: changes.removed.length,
          described: changes.described.length,
        })}
      </Text>
    </Group>
  );
}

function WhatIsLost({ removed, added }: { removed: readonly Line[]; added: number }) {
  const { t } = useTranslation("operator");
  const { usage } = useSuspenseQuery(usageQuery).data;
  const rolesOf = (key: string) => usage.find((row) => row.key === key);
  return (
    <Stack gap="sm">
      {removed.length > 0 && (
        <>
          <Title order={3} size="h4">
            {t("permissions.removed")}
          </Title>
          <List spacing={4}>
            {removed.map(({ key }) => (
              <List.Item key={key}>
                <code>{key}</code>:{" "}
                {t("permissions.lost", {
                  count: rolesOf(key)?.roles ?? 0,
                  apps: rolesOf(key)?.apps ?? 0,
                })}
              </List.Item>
            ))}
          </List>
          <Alert color="orange" variant="light">
            {t("permissions.removedWarning")}
          </Alert>
        </>
      )}
      {added > 0 && <Text>{t("permissions.addedCount", { count: added })}</Text>}
    </Stack>
  );
}
