import { TextInput, type TextInputProps } from "@mantine/core";

/** Six digits of an authenticator app: the number pad on a phone, and filled in by password managers. */
export function CodeField(props: TextInputProps) {
  return (
    <TextInput
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={7}
      placeholder="123 456"
      styles={{ input: { letterSpacing: "0.2em", fontVariantNumeric: "tabular-nums" } }}
      {...props}
    />
  );
}
