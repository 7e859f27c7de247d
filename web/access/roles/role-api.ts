import type { NewRole, Role, RoleChange } from "../../../src/contract/access/roles.ts";
import { request } from "../../api/client.ts";

export type { Role };

export const createRole = async (given: { appId: string; role: NewRole }): Promise<Role> =>
  await request<Role>("POST", `/apps/${given.appId}/roles`, { body: given.role, isCreation: true });

export const changeRole = async (given: {
  appId: string;
  name: string;
  change: RoleChange;
}): Promise<Role> =>
  await request<Role>("PATCH", `/apps/${given.appId}/roles/${given.name}`, { body: given.change });

export const deleteRole = async (given: { appId: string; name: string }): Promise<void> =>
  await request("DELETE", `/apps/${given.appId}/roles/${given.name}`);
