import type { PasswordChangeRequest } from "../../../src/contract/identity/passwords.ts";
import { request } from "../../api/client.ts";
import { queryClient } from "../../api/query-client.ts";
import { sessionsQuery } from "../sessions/session-api.ts";

/** Gives the account another password; every other session of it ends. */
export async function changePassword(given: PasswordChangeRequest): Promise<void> {
  await request("POST", "/account/password", { body: given });
  await queryClient.invalidateQueries(sessionsQuery);
}
