import { Alert, Badge, Button, Group, Text, VisuallyHidden } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Passkey } from "../../../src/contract/identity/passkeys.ts";
import { Card } from "../../ui/card.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { AddPasskeyDialog } from "./add-passkey-dialog.tsx";
import { canUsePasskeys } from "./browser-passkey.ts";
import { passkeysQuery } from "./passkey-api.ts";
import { RemovePasskeyDialog } from "./remove-passkey-dialog.tsx";
import { RenamePasskeyDialog } from "./rename-passkey-dialog.tsx";

/** What signs in without a password: what it is for who has none, and each with what can be done with it. */
export function PasskeysCard() {
  const { t } = useTranslation("passkeys");
  const { passkeys } = useSuspenseQuery(passkeysQuery).data;
  const [open, setOpen] = useQueryValue("passkey");
  const canAdd = canUsePasskeys();
  const isEmpty = passkeys.length === 0;
  const add = (
    <Button variant={isEmpty ? "filled" : "default"} onClick={() => setOpen("add")}>
      {t("add")}
    </Button>
  );
  return (
    <Card title={t("title")} intro={t("intro")} action={canAdd && !isEmpty ? add : null}>
      {isEmpty ? (
        <Group justify="space-between">
          <Text fw={600}>{t("none")}</Text>
          {canAdd && add}
        </Group>
      ) : (
        <RowList label={t("title")}>
          {passkeys.map((passkey) => (
            <PasskeyRow key={passkey.id} passkey={passkey} onOpen={setOpen} />
          ))}
        </RowList>
      )}
      {!canAdd && <Alert color="blue">{t("notHere")}</Alert>}
      <Dialogs passkeys={passkeys} open={open ?? ""} onClose={() => setOpen(null)} />
    </Card>
  );
}

type DialogsProps = { passkeys: readonly Passkey[]; open: string; onClose: () => void };

/** The one that the address names: `add`, or `rename` or `remove` with an id. */
function Dialogs({ passkeys, open, onClose }: DialogsProps) {
  const [what, id] = open.split(":");
  const named = (wanted: string) =>
    what === wanted ? (passkeys.find((passkey) => passkey.id === id) ?? null) : null;
  return (
    <>
      <AddPasskeyDialog isOpen={open === "add" && canUsePasskeys()} onClose={onClose} />
      <RenamePasskeyDialog passkey={named("rename")} onClose={onClose} />
      <RemovePasskeyDialog passkey={named("remove")} onClose={onClose} />
    </>
  );
}

type RowProps = { passkey: Passkey; onOpen: (what: string) => void };

function PasskeyRow({ passkey, onOpen }: RowProps) {
  const { t } = useTranslation("passkeys");
  const { id, name, createdAt, lastUsedAt, isSynced, cloneNoticedAt } = passkey;
  return (
    <Row
      actions={
        <>
          <Button variant="default" size="xs" onClick={() => onOpen(`rename:${id}`)}>
            {t("rename")}
            <VisuallyHidden> {name}</VisuallyHidden>
          </Button>
          <Button variant="light" color="red" size="xs" onClick={() => onOpen(`remove:${id}`)}>
            {t("remove")}
            <VisuallyHidden> {name}</VisuallyHidden>
          </Button>
        </>
      }
    >
      <Group gap="xs">
        <Text fw={600} style={{ overflowWrap: "anywhere" }}>
          {name}
        </Text>
        {isSynced && <Badge color="gray">{t("synced")}</Badge>}
      </Group>
      <Text size="sm" c="dimmed">
        {t("added")} <Timestamp at={createdAt} as="date" />
        {" · "}
        {lastUsedAt === null ? (
          t("neverUsed")
        ) : (
          <>
            {t("lastUsed")} <Timestamp at={lastUsedAt} as="ago" />
          </>
        )}
      </Text>
      {cloneNoticedAt !== null && (
        <Alert color="red" mt="xs">
          {t("cloned")} <Timestamp at={cloneNoticedAt} />. {t("clonedNext")}
        </Alert>
      )}
    </Row>
  );
}
