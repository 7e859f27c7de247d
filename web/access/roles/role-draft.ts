import { useState } from "react";
import type { RoleBook } from "../sharing/access-api.ts";
import { NEW_ROLE } from "./role-rules.ts";

/** A role that is being made or changed: its column of the table. */
export type RoleDraft = {
  /** Null for a new one. */
  name: string | null;
  permissions: ReadonlySet<string>;
  toggle: (permission: string) => void;
  /** Takes over what another role allows, as a start. */
  startFrom: (role: string) => void;
};

/** Every role's holder sees the app; the server adds it, so nobody can leave it out. */
export const ALWAYS = "app:read";

/** The draft of the role that the address names; null where none is edited. */
export function useRoleDraft(book: RoleBook, editing: string | null): RoleDraft | null {
  const role = book.roles.find(({ name, isBuiltIn }) => name === editing && !isBuiltIn);
  const [changed, setChanged] = useState<{ of: string; permissions: ReadonlySet<string> } | null>(
    null,
  );
  if (editing === null || (editing !== NEW_ROLE && role === undefined)) return null;
  const stored = new Set([ALWAYS, ...(role?.permissions ?? [])]);
  const permissions = changed?.of === editing ? changed.permissions : stored;
  const set = (next: Iterable<string>) =>
    setChanged({ of: editing, permissions: new Set([ALWAYS, ...next]) });
  return {
    name: role?.name ?? null,
    permissions,
    toggle: (key) =>
      set(
        permissions.has(key)
          ? [...permissions].filter((each) => each !== key)
          : [...permissions, key],
      ),
    startFrom: (name) => set(book.roles.find((each) => each.name === name)?.permissions ?? []),
  };
}
