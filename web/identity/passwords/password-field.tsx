import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** A field for a password that can be looked at, by keyboard too, and says to a screen reader when it is wrong. */
export function PasswordField(props: PasswordInputProps) {
  const { t } = useTranslation("password");
  const isWrong = props.error !== undefined && props.error !== null && props.error !== false;
  return (
    <PasswordInput
      required
      visibilityToggleButtonProps={{ "aria-label": t("show"), tabIndex: 0 }}
      {...props}
      aria-invalid={isWrong}
    />
  );
}
