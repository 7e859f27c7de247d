import { Button, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { Suspense, useEffect, useRef, type FormEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ErrorAlert } from "./error-alert.tsx";

type DialogProps = { isOpen: boolean; title: string; onClose: () => void; children: ReactNode };

/**
 * A dialog that something is made in. Its form is drawn while it is open, so that the next time begins
 * anew; the focus goes to its first field, and back to what opened it.
 */
export function FormDialog({ isOpen, title, onClose, children }: DialogProps) {
  const { t } = useTranslation("common");
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={title}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Suspense fallback={<Loader mx="auto" my="xl" aria-label={t("loading")} />}>
        <FocusFirst>{children}</FocusFirst>
      </Suspense>
    </Modal>
  );
}

/** A form that had to wait for what it shows came too late for the dialog to find its first field. */
function FocusFirst({ children }: { children: ReactNode }) {
  const inside = useRef<HTMLDivElement>(null);
  useEffect(() => {
    inside.current?.querySelector<HTMLElement>("[data-autofocus]")?.focus();
  }, []);
  return <div ref={inside}>{children}</div>;
}

type FormProps = {
  /** What `useFormAct` gave: failures stand at their fields, the rest above the buttons, what was typed stays. */
  act: {
    submit: (event?: FormEvent<HTMLFormElement>) => void;
    error: Error | null;
    isPending: boolean;
  };
  /** What is made here, in a sentence or two. */
  intro?: ReactNode;
  /** A verb and its object: "Make the key". */
  submitLabel: string;
  onClose: () => void;
  /** The fields; the first has `data-autofocus`. */
  children: ReactNode;
};

/** The form inside: what it is for, its fields, what went wrong, and the two ways out. */
export function DialogForm({ act, intro, submitLabel, onClose, children }: FormProps) {
  const { t } = useTranslation("common");
  return (
    <form onSubmit={act.submit}>
      <Stack>
        {intro !== undefined && <Text c="dimmed">{intro}</Text>}
        {children}
        {act.error !== null && <ErrorAlert error={act.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={act.isPending}>
            {submitLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
