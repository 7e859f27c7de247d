import { Alert, Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ApiProblem, Unreachable } from "../api/client.ts";
import { PasskeyFailure } from "../api/passkey-failure.ts";
import { detailOf, failureText } from "../api/failure-text.ts";

/** Says what went wrong, in a sentence and not a code, and is read aloud when it appears. */
export function ErrorAlert({
  error,
  onRetry,
}: {
  error: Error;
  onRetry?: (() => void) | undefined;
}) {
  const { t } = useTranslation("common");
  const message = useErrorText()(error);
  return (
    <Alert color="red" variant="light" role="alert">
      <Group justify="space-between" gap="sm">
        <Text>{message}</Text>
        {onRetry !== undefined && (
          <Button variant="default" size="xs" onClick={onRetry}>
            {t("tryAgain")}
          </Button>
        )}
      </Group>
    </Alert>
  );
}

/** The sentence for an error: what happened to what was asked, and what to do. */
export function useErrorText(): (error: Error) => string {
  const { t } = useTranslation(["problems", "common", "passkeys"]);
  return (error) => {
    if (error instanceof Unreachable) return t("common:unreachable");
    if (error instanceof PasskeyFailure) return t(`passkeys:${error.kind}`);
    if (!(error instanceof ApiProblem)) return t("internal");
    const [first] = error.errors;
    if (error.code === "invalid-request" && first !== undefined && first.pointer === "")
      return failureText(first);
    return detailOf(error) ?? t(error.code, { seconds: error.retryAfterSeconds ?? 30 });
  };
}
