import { Center, Loader } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** While a page or its data is on the way. */
export function Loading() {
  const { t } = useTranslation("common");
  return (
    <Center py="xl" role="status">
      <Loader aria-label={t("loading")} />
    </Center>
  );
}
