import { Checkbox, Text, VisuallyHidden } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ALWAYS, type RoleDraft } from "./role-draft.ts";

/** Whether a role has a permission: read aloud as a word, not as a colour. */
export function PermissionMark({ isHeld }: { isHeld: boolean }) {
  const { t } = useTranslation("roles");
  return isHeld ? (
    <>
      <IconCheck size={18} aria-hidden color="var(--mantine-color-teal-text)" />
      <VisuallyHidden>{t("yes")}</VisuallyHidden>
    </>
  ) : (
    <>
      <Text span c="dimmed" aria-hidden>
        –
      </Text>
      <VisuallyHidden>{t("no")}</VisuallyHidden>
    </>
  );
}

/** The same while the role is edited. What the editor does not hold cannot be given on. */
export function PermissionCheck({
  draft,
  permission: { key, text },
  isHeldByMe,
  label,
}: {
  draft: RoleDraft;
  permission: { key: string; text: string };
  isHeldByMe: boolean;
  /** Shown beside the box; without it the name is only read aloud. */
  label?: string;
}) {
  const { t } = useTranslation("roles");
  const isFixed = key === ALWAYS || !isHeldByMe;
  const why = key === ALWAYS ? t("alwaysIn") : isHeldByMe ? undefined : t("notYours");
  return (
    <Checkbox
      checked={draft.permissions.has(key)}
      disabled={isFixed}
      label={label}
      description={label === undefined ? undefined : why}
      title={why}
      aria-label={label === undefined ? text : undefined}
      onChange={() => draft.toggle(key)}
      styles={{ body: { justifyContent: label === undefined ? "center" : "flex-start" } }}
    />
  );
}
