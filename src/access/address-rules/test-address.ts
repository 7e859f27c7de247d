import type { AddressTestResult } from "../../contract/access/address-rules.ts";
import type { Context } from "../../context.ts";
import {
  judgeLevels,
  matchRules,
  type RuleLevel,
} from "../../platform/client-address/evaluate-rules.ts";
import { parseAddress } from "../../platform/client-address/parse-address.ts";
import { invalidField } from "../../problem-error.ts";
import { levelsFor, loadRules, type LevelRules } from "./effective-rules.ts";
import type { RulesOwner } from "./rule-queries.ts";
import { readScope } from "./rules-scope.ts";
import type { Fault } from "../../contract/failures.ts";

/**
 * Asks the evaluator that decides about one address: would a key here be let in from there, and which
 * level and entry said so?
 *
 * @throws {ProblemError} `invalid-request` for what is no address, `not-found`, `forbidden`.
 */
export async function testAddress(
  ctx: Context,
  owner: RulesOwner,
  text: string,
): Promise<AddressTestResult> {
  const { app, account, keyId } = await readScope(ctx, owner);
  const address = parseAddress(text);
  if (address === null) throw invalidField("/address", NO_ADDRESS);
  const loaded = await loadRules(ctx.db, {
    appIds: [app.id],
    accountIds: account === null ? [] : [account.id],
    keyIds: keyId === null ? [] : [keyId],
  });
  const own = [
    account === null ? null : loaded.get("service-account", account.id),
    keyId === null ? null : loaded.get("key", keyId),
  ].filter((level) => level !== null);
  const binding = { role: account?.role ?? null, app: loaded.get("app", app.id), own };
  const nowMs = ctx.now().getTime();
  const { levels } = levelsFor(binding, nowMs);
  // The same levels with every list that is not empty enforced and nothing held off.
  const withoutGlass = { ...binding, app: unbroken(binding.app), own: own.map(unbroken) };
  const lists = levelsFor(
    { ...withoutGlass, own: withoutGlass.own.filter((level) => level !== null) },
    nowMs,
  ).levels.filter(({ rules }) => rules.entries.length > 0);
  const enforced = lists.map((level): RuleLevel => ({ ...level, mode: "enforce" }));
  return {
    allowed: judgeLevels(levels, address).allowed,
    allowedIfEnforced: judgeLevels(enforced, address).allowed,
    matched: lists.map(({ level, mode, rules }) => ({
      level,
      mode,
      cidr: rules.entries[matchRules(rules, address)]?.cidr ?? null,
    })),
    heldOffUntil: heldOffUntil([binding.app, ...own], nowMs),
  };
}

const NO_ADDRESS = { code: "not-an-address" } as const;

/** The same, told together with what else is wrong. */
export const addressRule = (text: string): Fault | null =>
  parseAddress(text) === null ? NO_ADDRESS : null;

const unbroken = (level: LevelRules | null): LevelRules | null =>
  level && { ...level, heldOffUntilMs: null };

function heldOffUntil(levels: readonly (LevelRules | null)[], nowMs: number): string | null {
  const ends = levels.map((level) => level?.heldOffUntilMs ?? 0);
  const latest = Math.max(0, ...ends);
  return latest > nowMs ? new Date(latest).toISOString() : null;
}
