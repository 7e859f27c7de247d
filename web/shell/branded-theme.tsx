import { MantineProvider, mergeThemeOverrides, Notification } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { DEFAULT_COLOR } from "../../src/contract/platform/brand-color.ts";
import { ProductName } from "../ui/page-title.ts";
import { readableColorsOf, themeOf } from "../ui/theme.ts";
import { brandingQuery } from "./branding.ts";

/** Mantine in the operator's colour; a change of it needs no rebuild. Drawn in ours until it is known. */
export function BrandedTheme({ children }: { children: ReactNode }) {
  const { t } = useTranslation("common");
  const { data } = useQuery(brandingQuery);
  const color = data?.primaryColor ?? DEFAULT_COLOR;
  const close = t("close");
  const theme = useMemo(() => {
    // Here and not where they are shown: each is shown by a call, in whatever language there is then.
    const notification = Notification.extend({
      defaultProps: { closeButtonProps: { "aria-label": close } },
    });
    return mergeThemeOverrides(themeOf(color), { components: { Notification: notification } });
  }, [color, close]);
  const variables = useMemo(() => readableColorsOf(color), [color]);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <ProductName value={data?.name || t("yourAccount")}>{children}</ProductName>
    </MantineProvider>
  );
}
