import { Modal } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogForm } from "../../ui/form-dialog.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { SecretOnce } from "./secret-once.tsx";
import { createStream, useStreamAct, type Keeper, type NewLogStream } from "./stream-api.ts";
import { StreamFields } from "./stream-fields.tsx";
import { bodyOf, newStream, type StreamValues } from "./stream-form.ts";

/** Makes a stream; where one is signed, its secret follows, shown this once. */
export function NewStreamDialog({ keeper, onClose }: { keeper: Keeper; onClose: () => void }) {
  const { t } = useTranslation(["streams", "common"]);
  const [secret, setSecret] = useState<string | null>(null);
  const isShown = secret !== null;
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t(isShown ? "streams:secretTitle" : "streams:new")}
      // A slip beside the dialog would lose the only sight of the secret.
      closeOnClickOutside={!isShown}
      closeOnEscape={!isShown}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      {isShown ? (
        <SecretOnce secret={secret} onClose={onClose} />
      ) : (
        <NewStreamForm keeper={keeper} onMade={setSecret} onClose={onClose} />
      )}
    </Modal>
  );
}

function NewStreamForm({
  keeper,
  onMade,
  onClose,
}: {
  keeper: Keeper;
  onMade: (secret: string) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation("streams");
  const create = useStreamAct((body: Omit<NewLogStream, "organisationId">) =>
    createStream(keeper, body),
  );
  const form = useForm<StreamValues>({ initialValues: newStream });
  const act = useFormAct(form, async (values) => {
    const { secret } = await create.mutateAsync({
      ...bodyOf(values),
      ...(values.start === "beginning" && { start: { fromLeaf: 0 } }),
    });
    notifications.show({ message: t("made", { name: values.name }) });
    if (secret === undefined) onClose();
    else onMade(secret);
  });
  return (
    <DialogForm act={act} intro={t("newIntro")} submitLabel={t("make")} onClose={onClose}>
      <StreamFields form={form} isNew />
    </DialogForm>
  );
}
