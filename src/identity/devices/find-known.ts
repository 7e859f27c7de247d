import { sql } from "kysely";
import type { Context } from "../../context.ts";
import { wideNetworkOf, UNKNOWN_NETWORK } from "../../platform/client-address/parse-address.ts";
import { hashToken } from "../../platform/crypto/tokens.ts";
import { deviceOf } from "../sessions/device-name.ts";
import { heldDeviceToken, KNOWN_DAYS } from "./device-cookie.ts";

export type Known = {
  /** A name for the caller's browser, where the account knows it. */
  device: string | null;
  isKnownNetwork: boolean;
};

/**
 * Whether the account of an address knows who asks, before anything is proven: it decides whose turn it is and with
 * whom wrong tries are counted, and nothing else. The same one query, whether or not there is such an account.
 */
export async function findKnown(ctx: Context, emailKey: string): Promise<Known> {
  const since = new Date(ctx.now().getTime() - KNOWN_DAYS * 86_400_000);
  const tokenHash = hashToken(heldDeviceToken(ctx) ?? "");
  const browser = deviceOf(ctx.origin.userAgent).browser ?? "";
  const network = wideNetworkOf(ctx.origin.address);
  const { rows } = await sql<{ device: boolean; network: boolean }>`
    select
      exists (select from known_device as held where held.account_id = account.id
        and held.token_hash = ${tokenHash} and held.browser = ${browser}
        and held.last_used_at > ${since}::timestamptz) as device,
      exists (select from known_network as held where held.account_id = account.id
        and held.network = ${network} and held.last_used_at > ${since}::timestamptz) as network
    from account where email_key = ${emailKey}`.execute(ctx.db);
  const [found] = rows;
  return {
    device: found?.device === true ? tokenHash.toString("base64url") : null,
    // Callers whose address can't be told share one name, and nobody is at home there.
    isKnownNetwork: found?.network === true && network !== UNKNOWN_NETWORK,
  };
}
