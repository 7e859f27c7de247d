import { Button, Group, Stack } from "@mantine/core";
import { useQueryClient, type QueryKey } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "../api/client.ts";
import { ErrorAlert } from "./error-alert.tsx";

type Props = {
  error: Error;
  /** What was read before it was typed over. */
  query: { queryKey: QueryKey };
};

/** Somebody else may have saved meanwhile: what was typed stays until the person asks for the newer one. */
export function SaveError({ error, query }: Props) {
  const { t } = useTranslation("common");
  const queryClient = useQueryClient();
  return (
    <Stack gap="xs">
      <ErrorAlert error={error} />
      {error instanceof ApiProblem && error.code === "conflict" && (
        <Group>
          <Button
            variant="default"
            onClick={() => void queryClient.invalidateQueries({ queryKey: query.queryKey })}
          >
            {t("loadNewer")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
