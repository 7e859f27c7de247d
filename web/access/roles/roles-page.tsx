import { Alert, Button, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { useApp } from "../apps/app-api.ts";
import { AppPage } from "../apps/app-frame.tsx";
import { rolesQuery } from "../sharing/access-api.ts";
import { DeleteRoleDialog } from "./delete-role-dialog.tsx";
import { PermissionGrid } from "./permission-grid.tsx";
import { PermissionList } from "./permission-list.tsx";
import { RoleEditor } from "./role-editor.tsx";
import { useRoleDraft } from "./role-draft.ts";
import { NEW_ROLE } from "./role-rules.ts";

/** What each role may do in one app; roles of its own are made and changed in the same table. */
export function RolesPage() {
  const { t } = useTranslation("roles");
  const app = useApp();
  const book = useSuspenseQuery(rolesQuery(app.id)).data;
  const [editing, setEditing] = useQueryValue("edit");
  const [deleting, setDeleting] = useQueryValue("delete");
  const mayEdit = app.permissions.includes("app:roles");
  const draft = useRoleDraft(book, mayEdit ? editing : null);
  const table = {
    book,
    draft,
    held: new Set(app.permissions),
    ...(mayEdit && { onEdit: setEditing, onDelete: setDeleting }),
  };
  return (
    <AppPage
      title={t("title")}
      intro={t("intro")}
      guide="roles"
      action={
        mayEdit &&
        draft === null && (
          <Button
            leftSection={<IconPlus size={18} aria-hidden />}
            onClick={() => setEditing(NEW_ROLE)}
          >
            {t("makeRole")}
          </Button>
        )
      }
    >
      {!mayEdit && <Text c="dimmed">{t("readOnly")}</Text>}
      {draft !== null && (
        <RoleEditor
          key={draft.name ?? ""}
          app={app}
          book={book}
          draft={draft}
          onDone={() => setEditing(null)}
        />
      )}
      <PermissionGrid {...table} />
      <PermissionList {...table} />
      {book.permissions.every(({ key }) => /^(?:app|decision):/.test(key)) && (
        <Alert variant="light" color="gray">
          {t("catalogueHint")}
        </Alert>
      )}
      <DeleteRoleDialog
        app={app}
        role={book.roles.find(({ name, isBuiltIn }) => name === deleting && !isBuiltIn) ?? null}
        onClose={() => setDeleting(null)}
      />
    </AppPage>
  );
}
