import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Permission } from "../../../src/contract/access/permissions.ts";
import type { Role } from "../../../src/contract/access/roles.ts";

const builtIn = ["admin", "editor", "exporter", "gateway", "reporter", "sender"] as const;
const standing = [...builtIn, "officer", "owner"] as const;

type StandingRole = (typeof standing)[number];

const isStanding = (name: string): name is StandingRole => standing.some((role) => role === name);

/** What a role is called: roles that every app has in the reader's language, an app's own as they were named. */
export function useRoleName(): (name: string) => string {
  const { t } = useTranslation("roles");
  return useCallback((name) => (isStanding(name) ? t(`names.${name}`) : name), [t]);
}

/** One sentence on what a role is for. */
export function useRolePurpose(): (role: Pick<Role, "name" | "description">) => string {
  const { t } = useTranslation("roles");
  return useCallback(
    ({ name, description }) => (isStanding(name) ? t(`purposes.${name}`) : description),
    [t],
  );
}

const known = {
  "app:addresses": "appAddresses",
  "app:audit": "appAudit",
  "app:delete": "appDelete",
  "app:export": "appExport",
  "app:keys": "appKeys",
  "app:read": "appRead",
  "app:roles": "appRoles",
  "app:share": "appShare",
  "app:write": "appWrite",
  "decision:ask": "decisionAsk",
} as const;

const isKnown = (key: string): key is keyof typeof known => Object.hasOwn(known, key);

/** What a permission allows: ours in the reader's language, the operator's as they wrote it. */
export function usePermissionText(): (permission: Permission) => string {
  const { t } = useTranslation("roles");
  return useCallback(
    ({ key, description }) => (isKnown(key) ? t(`permissions.${known[key]}`) : description || key),
    [t],
  );
}

/** A heading for permissions that belong together. */
export function useAreaName(): (area: string) => string {
  const { t } = useTranslation("roles");
  return useCallback(
    (area) => {
      if (area === "app" || area === "decision") return t(`areas.${area}`);
      const words = area.replaceAll("-", " ");
      return words.charAt(0).toUpperCase() + words.slice(1);
    },
    [t],
  );
}
