import { Button, Group, List, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { queryClient } from "../../api/query-client.ts";
import { paths } from "../../paths.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { ownSessionQuery, reportLost } from "../sign-in/sign-in-api.ts";

type Props = { isOpen: boolean; codesLeft: number; onClose: () => void };

/** The phone is lost: what dies at once, and what follows. */
export function LostDialog({ isOpen, codesLeft, onClose }: Props) {
  const { t } = useTranslation(["twoFactor", "common"]);
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t("lostTitle")}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <LostForm codesLeft={codesLeft} onClose={onClose} />
    </Modal>
  );
}

/**
 * A lost phone can't confirm that it's you: unless the person has just done so, a recovery code does, and
 * the server is not asked for a code of the phone.
 */
function LostForm({ codesLeft, onClose }: Omit<Props, "isOpen">) {
  const { t } = useTranslation(["twoFactor", "common"]);
  const navigate = useNavigate();
  const session = useQuery(ownSessionQuery).data;
  const needsCode = session?.steppedUpUntil === null;
  const form = useForm({ mode: "uncontrolled", initialValues: { recoveryCode: "" } });
  const { submit, error, isPending } = useFormAct(form, async ({ recoveryCode }) => {
    await reportLost(needsCode ? recoveryCode : undefined, { isOwn: true });
    await navigate(paths.welcome(), { replace: true, state: { isNewPhone: true } });
    queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "branding" });
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <List spacing="xs">
          <List.Item>{t("lostDead")}</List.Item>
          <List.Item>{t("lostOthers")}</List.Item>
          <List.Item>
            {codesLeft === 0
              ? t("lostNoCodes")
              : t("lostNext", { codes: t("codesLeft", { count: codesLeft }) })}
          </List.Item>
        </List>
        {needsCode && (
          <>
            <Text>{t("lostCodeIntro")}</Text>
            <TextInput
              label={t("lostCode")}
              autoComplete="off"
              spellCheck={false}
              placeholder="XXXXX-XXXXX"
              required
              {...form.getInputProps("recoveryCode")}
            />
          </>
        )}
        {error !== null && <ErrorAlert error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" color="red" loading={isPending || session === undefined}>
            {t("lostConfirm")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
