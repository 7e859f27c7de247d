import { useTranslation } from "react-i18next";
import type { EffectivePasswordPolicy } from "./password-api.ts";

export type Source = NonNullable<NonNullable<EffectivePasswordPolicy["due"]>["source"]>;

/** Why a rule binds: "because Acme shares Shop with you". */
export function useSourceText(): (source: Source | null) => string {
  const { t, i18n } = useTranslation("passwordPolicy");
  const listed = new Intl.ListFormat(i18n.language, { type: "conjunction" });
  return (source) => {
    if (source === null) return t("forEverybody");
    const { organisation, apps } = source;
    return apps.length === 0
      ? t("becauseMember", { organisation: organisation.name })
      : t("becauseShared", {
          organisation: organisation.name,
          apps: listed.format(apps.map(({ name }) => name)),
        });
  };
}
