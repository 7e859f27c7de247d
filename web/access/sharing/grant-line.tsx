import { ActionIcon, Anchor, Button, Group, Text, VisuallyHidden } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useRoleName } from "../roles/role-texts.ts";
import type { Endable } from "./end-dialog.tsx";
import { EndText } from "./end-text.tsx";
import { RoleSelect } from "./role-select.tsx";

type Props = {
  grant: Endable;
  /** What the line is named after: the app in a person's list, the person in an app's. */
  title: string;
  titleTo?: string | undefined;
  subtitle?: string | undefined;
  /** Absent where the viewer may only look. */
  onEnd?: ((grant: Endable) => void) | undefined;
  onRevoke?: ((grant: Endable) => void) | undefined;
};

/** One grant: what or who, the role changed in place, the end, and the cross that ends it now. */
export function GrantLine({ grant, title, titleTo, subtitle, onEnd, onRevoke }: Props) {
  const roleName = useRoleName();
  const { grantId: id, app, who, role, expiresAt } = grant;
  const mayChange = onEnd !== undefined;
  return (
    <Group component="li" gap="xs" justify="space-between" className="grant-line">
      <div style={{ flex: "1 1 10rem", minWidth: 0 }}>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {titleTo === undefined ? (
            title
          ) : (
            <Anchor component={Link} to={titleTo} size="sm">
              {title}
            </Anchor>
          )}
        </Text>
        {subtitle !== undefined && (
          <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {subtitle}
          </Text>
        )}
      </div>
      <Group gap="xs" wrap="nowrap" flex="0 1 27rem" justify="space-between">
        {mayChange ? (
          <RoleSelect app={app} grant={{ id, role }} who={who} />
        ) : (
          <Text size="sm" w={150}>
            {roleName(role)}
          </Text>
        )}
        <Group gap={4} wrap="nowrap" justify="flex-end" flex={1}>
          {mayChange ? (
            <EndButton grant={grant} onEnd={onEnd} />
          ) : (
            <EndText expiresAt={expiresAt} />
          )}
          {onRevoke !== undefined && <RevokeCross grant={grant} onRevoke={onRevoke} />}
        </Group>
      </Group>
    </Group>
  );
}

function EndButton({ grant, onEnd }: { grant: Endable; onEnd: (grant: Endable) => void }) {
  const { t } = useTranslation("sharing");
  return (
    <Button variant="subtle" size="compact-sm" px={6} fw={400} onClick={() => onEnd(grant)}>
      <EndText expiresAt={grant.expiresAt} />
      <VisuallyHidden>{t("changeEndOf", { who: grant.who, app: grant.app.name })}</VisuallyHidden>
    </Button>
  );
}

function RevokeCross({ grant, onRevoke }: { grant: Endable; onRevoke: (grant: Endable) => void }) {
  const { t } = useTranslation("sharing");
  const label = t("revokeOf", { who: grant.who, app: grant.app.name });
  return (
    <ActionIcon
      variant="subtle"
      color="red"
      aria-label={label}
      title={label}
      onClick={() => onRevoke(grant)}
    >
      <IconX size={18} aria-hidden />
    </ActionIcon>
  );
}
