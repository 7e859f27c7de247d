import { sql } from "kysely";
import {
  compileRules,
  type CompiledRules,
  type RuleLevel,
  type RuleLevelName,
  type RuleMode,
} from "../../platform/client-address/evaluate-rules.ts";
import type { Db } from "../../platform/db/db.ts";
import { GATEWAY_ROLE } from "../../contract/access/permissions.ts";
import { toStoredRules } from "./stored-rules.ts";

/** A list and what is done with it. */
export type RuleSet = { readonly mode: RuleMode; readonly compiled: CompiledRules };

/**
 * A level's rules with what they go back to: an enforcement that nobody confirmed ends by itself at
 * `revertsAtMs` (ms since 1970), and no sweeper has a part in that.
 */
export type EffectiveRules = RuleSet & {
  readonly revertsAtMs: number | null;
  readonly after: RuleSet | null;
};

/** One level's rules, and until when a break-glass window holds them off (ms since 1970; null: none ever did). */
export type LevelRules = {
  readonly level: RuleLevelName;
  readonly rules: EffectiveRules;
  readonly heldOffUntilMs: number | null;
};

/** The rules that hold at this instant. Allocates nothing. */
export function rulesAt(rules: EffectiveRules, nowMs: number): RuleSet {
  const isOver = rules.revertsAtMs !== null && rules.revertsAtMs <= nowMs;
  return isOver && rules.after !== null ? rules.after : rules;
}

/**
 * Whether an app's own list binds keys of this role. It says where the app's data may be used from; a
 * gateway key asks about others and uses nothing.
 */
export const bindsApp = (role: string | null): boolean => role !== GATEWAY_ROLE;

/** What can be known of a key when its address is judged. */
export type KeyLevels = {
  /** The service account's role in the app; null: none. */
  role: string | null;
  app: LevelRules | null;
  /** The service account's and the key's own. */
  own: readonly LevelRules[];
};

/**
 * The levels that bind a key at this instant, for `judgeLevels`, and the earliest instant at which
 * they could be others without anybody changing anything. The app's own list says where the app's
 * data may be used from: a gateway key asks about others and uses nothing, so it is not bound by it.
 */
export function levelsFor(
  { role, app, own }: KeyLevels,
  nowMs: number,
): { levels: RuleLevel[]; endsAtMs: number } {
  const levels: RuleLevel[] = [];
  let endsAtMs = Number.POSITIVE_INFINITY;
  const all = app === null || !bindsApp(role) ? own : [app, ...own];
  for (const { level, rules, heldOffUntilMs } of all) {
    if (heldOffUntilMs !== null && heldOffUntilMs > nowMs) {
      endsAtMs = Math.min(endsAtMs, heldOffUntilMs);
      continue;
    }
    if (rules.revertsAtMs !== null && rules.revertsAtMs > nowMs)
      endsAtMs = Math.min(endsAtMs, rules.revertsAtMs);
    const { mode, compiled } = rulesAt(rules, nowMs);
    levels.push({ level, mode, rules: compiled });
  }
  return { levels, endsAtMs };
}

export type LoadedRules = {
  /** A level's rules; null where none were ever set, so that it has no say. */
  get(level: RuleLevelName, ownerId: string): LevelRules | null;
};

type RulesRow = {
  level: string;
  owner_id: string;
  mode: string;
  entries: unknown;
  reverts_at: Date | null;
  reverts_to: unknown;
  held_off_until: Date | null;
};

/**
 * Reads the rules of apps, service accounts and keys, in one question. A break-glass window of an app
 * holds off every list below it; one of a service account its own and its keys' lists.
 */
export async function loadRules(
  db: Db,
  {
    appIds = [],
    accountIds = [],
    keyIds = [],
  }: { appIds?: readonly string[]; accountIds?: readonly string[]; keyIds?: readonly string[] },
): Promise<LoadedRules> {
  const { rows } = await sql<RulesRow>`
    select rules.level, rules.owner_id, rules.mode, rules.entries, rules.reverts_at, rules.reverts_to,
      (select max(ends_at) from break_glass
        where break_glass.account_id = service.account_id
          or break_glass.app_id = coalesce(service.app_id, case rules.level when 'app' then rules.owner_id::uuid end)
      ) as held_off_until
    from address_rules as rules
    left join api_key on rules.level = 'key' and api_key.id = rules.owner_id
    left join service_account as service on service.account_id = case rules.level
      when 'service-account' then rules.owner_id::uuid
      when 'key' then api_key.account_id end
    where (rules.level = 'app' and rules.owner_id = any(${[...appIds]}::text[]))
      or (rules.level = 'service-account' and rules.owner_id = any(${[...accountIds]}::text[]))
      or (rules.level = 'key' and rules.owner_id = any(${[...keyIds]}::text[]))`.execute(db);
  const byOwner = new Map(rows.map((row) => [`${row.level} ${row.owner_id}`, row]));
  return {
    get(level, ownerId) {
      const row = byOwner.get(`${level} ${ownerId}`);
      if (row === undefined) return null;
      const heldOffUntilMs = row.held_off_until?.getTime() ?? null;
      return { level, rules: toEffectiveRules(row), heldOffUntilMs };
    },
  };
}

/** A stored row made ready for judging. */
function toEffectiveRules(row: RulesRow): EffectiveRules {
  return {
    ...toRuleSet(row),
    revertsAtMs: row.reverts_at?.getTime() ?? null,
    after: row.reverts_at === null ? null : toRuleSet(row.reverts_to),
  };
}

function toRuleSet(stored: unknown): RuleSet {
  const { mode, entries } = toStoredRules(stored);
  return { mode, compiled: compileRules(entries) };
}
