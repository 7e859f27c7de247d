import { Button, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "../../api/client.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { acceptInvitation, type Preview } from "./accept-api.ts";

/**
 * For who was invited at the wrong address: the refused attempt marks the invitation and mails its
 * sender, who learns of it nowhere else.
 */
export function TellInviter({
  token,
  preview: { invitedBy },
}: {
  token: string;
  preview: Preview;
}) {
  const { t } = useTranslation("mailLinks");
  const tell = useMutation({ mutationFn: () => tellOf(token) });
  if (tell.isSuccess) return <Text role="status">{t("inviterTold", { who: invitedBy })}</Text>;
  return (
    <>
      {tell.error !== null && <ErrorAlert error={tell.error} />}
      <Button variant="default" loading={tell.isPending} onClick={() => tell.mutate()}>
        {t("tellInviter", { who: invitedBy })}
      </Button>
    </>
  );
}

async function tellOf(token: string): Promise<void> {
  try {
    await acceptInvitation({ token });
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== "wrong-account") throw error;
  }
}
