import { Badge, Button, Group, Select, Text, VisuallyHidden } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { useOwnAccount } from "../../identity/account/account-api.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { useErrorText } from "../../ui/error-alert.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { useRoleName } from "../roles/role-texts.ts";
import { useAccessChange } from "../sharing/access-api.ts";
import { changeMember, removeMember, type Member, type Organisation } from "./organisation-api.ts";

/** Owners and officers; owners change and remove the others. */
export function MemberList({
  organisation,
  people,
}: {
  organisation: Organisation;
  people: readonly Member[];
}) {
  const { t } = useTranslation("organisations");
  const [removing, setRemoving] = useQueryValue("remove");
  const member = people.find(({ account }) => account.id === removing) ?? null;
  return (
    <>
      <RowList label={t("people")}>
        {people.map((each) => (
          <MemberRow
            key={each.account.id}
            organisation={organisation}
            member={each}
            onRemove={() => setRemoving(each.account.id)}
          />
        ))}
      </RowList>
      <RemoveDialog organisation={organisation} member={member} onClose={() => setRemoving(null)} />
    </>
  );
}

type RowProps = { organisation: Organisation; member: Member; onRemove: () => void };

function MemberRow({ organisation, member, onRemove }: RowProps) {
  const { t } = useTranslation("organisations");
  const roleName = useRoleName();
  const isMe = useOwnAccount().id === member.account.id;
  const mayChange = organisation.role === "owner" && !isMe;
  const { account, role, since } = member;
  return (
    <Row
      actions={
        mayChange ? (
          <>
            <MemberRoleSelect organisation={organisation} member={member} />
            <Button variant="subtle" color="red" size="xs" onClick={onRemove}>
              {t("remove")}
              <VisuallyHidden> {account.displayName}</VisuallyHidden>
            </Button>
          </>
        ) : (
          <Badge color={role === "owner" ? "brand" : "gray"}>{roleName(role)}</Badge>
        )
      }
    >
      <Group gap="xs">
        <Text fw={600}>{account.displayName}</Text>
        {isMe && <Badge color="gray">{t("you")}</Badge>}
      </Group>
      <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
        {account.email} · {t("since")} <Timestamp at={since} as="date" />
      </Text>
    </Row>
  );
}

function MemberRoleSelect({ organisation, member }: Omit<RowProps, "onRemove">) {
  const { t } = useTranslation("organisations");
  const roleName = useRoleName();
  const errorText = useErrorText();
  const change = useAccessChange(changeMember);
  const who = member.account.displayName;
  const onChange = (value: string | null) => {
    const role = value === "owner" ? "owner" : "officer";
    if (role === member.role) return;
    change.mutate(
      { organisationId: organisation.id, accountId: member.account.id, role },
      {
        onSuccess: () =>
          notifications.show({ message: t("roleChanged", { who, role: roleName(role) }) }),
        onError: (error) => notifications.show({ color: "red", message: errorText(error) }),
      },
    );
  };
  return (
    <Select
      size="xs"
      w={130}
      aria-label={t("roleOf", { who })}
      allowDeselect={false}
      data={(["owner", "officer"] as const).map((value) => ({ value, label: roleName(value) }))}
      value={change.isPending ? change.variables.role : member.role}
      disabled={change.isPending}
      onChange={onChange}
    />
  );
}

function RemoveDialog({
  organisation,
  member,
  onClose,
}: {
  organisation: Organisation;
  member: Member | null;
  onClose: () => void;
}) {
  const { t } = useTranslation("organisations");
  const remove = useAccessChange(removeMember);
  const names = { who: member?.account.displayName ?? "", organisation: organisation.name };
  const close = () => {
    remove.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen={member !== null}
      title={t("removeTitle", names)}
      confirmLabel={t("remove")}
      isPending={remove.isPending}
      error={remove.error}
      onClose={close}
      onConfirm={() => {
        if (member === null) return;
        remove.mutate(
          { organisationId: organisation.id, accountId: member.account.id },
          {
            onSuccess: () => {
              notifications.show({ message: t("removed", names) });
              close();
            },
          },
        );
      }}
    >
      <Text>{t("removeExplained", names)}</Text>
    </ConfirmDialog>
  );
}
