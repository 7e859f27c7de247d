import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { ErrorAlert } from "./error-alert.tsx";
import { MAX_NAME } from "./name-field.tsx";
import { useFormAct } from "./use-act.ts";

type Props = {
  name: string;
  label: string;
  submitLabel: string;
  /** Throws what the server refuses; its failures stand at the field. */
  onRename: (name: string) => Promise<void>;
};

/** One name and the button that changes it. */
export function RenameForm({ name: before, label, submitLabel, onRename }: Props) {
  const form = useForm({ mode: "uncontrolled", initialValues: { name: before } });
  const { submit, error, isPending } = useFormAct(form, ({ name }) => onRename(name.trim()));
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group align="flex-end">
          <TextInput
            flex={1}
            miw={200}
            maw={420}
            label={label}
            required
            maxLength={MAX_NAME}
            key={form.key("name")}
            {...form.getInputProps("name")}
          />
          <Button type="submit" variant="default" loading={isPending}>
            {submitLabel}
          </Button>
        </Group>
        {error !== null && <ErrorAlert error={error} />}
      </Stack>
    </form>
  );
}
