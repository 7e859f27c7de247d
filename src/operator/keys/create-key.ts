import { parseEnd } from "../../access/sharing/parse-end.ts";
import type { NewOperatorKey, OperatorKeyCreated } from "../../contract/operator/keys.ts";
import type { Failure } from "../../contract/problems.ts";
import type { Context } from "../../context.ts";
import { parseCidr } from "../../platform/client-address/parse-cidr.ts";
import { newApiKey } from "../../platform/crypto/api-key-format.ts";
import { INSTALLATION_SLOT } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { changeAsOperator, requireOperator } from "../require-operator.ts";
import { actorName } from "../../access/service-accounts/tell-owners.ts";
import { endPhrase } from "../../access/sharing/access-mails.ts";
import { tell } from "../../identity/accounts/tell.ts";
import { listOperators } from "../claim/operator-queries.ts";
import { countLiveKeys, insertKey } from "./key-queries.ts";
import { failureAt } from "../../failures.ts";

/** A product needs a handful; more are a sign that somebody makes them without looking. */
const MAX_LIVE_KEYS = 100;

/**
 * Makes a key of the operator's product. It acts within its scopes without anybody's second factor, so it
 * works from its addresses only. It is shown in this reply and never again.
 *
 * @throws {ProblemError} `not-found`, `step-up-required`, `limit-reached`; `invalid-request` at
 *   /addresses/N and /expiresAt.
 */
export async function createOperatorKey(
  ctx: Context,
  { name: given, scopes, ...bounds }: NewOperatorKey,
): Promise<OperatorKeyCreated> {
  const own = requireOperator(ctx);
  return await changeAsOperator(ctx, { touches: [INSTALLATION_SLOT] }, async (tx) => {
    const createdAt = ctx.now();
    const name = given.trim();
    const { addresses, expiresAt } = readBounds(bounds, createdAt);
    if ((await countLiveKeys(tx, createdAt)) >= MAX_LIVE_KEYS)
      throw new ProblemError("limit-reached", {
        detail: { code: "too-many-operator-keys", params: { count: MAX_LIVE_KEYS } },
      });
    const { id, text } = newApiKey("op");
    const { keyId: macKeyId, mac } = ctx.keyRing.mac("api-key", text);
    const key = { id, name, scopes, addresses, expiresAt };
    await insertKey(tx, { ...key, mac, macKeyId, createdBy: own.accountId, createdAt });
    await record(tx, ctx, {
      action: "operator.key-created",
      targets: [{ type: "operator-key", id }],
      change: { after: { name, scopes, addresses, expiresAt } },
    });
    await tell(tx, ctx, await listOperators(tx), {
      kind: "operator-key-created",
      values: {
        key: name,
        keyId: id,
        actor: await actorName(tx, ctx),
        scopes: scopes.join(", "),
        end: endPhrase(expiresAt),
      },
      lines: ["what", "may"],
    });
    return { id, key: text };
  });
}

function readBounds(
  given: Pick<NewOperatorKey, "addresses" | "expiresAt">,
  now: Date,
): { addresses: string[]; expiresAt: Date | null } {
  const errors: Failure[] = [];
  const addresses = new Set<string>();
  for (const [index, text] of given.addresses.entries()) {
    const parsed = parseCidr(text);
    if (parsed.ok) addresses.add(parsed.cidr);
    else errors.push(failureAt(`/addresses/${index}`, parsed.problem.fault));
  }
  let expiresAt: Date | null = null;
  if (given.expiresAt !== undefined) {
    const end = parseEnd(given.expiresAt, { now, pointer: "/expiresAt" });
    if ("failure" in end) errors.push(end.failure);
    else ({ expiresAt } = end);
  }
  if (errors.length > 0) throw new ProblemError("invalid-request", { errors: errors.slice(0, 20) });
  return { addresses: [...addresses], expiresAt };
}
