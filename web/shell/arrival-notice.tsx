import { Alert } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useOwnAccount } from "../identity/account/account-api.ts";
import { useQueryValue } from "../ui/use-query-value.ts";

/** For who finds themselves on Home because the page was somebody else's: what became of it. */
export function ArrivalNotice() {
  const { t } = useTranslation("common");
  const { email } = useOwnAccount();
  const [notice, setNotice] = useQueryValue("notice");
  if (notice !== "another-account") return null;
  return (
    <Alert
      color="yellow"
      role="status"
      mb="lg"
      title={t("anotherAccountTitle")}
      withCloseButton
      closeButtonLabel={t("close")}
      onClose={() => setNotice(null)}
    >
      {t("anotherAccount", { email })}
    </Alert>
  );
}
