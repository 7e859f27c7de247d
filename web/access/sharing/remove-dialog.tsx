import { Button, Checkbox, Group, List, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "../../api/client.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useRoleName } from "../roles/role-texts.ts";
import {
  removeFromEverything,
  useAccessChange,
  type RemovalDone,
  type RemovalPreview,
} from "./access-api.ts";

type Props = {
  isOpen: boolean;
  preview: RemovalPreview;
  place: { organisationId: string; organisationName: string };
  onClose: () => void;
  onDone: (done: RemovalDone) => void;
};

/** Before a person is removed: what ends, what stays, and a yes that is not given by accident. */
export function RemoveDialog({ isOpen, onClose, ...props }: Props) {
  const { t } = useTranslation(["sharing", "common"]);
  const names = {
    who: props.preview.account.displayName,
    organisation: props.place.organisationName,
  };
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      size="lg"
      title={t("removeDialogTitle", names)}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <RemoveForm {...props} onClose={onClose} />
    </Modal>
  );
}

function RemoveForm({ preview, place, onClose, onDone }: Omit<Props, "isOpen">) {
  const { t } = useTranslation(["sharing", "common"]);
  const [revokeKeys, setRevokeKeys] = useState(true);
  const [isSure, setSure] = useState(false);
  const remove = useAccessChange(removeFromEverything);
  const { account, keys } = preview;
  const names = { who: account.displayName, organisation: place.organisationName };
  const theirs = keys.filter(({ isTheirs }) => isTheirs);
  const isLastOwner = remove.error instanceof ApiProblem && remove.error.code === "last-owner";
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const { organisationId } = place;
        remove.mutate(
          { organisationId, accountId: account.id, revokeKeys: revokeKeys && theirs.length > 0 },
          { onSuccess: onDone },
        );
      }}
    >
      <Stack>
        <Text>{t("removeEnds", names)}</Text>
        <WhatEnds preview={preview} />
        {theirs.length > 0 && (
          <Checkbox
            label={t("removeKeys", { count: theirs.length, who: account.displayName })}
            description={`${theirs.map((key) => `${key.name} (${key.app.name})`).join(", ")}. ${t("removeKeysHint")}`}
            checked={revokeKeys}
            onChange={({ currentTarget }) => setRevokeKeys(currentTarget.checked)}
          />
        )}
        <Text size="sm">{t("removeKeeps", names)}</Text>
        <Checkbox
          label={t("removeSure", names)}
          checked={isSure}
          onChange={({ currentTarget }) => setSure(currentTarget.checked)}
        />
        {remove.error !== null &&
          (isLastOwner ? (
            <Text role="alert" c="red">
              {t("removeLastOwner", names)}
            </Text>
          ) : (
            <ErrorAlert error={remove.error} />
          ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" color="red" disabled={!isSure} loading={remove.isPending}>
            {t("removeEverything")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function WhatEnds({ preview }: { preview: RemovalPreview }) {
  const { t } = useTranslation("sharing");
  const roleName = useRoleName();
  const { membership, grants, invitationsToThem, invitationsByThem, sessions } = preview;
  const names = grants.map(({ app, role }) => `${app.name} (${roleName(role)})`).join(", ");
  return (
    <List spacing={4}>
      {membership !== null && (
        <List.Item>{t("endsMembership", { role: roleName(membership) })}</List.Item>
      )}
      <List.Item>
        {t("endsGrants", { count: grants.length })}
        {names !== "" && `: ${names}`}
      </List.Item>
      {invitationsToThem.length > 0 && (
        <List.Item>{t("endsInvitationsTo", { count: invitationsToThem.length })}</List.Item>
      )}
      {invitationsByThem.length > 0 && (
        <List.Item>
          {t("endsInvitationsBy", { count: invitationsByThem.length })}:{" "}
          {invitationsByThem.map(({ email }) => email).join(", ")}
        </List.Item>
      )}
      {sessions.length > 0 && (
        <List.Item>
          {t("endsSessions", { count: sessions.length })}:{" "}
          {sessions.map(({ device }) => device).join(", ")}
        </List.Item>
      )}
    </List>
  );
}
