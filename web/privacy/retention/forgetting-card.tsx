import { Button, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card } from "../../ui/card.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import {
  askToBeForgotten,
  erasureQuery,
  stayOnRecord,
  usePrivacyChange,
  type Erasure,
} from "./retention-api.ts";

/** What one's own log says about one: to be erased, or not; and in whose logs it stays. */
export function ForgettingCard() {
  const { t } = useTranslation("retention");
  const { request, elsewhere } = useSuspenseQuery(erasureQuery).data;
  const [dialog, setDialog] = useQueryValue("forget");
  const ask = usePrivacyChange(askToBeForgotten);
  const isOpen = request !== null && request.nextAt !== null;
  const close = (): void => {
    ask.reset();
    setDialog(null);
  };
  return (
    <Card
      title={t("forgetting")}
      intro={t("forgettingIntro")}
      action={
        !isOpen && (
          <Button color="red" variant="light" onClick={() => setDialog("open")}>
            {t("forget")}
          </Button>
        )
      }
    >
      {request !== null && <Standing request={request} />}
      {elsewhere.length > 0 && <Elsewhere elsewhere={elsewhere} />}
      <ConfirmDialog
        isOpen={dialog !== null}
        title={t("forgetQuestion")}
        confirmLabel={t("forget")}
        isPending={ask.isPending}
        error={ask.error}
        onClose={close}
        onConfirm={() =>
          ask.mutate(undefined, {
            onSuccess: () => {
              notifications.show({ message: t("asked") });
              close();
            },
          })
        }
      >
        <Text>{t("forgetExplained")}</Text>
      </ConfirmDialog>
    </Card>
  );
}

function Standing({ request }: { request: NonNullable<Erasure["request"]> }) {
  const { t } = useTranslation("retention");
  const stay = usePrivacyChange(stayOnRecord);
  const { nextAt, endedAt, held } = request;
  return (
    <Stack gap="xs" align="flex-start">
      {endedAt !== null && (
        <Text>
          {t("forgotten")} <Timestamp at={endedAt} />
        </Text>
      )}
      {nextAt !== null && (
        <Text>
          {t("forgetsNext")} <Timestamp at={nextAt} />
        </Text>
      )}
      {held > 0 && <Text>{t("forgetHeld", { held })}</Text>}
      {stay.error !== null && <ErrorAlert error={stay.error} />}
      {nextAt !== null && (
        <Button
          variant="default"
          loading={stay.isPending}
          onClick={() =>
            stay.mutate(undefined, {
              onSuccess: () => notifications.show({ message: t("stays") }),
            })
          }
        >
          {t("stay")}
        </Button>
      )}
    </Stack>
  );
}

function Elsewhere({ elsewhere }: Pick<Erasure, "elsewhere">) {
  const { t } = useTranslation("retention");
  return (
    <Stack gap="xs">
      <Text>{t("elsewhere")}</Text>
      <RowList label={t("elsewhereLabel")}>
        {elsewhere.map(({ organisation, until }) => (
          <Row key={organisation.id}>
            <Text fw={600}>{organisation.name ?? t("unnamed")}</Text>
            <Text size="sm" c="dimmed">
              {t("staysUntil")} <Timestamp at={until} as="date" />
            </Text>
          </Row>
        ))}
      </RowList>
    </Stack>
  );
}
