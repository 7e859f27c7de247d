import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { paths } from "../../paths.ts";
import { Card } from "../../ui/card.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { deleteApp, useAppChange, type OneApp } from "./app-api.ts";

/** The end of an app; its name is typed before, so that it is no other's. */
export function DeleteCard({ app }: { app: OneApp }) {
  const { t } = useTranslation(["apps", "common"]);
  const [open, setOpen] = useQueryValue("open");
  return (
    <Card
      tone="danger"
      title={t("deleteTitle")}
      intro={t("deleteIntro")}
      action={
        <Button variant="light" color="red" onClick={() => setOpen("delete")}>
          {t("delete")}
        </Button>
      }
    >
      <Modal
        opened={open === "delete"}
        onClose={() => setOpen(null)}
        title={t("deleteAsk", { name: app.name })}
        closeButtonProps={{ "aria-label": t("common:close") }}
      >
        <DeleteForm app={app} onClose={() => setOpen(null)} />
      </Modal>
    </Card>
  );
}

function DeleteForm({ app, onClose }: { app: OneApp; onClose: () => void }) {
  const { t } = useTranslation(["apps", "common"]);
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const remove = useAppChange(() => deleteApp(app.id), { isGone: true });
  const isTyped = typed.trim() === app.name.trim();
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!isTyped) return;
    remove.mutate(undefined, {
      onSuccess: () => {
        notifications.show({ message: t("deleted", { name: app.name }) });
        void navigate(paths.apps(), { replace: true });
      },
    });
  };
  return (
    <form onSubmit={onSubmit}>
      <Stack>
        <Text>{t("deleteExplained")}</Text>
        <TextInput
          label={t("typeName", { name: app.name })}
          autoComplete="off"
          data-autofocus
          value={typed}
          onChange={({ currentTarget: { value } }) => setTyped(value)}
        />
        {remove.error !== null && <ErrorAlert error={remove.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" color="red" disabled={!isTyped} loading={remove.isPending}>
            {t("deleteForGood")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
