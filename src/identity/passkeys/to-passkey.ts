import type { Passkey } from "../../contract/identity/passkeys.ts";
import type { PasskeyRow } from "./passkey-queries.ts";

export const toPasskey = (row: PasskeyRow): Passkey => ({
  id: row.id,
  name: row.name,
  createdAt: row.created_at.toISOString(),
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  isSynced: row.is_backed_up,
  cloneNoticedAt: row.clone_noticed_at?.toISOString() ?? null,
});
