import type { Context, SessionLevel } from "../../context.ts";
import { wideNetworkOf } from "../../platform/client-address/parse-address.ts";
import { hashToken, newToken } from "../../platform/crypto/tokens.ts";
import type { Tx } from "../../platform/db/db.ts";
import { tell } from "../accounts/tell.ts";
import { deviceOf } from "../sessions/device-name.ts";
import { heldDeviceToken, KNOWN_DAYS } from "./device-cookie.ts";
import { beginDevices, keepLatest, noteDevice, noteNetwork } from "./device-queries.ts";
import { insertNotice } from "./notice-queries.ts";

const DAY_MS = 86_400_000;

/** Browsers and networks remembered of one account; those used longest ago are forgotten. */
const MAX_DEVICES = 50;
const MAX_NETWORKS = 100;

/** How long a notice's link can say that it was a stranger. */
const LINK_DAYS = 7;
/** Notices of one account whose links work. */
const MAX_NOTICES = 50;

/**
 * Somebody has just signed in wholly: their browser and network are known from now on. Where either was not, the
 * account's holder is told, with a link that says that it was not them. Called under the lock of the account's
 * factors, so that two sign-ins of one browser send one notice.
 *
 * Known is a courtesy, never a factor (T9): it decides whether there is a mail, and nothing else.
 *
 * @returns what the browser's cookie has to say from now on.
 */
export async function noteArrival(
  tx: Tx,
  ctx: Context,
  { accountId, from }: { accountId: string; from: SessionLevel },
): Promise<string> {
  const now = ctx.now();
  const token = heldDeviceToken(ctx) ?? newToken();
  const seen = { accountId, now, notBefore: new Date(now.getTime() - KNOWN_DAYS * DAY_MS) };
  const browser = deviceOf(ctx.origin.userAgent).browser ?? "";
  const isKnownDevice = await noteDevice(tx, { ...seen, tokenHash: hashToken(token), browser });
  const network = wideNetworkOf(ctx.origin.address);
  const isKnownNetwork = await noteNetwork(tx, { ...seen, network });
  // The one that an account was made with: whoever sits at it has just set up the account's factors.
  const isFirst = (await beginDevices(tx, seen)) && from === "needs-enrolment";
  if (isKnownDevice && isKnownNetwork) return token;
  await keepLatest(tx, { accountId, devices: MAX_DEVICES, networks: MAX_NETWORKS });
  if (!isFirst) await sendNotice(tx, ctx, { accountId, isKnownDevice });
  return token;
}

async function sendNotice(
  tx: Tx,
  ctx: Context,
  { accountId, isKnownDevice }: { accountId: string; isKnownDevice: boolean },
): Promise<void> {
  const token = newToken();
  const now = ctx.now();
  await insertNotice(tx, {
    accountId,
    userAgent: ctx.origin.userAgent,
    address: ctx.origin.address,
    signedInAt: now,
    tokenHash: hashToken(token),
    endsAt: new Date(now.getTime() + LINK_DAYS * DAY_MS),
    max: MAX_NOTICES,
  });
  await tell(tx, ctx, accountId, {
    kind: "sign-in-noticed",
    values: { days: LINK_DAYS },
    lines: [isKnownDevice ? "network" : "device", "yours", "link"],
    token,
  });
}
