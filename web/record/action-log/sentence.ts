import { useTranslation } from "react-i18next";
import type { Action } from "../../../src/contract/actions.ts";
import { useOwnAccount } from "../../identity/account/account-api.ts";
import { useBranding } from "../../shell/branding.ts";
import type { LogEntry } from "./log-api.ts";
import { sentenceKeyOf } from "./sentence-key.ts";

/** Entries whose sentence speaks of a person: where no name stands in them, "somebody". */
const ABOUT_SOMEBODY: readonly string[] = [
  "invitation.sent",
  "invitation.cancelled",
  "organisation.person-added",
  "app.transfer-offered",
];

type Told = Pick<LogEntry, "action" | "outcome" | "actor" | "app" | "change" | "reportedAction"> & {
  targets?: LogEntry["targets"] | undefined;
};

/** Tells entries as people would: who did, or tried, what and where. */
export function useSentences() {
  const { t } = useTranslation(["actionLog", "actions"]);
  const own = useOwnAccount();
  const { name: product } = useBranding();

  const nameOf = ({ kind, accountId: id, displayName }: LogEntry["actor"]): string => {
    if (id === own.id) return t("you");
    if (displayName !== undefined) return displayName;
    if (kind === "stranger") return t("notSignedIn");
    if (kind === "operator-key") return t("operatorKey");
    if (kind === "erased") return t("erasedPerson");
    return kind === "system" ? product : t("somebody");
  };

  const partsOf = (entry: Told) => {
    const app = entry.app?.name;
    const name = nameIn(entry);
    const nobody = ABOUT_SOMEBODY.includes(entry.action) ? t("someone") : "";
    return {
      who: nameOf(entry.actor),
      named: name === undefined ? nobody : t("named", { name }),
      toNamed: name === undefined ? "" : t("toNamed", { name }),
      inApp: app === undefined ? "" : t("inApp", { app }),
      toApp: app === undefined ? "" : t("toApp", { app }),
      anAccount: t(
        entry.targets?.some(({ accountId }) => accountId === own.id) === true
          ? "yourAccount"
          : "anAccount",
      ),
      theApp: app === undefined ? t("anApp") : ` ${app}`,
    };
  };

  const tell = (entry: Told): string => {
    const parts = partsOf(entry);
    const key = sentenceKeyOf(entry.action as Action);
    const text =
      entry.outcome === "done"
        ? t(`actions:${key}.done`, parts)
        : t("tried", { who: parts.who, act: t(`actions:${key}.act`, parts) });
    return tidy(text);
  };

  return { tell, nameOf };
}

/** Parts that are left out leave their spaces. */
const tidy = (text: string): string => {
  const spaced = text.replaceAll(/\s+/g, " ").trim();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
};

/** What the thing is called that it was about, where the entry says so. */
function nameIn({ change, reportedAction }: Told): string | undefined {
  if (reportedAction !== undefined) return reportedAction;
  const { before, after } = (change ?? {}) as { before?: unknown; after?: unknown };
  for (const side of [after, before])
    for (const member of ["name", "displayName", "email"]) {
      const value = (side as Record<string, unknown> | null | undefined)?.[member];
      if (typeof value === "string" && value !== "") return value;
    }
  return undefined;
}

/** Why it was refused or failed, in words; a code that has none of ours by its own name. What a person wrote stays. */
export function useReason() {
  const { t, i18n } = useTranslation("reasons");
  return (reason: string): string =>
    i18n.exists(reason, { ns: "reasons" })
      ? t(reason as "allowed")
      : reason.includes(" ")
        ? reason
        : reason.replaceAll("-", " ");
}
