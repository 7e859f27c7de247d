import { TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";

/** What the contract allows for the names of apps, organisations, keys and service accounts. */
export const MAX_NAME = 120;

type Props<Values extends { name: string }> = {
  form: UseFormReturnType<Values>;
  label: string;
  hint: string;
};

/** What the new thing is called: the first field of the dialog that makes it. */
export function NameField<Values extends { name: string }>({ form, label, hint }: Props<Values>) {
  return (
    <TextInput
      label={label}
      description={hint}
      required
      maxLength={MAX_NAME}
      data-autofocus
      key={form.key("name")}
      {...form.getInputProps("name")}
    />
  );
}
