import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "../../api/client.ts";
import { failureText } from "../../api/failure-text.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { appQuery } from "../apps/app-api.ts";
import { changeGrant, useAccessChange } from "./access-api.ts";
import { chosenEndOf, endOf } from "./end.ts";
import { EndFields } from "./end-fields.tsx";
import { fullMoment } from "./end-text.tsx";
import type { Revocable } from "./revoke-dialog.tsx";

export type Endable = Revocable & { expiresAt: string | null };

/** Sets, moves or removes the end of one grant. */
export function EndDialog({ grant, onClose }: { grant: Endable | null; onClose: () => void }) {
  const { t } = useTranslation(["sharing", "common"]);
  return (
    <Modal
      opened={grant !== null}
      onClose={onClose}
      title={t("changeEndTitle", { who: grant?.who ?? "", app: grant?.app.name ?? "" })}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      {grant !== null && <EndForm key={grant.grantId} grant={grant} onClose={onClose} />}
    </Modal>
  );
}

function EndForm({ grant, onClose }: { grant: Endable; onClose: () => void }) {
  const { t, i18n } = useTranslation(["sharing", "common"]);
  const [chosen, setChosen] = useState(chosenEndOf(grant.expiresAt));
  const latest = useQuery(appQuery(grant.app.id)).data?.expiresAt ?? null;
  const change = useAccessChange(changeGrant);
  const save = () => {
    const end = endOf(chosen, new Date());
    change.mutate(
      { appId: grant.app.id, grantId: grant.grantId, expiresAt: end?.toISOString() ?? null },
      {
        onSuccess: () => {
          const names = { who: grant.who, app: grant.app.name };
          const when = end === null ? "" : fullMoment(end, i18n.language);
          notifications.show({
            message: end === null ? t("endRemoved", names) : t("endChanged", { ...names, when }),
          });
          onClose();
        },
      },
    );
  };
  const atField = fieldError(change.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Stack>
        {grant.expiresAt !== null && (
          <Text>{t("endNow", { when: fullMoment(grant.expiresAt, i18n.language) })}</Text>
        )}
        <EndFields
          label={t("accessEnds")}
          value={chosen}
          onChange={setChosen}
          latest={latest}
          error={atField}
        />
        <Text size="sm" c="dimmed">
          {t("endMailed", { who: grant.who })}
        </Text>
        {change.error !== null && atField === undefined && <ErrorAlert error={change.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" loading={change.isPending}>
            {t("saveEnd")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function fieldError(error: Error | null): string | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  const failure = error.errors.find(({ pointer }) => pointer === "/expiresAt");
  return failure && failureText(failure);
}
