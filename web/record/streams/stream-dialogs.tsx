import { Modal, NativeSelect, NumberInput, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { DialogForm, FormDialog } from "../../ui/form-dialog.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { RefusedDialog } from "./refused-dialog.tsx";
import { SecretOnce } from "./secret-once.tsx";
import {
  changeStream,
  deleteStream,
  replayStream,
  rotateSecret,
  useStreamAct,
  type Keeper,
  type LogStream,
} from "./stream-api.ts";
import { StreamFields } from "./stream-fields.tsx";
import { bodyOf, valuesOf, type StreamValues } from "./stream-form.ts";

/** What can be open about a stream; it stands in the page's address. */
export type StreamDialog = "change" | "replay" | "secret" | "refused" | "delete";

type Props = { keeper: Keeper; stream: LogStream; onClose: () => void };

export function StreamDialogs({ dialog, ...props }: Props & { dialog: StreamDialog }) {
  const { t } = useTranslation("streams");
  switch (dialog) {
    case "change":
      return (
        <FormDialog isOpen title={t("changeTitle")} onClose={props.onClose}>
          <ChangeForm {...props} />
        </FormDialog>
      );
    case "replay":
      return (
        <FormDialog isOpen title={t("replay")} onClose={props.onClose}>
          <ReplayForm {...props} />
        </FormDialog>
      );
    case "secret":
      return <SecretDialog {...props} />;
    case "refused":
      return <RefusedDialog {...props} />;
    case "delete":
      return <DeleteDialog {...props} />;
    default:
      return null;
  }
}

function ChangeForm({ keeper, stream, onClose }: Props) {
  const { t } = useTranslation("streams");
  const change = useStreamAct((body: Parameters<typeof changeStream>[1]) =>
    changeStream(keeper, body),
  );
  const form = useForm<StreamValues>({ initialValues: valuesOf(stream) });
  const act = useFormAct(form, async (values) => {
    await change.mutateAsync({ id: stream.id, ...bodyOf(values) });
    notifications.show({ message: t("changed") });
    onClose();
  });
  return (
    <DialogForm act={act} submitLabel={t("save")} onClose={onClose}>
      <StreamFields form={form} isNew={false} />
    </DialogForm>
  );
}

type ReplayValues = { from: "time" | "leaf"; fromTime: string; fromLeaf: number | string };

function ReplayForm({ keeper, stream, onClose }: Props) {
  const { t } = useTranslation("streams");
  const replay = useStreamAct((body: Parameters<typeof replayStream>[1]) =>
    replayStream(keeper, body),
  );
  const form = useForm<ReplayValues>({
    initialValues: { from: "time", fromTime: "", fromLeaf: 0 },
    validate: {
      fromTime: (text, { from }) => (from === "time" && text === "" ? t("timeMissing") : null),
    },
  });
  const act = useFormAct(form, async ({ from, fromTime, fromLeaf }) => {
    await replay.mutateAsync({
      id: stream.id,
      // The field speaks the reader's own zone.
      ...(from === "time"
        ? { fromTime: new Date(fromTime).toISOString() }
        : { fromLeaf: Number(fromLeaf) }),
    });
    notifications.show({ message: t("replaying", { name: stream.name }) });
    onClose();
  });
  return (
    <DialogForm act={act} intro={t("replayIntro")} submitLabel={t("replay")} onClose={onClose}>
      <NativeSelect
        label={t("replayFrom")}
        data-autofocus
        data={(["time", "leaf"] as const).map((value) => ({
          value,
          label: t(`replayFromWhat.${value}`),
        }))}
        {...form.getInputProps("from")}
      />
      {form.values.from === "time" ? (
        <TextInput
          type="datetime-local"
          label={t("time")}
          required
          {...form.getInputProps("fromTime")}
        />
      ) : (
        <NumberInput
          label={t("leaf")}
          description={t("leafHint", { next: stream.next.leaf })}
          min={0}
          allowDecimal={false}
          required
          {...form.getInputProps("fromLeaf")}
        />
      )}
    </DialogForm>
  );
}

function SecretDialog({ keeper, stream, onClose }: Props) {
  const { t } = useTranslation(["streams", "common"]);
  const rotate = useStreamAct((id: string) => rotateSecret(keeper, id));
  const [secret, setSecret] = useState<string | null>(null);
  if (secret !== null)
    return (
      <Modal
        opened
        onClose={onClose}
        title={t("streams:secretTitle")}
        closeOnClickOutside={false}
        closeOnEscape={false}
        closeButtonProps={{ "aria-label": t("common:close") }}
      >
        <SecretOnce secret={secret} onClose={onClose} />
      </Modal>
    );
  return (
    <ConfirmDialog
      isOpen
      title={t("streams:newSecret")}
      confirmLabel={t("streams:makeSecret")}
      isPending={rotate.isPending}
      error={rotate.error}
      onClose={onClose}
      onConfirm={() =>
        rotate.mutate(stream.id, { onSuccess: (made) => setSecret(made.secret ?? null) })
      }
    >
      <Text>{t("streams:newSecretExplained", { name: stream.name })}</Text>
    </ConfirmDialog>
  );
}

function DeleteDialog({ keeper, stream, onClose }: Props) {
  const { t } = useTranslation("streams");
  const remove = useStreamAct((id: string) => deleteStream(keeper, id));
  return (
    <ConfirmDialog
      isOpen
      title={t("deleteQuestion")}
      confirmLabel={t("delete")}
      isPending={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(stream.id, {
          onSuccess: () => {
            notifications.show({ message: t("deleted", { name: stream.name }) });
            onClose();
          },
        })
      }
    >
      <Text>{t("deleteExplained", { name: stream.name })}</Text>
    </ConfirmDialog>
  );
}
