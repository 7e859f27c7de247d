import type { RuleEntry, RuleMode } from "../../platform/client-address/evaluate-rules.ts";

/** A list as it is stored: `cidr` in canonical text. */
export type StoredRules = { mode: RuleMode; entries: readonly RuleEntry[] };

const modes: readonly RuleMode[] = ["off", "monitor", "enforce"];

/** Reads what the database holds. Whatever a spoiled row says can only narrow: it is enforced, and what is no network lets nobody in. */
export function toStoredRules(stored: unknown): StoredRules {
  const mode = memberOf(stored, "mode");
  const entries = memberOf(stored, "entries");
  return {
    mode: modes.find((known) => known === mode) ?? "enforce",
    entries: Array.isArray(entries) ? entries.map(toEntry) : [],
  };
}

function toEntry(entry: unknown): RuleEntry {
  const cidr = memberOf(entry, "cidr");
  const note = memberOf(entry, "note");
  return {
    cidr: typeof cidr === "string" ? cidr : "",
    note: typeof note === "string" ? note : "",
  };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
