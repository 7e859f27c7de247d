import { areEqual } from "./bytes.ts";
import { COSIGNATURE_V1, parseVerifierKey, type VerifierKey } from "./note.ts";
import type { Sha256 } from "./merkle.ts";

/*
 * Which witnesses must have signed a checkpoint, C2SP tlog-policy: `log <key> [url]`,
 * `witness <name> <key> [url]`, `group <name> all|any|<k> <member>…`, and one `quorum <name>|none`.
 * Empty lines and lines that begin with # say nothing.
 */

export type Witness = {
  /** Known by it in this policy alone. */
  name: string;
  key: VerifierKey;
  /** Where it takes checkpoints (C2SP tlog-witness); null: it is only known by its signatures. */
  url: string | null;
};

export type Group = { name: string; members: readonly string[]; needed: number };

export type WitnessPolicy = {
  witnesses: readonly Witness[];
  groups: readonly Group[];
  /** Witness or group that must have signed; null: nobody must. */
  quorum: string | null;
};

/** A policy that cannot be read: which line, and why. */
class PolicyFault extends Error {
  override readonly name = "PolicyFault";
  constructor(line: number, why: string) {
    super(`line ${line}: ${why}`);
  }
}

const MAX_MEMBERS = 64;

/** @throws {PolicyFault} naming the first line at fault. */
export function parsePolicy(sha256: Sha256, text: string): WitnessPolicy {
  const found: Found = { witnesses: [], groups: [], quorum: undefined };
  const lines = text.split("\n").map((line) => line.trim());
  for (const [index, line] of lines.entries()) {
    if (line === "" || line.startsWith("#")) continue;
    const [word = "", ...rest] = line.split(/[ \t]+/);
    const fault =
      (Object.hasOwn(readers, word) ? readers[word] : undefined)?.({ sha256, found, rest }) ??
      `it begins with none of ${KNOWN}`;
    if (fault !== "") throw new PolicyFault(index + 1, fault);
  }
  if (found.quorum === undefined)
    throw new PolicyFault(lines.length, "there is no quorum line: name a witness, a group or none");
  return { ...found, quorum: found.quorum };
}

type Found = { witnesses: Witness[]; groups: Group[]; quorum: string | null | undefined };
type Line = { sha256: Sha256; found: Found; rest: readonly string[] };

/** What each kind of line adds; an empty text, or what is wrong with it. */
const readers: Readonly<Record<string, (line: Line) => string>> = {
  // Whose log it is, whoever verifies says by the log's key.
  log: ({ sha256, rest }) =>
    parseVerifierKey(sha256, rest[0] ?? "") === null ? "its log has no verifier key" : "",
  witness: ({ sha256, found, rest: [name = "", text = "", url] }) => {
    const key = parseVerifierKey(sha256, text);
    if (key?.type !== COSIGNATURE_V1)
      return `${named(name, "the witness")} has no verifier key for Ed25519 cosignatures (name+id+key)`;
    if (found.witnesses.some((other) => areEqual(other.key.publicKey, key.publicKey)))
      return `${name} has the key of another witness`;
    if (url !== undefined && !isWebAddress(url))
      return `the address of ${name} begins with neither https:// nor http://`;
    const witness = { name, key, url: url?.replace(/\/+$/, "") ?? null };
    return addNamed(found, name, () => found.witnesses.push(witness));
  },
  group: ({ found, rest: [name = "", count = "", ...members] }) => {
    const stranger = members.find((member) => !isKnown(found, member));
    if (stranger !== undefined) return `${stranger} is named by no line before it`;
    if (members.length === 0 || members.length > MAX_MEMBERS || hasTwice(members))
      return `${named(name, "the group")} needs 1 to ${MAX_MEMBERS} members, each once`;
    const needed = neededOf(count, members.length);
    if (needed === null)
      return `${named(count, "what it needs")} is not any, all or 1 to ${members.length}`;
    return addNamed(found, name, () => found.groups.push({ name, members, needed }));
  },
  quorum: ({ found, rest: [name = "", ...more] }) => {
    if (found.quorum !== undefined) return "there is a quorum already";
    if (more.length > 0 || (name !== "none" && !isKnown(found, name)))
      return `${named(name, "the quorum")} is no witness, group or none`;
    found.quorum = name === "none" ? null : name;
    return "";
  },
};
const KNOWN = Object.keys(readers).join(", ");

const named = (name: string, unnamed: string): string => (name === "" ? unnamed : name);

const isWebAddress = (url: string): boolean => /^https?:$/.test(URL.parse(url)?.protocol ?? "");

function addNamed(found: Found, name: string, add: () => void): string {
  if (name === "" || name === "none" || isKnown(found, name)) return `it needs a name of its own`;
  add();
  return "";
}

const isKnown = ({ witnesses, groups }: Found, name: string): boolean =>
  witnesses.some((witness) => witness.name === name) || groups.some((group) => group.name === name);

const hasTwice = (names: readonly string[]): boolean => new Set(names).size < names.length;

function neededOf(count: string, members: number): number | null {
  if (count === "any") return 1;
  if (count === "all") return members;
  const needed = /^[1-9]\d?$/.test(count) ? Number(count) : 0;
  return needed >= 1 && needed <= members ? needed : null;
}

/** @param signed names of the witnesses whose signatures hold. */
export function isQuorumMet(
  { groups, quorum }: WitnessPolicy,
  signed: ReadonlySet<string>,
): boolean {
  // A group names only what stands before it, so this ends.
  const isMet = (name: string): boolean => {
    const group = groups.find((each) => each.name === name);
    if (group === undefined) return signed.has(name);
    return group.members.filter(isMet).length >= group.needed;
  };
  return quorum === null || isMet(quorum);
}
