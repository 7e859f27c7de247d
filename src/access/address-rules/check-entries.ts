import type { AddressRulesChange } from "../../contract/access/address-rules.ts";
import type { Failure } from "../../contract/problems.ts";
import { parseCidr, type Cidr } from "../../platform/client-address/parse-cidr.ts";
import { ProblemError, invalidField } from "../../problem-error.ts";
import type { StoredRules } from "./stored-rules.ts";
import { failureAt, warningText } from "../../failures.ts";
import type { NetworkWarningCode } from "../../contract/failures.ts";
import type { Params } from "../../contract/fill-text.ts";

export type CheckedRules = {
  rules: StoredRules;
  /** Pointers and canonical text of networks that admit a large part of the internet. */
  wide: readonly { pointer: string; cidr: string }[];
};

export type EntryWarning = {
  pointer: string;
  code: NetworkWarningCode;
  params?: Params;
  detail: string;
  suggestion: string | null;
};

/**
 * Reads a list as a person typed it.
 *
 * @throws {ProblemError} `invalid-request` naming every entry that is no network, or that is there
 *   twice; at `/entries` when nothing would be enforced, because that would be to lock everybody out.
 */
export function checkEntries({
  mode,
  entries,
}: Pick<AddressRulesChange, "mode" | "entries">): CheckedRules {
  if (mode === "enforce" && entries.length === 0)
    throw invalidField("/entries", { code: "list-empty" });
  const parsed = entries.map(({ cidr }) => parseCidr(cidr));
  const first = new Map<string, number>();
  const errors: Failure[] = [];
  const networks: Cidr[] = [];
  for (const [index, network] of parsed.entries()) {
    const pointer = pointerOf(index);
    if (!network.ok) {
      errors.push(failureAt(pointer, network.problem.fault));
      continue;
    }
    const same = first.get(network.cidr);
    if (same === undefined) first.set(network.cidr, index);
    else errors.push(failureAt(pointer, { code: "network-twice", params: { entry: same + 1 } }));
    networks.push(network);
  }
  if (errors.length > 0) throw new ProblemError("invalid-request", { errors });
  return {
    rules: {
      mode,
      entries: networks.map(({ cidr }, index) => ({ cidr, note: entries[index]?.note ?? "" })),
    },
    wide: networks.flatMap(({ cidr, isWide }, index) =>
      isWide ? [{ pointer: pointerOf(index), cidr }] : [],
    ),
  };
}

/** What is valid in a list and rarely meant. */
export function warningsOf({ entries }: Pick<StoredRules, "entries">): EntryWarning[] {
  return entries.flatMap(({ cidr }, index) => {
    const network = parseCidr(cidr);
    if (!network.ok) return [];
    return network.warnings.map(({ warning, suggestion }) => ({
      pointer: pointerOf(index),
      code: warning.code,
      ...(warning.params && { params: warning.params }),
      detail: warningText(warning),
      suggestion: suggestion ?? null,
    }));
  });
}

const pointerOf = (index: number): string => `/entries/${index}/cidr`;
