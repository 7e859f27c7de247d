import {
  formatBits,
  networkBits,
  toBits,
  type AddressBits,
} from "../../platform/client-address/address-bits.ts";
import { parseAddress } from "../../platform/client-address/parse-address.ts";
import { appsOf, subjectsOf } from "../entries/alike.ts";
import type { Entry } from "../entries/entry.ts";
import { asListedText, asUuid } from "../entries/storable.ts";
import { textFields } from "./entry-text.ts";
import { fieldTokens, foldText } from "./text-tokens.ts";
import { bucketSizesMs } from "./time-windows.ts";

/*
 * What an important entry is filed under in filed_entry.terms, beside its words: 31-bit hashes below zero. Two
 * things may have one hash; whoever finds an entry by it looks at the entry.
 */

/** What a term is of. */
const kinds = {
  /** An id in any place, and what is opaque in a text. */
  id: "i",
  actor: "u",
  action: "a",
  /** `key.` of `key.created`. */
  noun: "n",
  outcome: "o",
  reason: "r",
  network: "x",
  time: "t",
} as const;

export type TermKind = keyof typeof kinds;

/**
 * What many organisations have in common is filed under it alone, and once more with each app: a reader of an app
 * does not go through others' entries.
 */
export const scopedTerm = (kind: TermKind, appId: string, value: string): number =>
  termOf(kind, `${appId} ${value}`);

/** FNV-1a with a last mixing (as MurmurHash3 ends), below zero. */
export function termOf(kind: TermKind, value: string): number {
  let hash = Math.imul(0x811c9dc5 ^ kinds[kind].charCodeAt(0), 0x01000193);
  for (let index = 0; index < value.length; index++)
    hash = Math.imul(hash ^ value.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return -1 - ((hash ^ (hash >>> 16)) & 0x7fffffff);
}

export const idTerm = (id: string): number => termOf("id", foldText(id));

export const timeTerm = (level: number, bucket: number): number =>
  termOf("time", `${level}.${bucket}`);

/** Of the minute, the hour, the day and the thirty days. */
export const timeTermsOf = (at: Date): number[] =>
  bucketSizesMs.map((size, level) => timeTerm(level, Math.floor(at.getTime() / size)));

/** Lengths of the networks that an address is filed under, widest first. */
const PREFIXES = { 4: [8, 16, 24, 32], 6: [32, 48, 64, 128] } as const;

/** The narrowest network filed that holds this one; null for one that is wider than all. */
export function filedNetwork(cidr: string): string | null {
  const [address = "", length] = cidr.split("/");
  const bits = toBits(address);
  if (bits === null) throw new Error("a filter's networks were read");
  const prefix = PREFIXES[bits.family].findLast((known) => known <= Number(length));
  return prefix === undefined ? null : networkText(bits, prefix);
}

const networkText = (bits: AddressBits, prefix: number): string =>
  `${formatBits(networkBits(bits, prefix))}/${prefix}`;

export type EntryTerms = { words: ReadonlySet<string>; hashes: ReadonlySet<number> };

/** What an entry that was put on record at this instant is filed under. */
export function termsOf(entry: Entry, at: Date): EntryTerms {
  const words = new Set<string>();
  const hashes = new Set<number>();
  for (const field of textFields({ ...entry, credentialId: entry.actor.credentialId }))
    for (const { text, isOpaque } of fieldTokens(field))
      if (isOpaque) hashes.add(termOf("id", text));
      else words.add(storable(text));
  for (const term of columnTerms(entry)) hashes.add(term);
  for (const term of timeTermsOf(at)) hashes.add(term);
  return { words, hashes };
}

/** Letters alone stand in a word, but a lone surrogate would not be stored. */
const storable = (word: string): string => word.toWellFormed();

function columnTerms(entry: Entry): number[] {
  const { actor, action, outcome, reason, targets = [] } = entry;
  const accountId = asUuid(actor.accountId);
  const ids = [entry.requestId, actor.credentialId, ...targets.map(({ id }) => id)];
  const common: [TermKind, string][] = [
    ["action", asListedText(action)],
    ["noun", action.slice(0, action.indexOf(".") + 1)],
    ["outcome", outcome],
    ...(reason === undefined
      ? []
      : [["reason", asListedText(reason)] satisfies [TermKind, string]]),
    ...networksOf(entry.address).map((network): [TermKind, string] => ["network", network]),
  ];
  return [
    ...subjectsOf(entry).map(idTerm),
    ...ids.filter((id) => id !== null).map((id) => idTerm(asListedText(id))),
    ...(accountId === null ? [] : [termOf("actor", accountId)]),
    ...common.map(([kind, value]) => termOf(kind, value)),
    ...appsOf(entry).flatMap((app) => common.map(([kind, value]) => scopedTerm(kind, app, value))),
  ];
}

function networksOf(given: string | null): string[] {
  const address = given === null ? null : parseAddress(given);
  const bits = address === null ? null : toBits(address);
  return bits === null ? [] : PREFIXES[bits.family].map((prefix) => networkText(bits, prefix));
}
