import { Button, Group, Modal, NativeSelect, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { paths } from "../../paths.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { APPS } from "../apps/app-api.ts";
import type { ServiceAccount } from "../service-accounts/service-account-api.ts";
import { rotateKey, type ApiKey, type KeyCreated } from "./key-api.ts";
import { KeyOnceDialog } from "./key-once.tsx";

/** How long both keys work, in seconds. */
const overlaps = ["0", "3600", "86400", "604800", "2592000"] as const;
type Overlap = (typeof overlaps)[number];

type Props = { account: ServiceAccount; apiKey: ApiKey; isOpen: boolean; onClose: () => void };

/** Makes a key's successor and shows it, once; the old key works on for as long as was chosen. */
export function RotateDialog({ account, apiKey: key, isOpen, onClose }: Props) {
  const { t } = useTranslation(["keys", "common"]);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [made, setMade] = useState<{ key: KeyCreated; overlap: Overlap } | null>(null);
  const onClosed = (successor: string) => {
    setMade(null);
    void queryClient.invalidateQueries({ queryKey: [APPS] });
    void navigate(paths.key(account.appId, successor), { replace: true });
  };
  return (
    <>
      <Modal
        opened={isOpen && made === null}
        onClose={onClose}
        title={t("rotateTitle", { name: key.name })}
        closeButtonProps={{ "aria-label": t("common:close") }}
      >
        <RotateForm
          apiKey={key}
          onClose={onClose}
          onMade={(created, overlap) => setMade({ key: created, overlap })}
        />
      </Modal>
      {made !== null && (
        <KeyOnceDialog
          made={made.key}
          appId={account.appId}
          isGateway={account.role === "gateway"}
          note={t(made.overlap === "0" ? "oldEndedNow" : "oldWorksOn", {
            overlap: t(`overlaps.${made.overlap}`),
          })}
          onClose={() => onClosed(made.key.id)}
        />
      )}
    </>
  );
}

type FormProps = Pick<Props, "apiKey" | "onClose"> & {
  onMade: (key: KeyCreated, overlap: Overlap) => void;
};

function RotateForm({ apiKey: key, onClose, onMade }: FormProps) {
  const { t } = useTranslation(["keys", "common"]);
  const [overlap, setOverlap] = useState<Overlap>("604800");
  const [error, setError] = useState<Error | null>(null);
  const [isPending, setPending] = useState(false);
  const rotate = async () => {
    setError(null);
    setPending(true);
    try {
      onMade(await rotateKey(key.id, Number(overlap)), overlap);
    } catch (thrown) {
      setError(thrown as Error);
    } finally {
      setPending(false);
    }
  };
  return (
    <Stack>
      <Text>{t("rotateExplained")}</Text>
      <NativeSelect
        label={t("overlap")}
        description={t("overlapHint")}
        value={overlap}
        data-autofocus
        onChange={({ currentTarget: { value } }) =>
          setOverlap(overlaps.find((each) => each === value) ?? "604800")
        }
        data={overlaps.map((value) => ({ value, label: t(`overlaps.${value}`) }))}
      />
      {error !== null && <ErrorAlert error={error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("common:cancel")}
        </Button>
        <Button loading={isPending} onClick={() => void rotate()}>
          {t("makeSuccessor")}
        </Button>
      </Group>
    </Stack>
  );
}
