import type { KeyRing } from "../../platform/crypto/key-ring.ts";
import type { EntryClass } from "../../contract/record/entry-class.ts";
import { alikeOf, type Alike } from "./alike.ts";
import { encodeEntry } from "./entry-codec.ts";
import { classOf, type Entry } from "./entry.ts";
import { asListedText, asUuid, uuidsIn } from "./storable.ts";

/** Names a batch, known before its commit. Numbers of a writer run from 1 without gaps, over days. */
export type BatchKey = { day: string; writer: number; number: number };

/** An entry as text, with what its batch lists about it. */
export type EncodedEntry = {
  text: string;
  class: EntryClass;
  organisationId: string | null;
  appId: string | null;
  /** Apps beside `appId` that it touched: an invitation to three apps stands in the log of each. */
  otherAppIds?: readonly string[];
  credentialId: string | null;
  accountIds: readonly string[];
  /** What it is counted under; `count` where it stands for several. */
  alike: Alike;
  count?: number | undefined;
};

/** Of an entry, what its batch is made of. */
export type ListedEntry = Omit<EncodedEntry, "alike" | "count">;

/** A row of entry_batch. */
export type BatchRow = BatchKey & {
  class: EntryClass | "empty";
  at: Date;
  count: number;
  organisations: string[];
  accounts: string[];
  apps: string[];
  credentials: string[];
  payload: Buffer;
  mac: Buffer;
  macKeyId: string;
};

/** A batch's key with the MAC of what was sent under it. */
export type SealedKey = BatchKey & { mac: Buffer };

/**
 * An entry ready for its batch. Whatever stands in it: one odd value must not fail the batch that
 * others' requests wait for, so only what PostgreSQL takes is listed beside the text.
 */
export function encode(entry: Entry): EncodedEntry {
  const targets = entry.targets ?? [];
  const { credentialId } = entry.actor;
  return {
    text: encodeEntry(entry),
    class: classOf(entry),
    organisationId: asUuid(entry.organisationId),
    appId: asUuid(entry.appId),
    otherAppIds: uuidsIn(targets.map(({ type, id }) => (type === "app" ? id : null))),
    credentialId: credentialId === null ? null : asListedText(credentialId),
    accountIds: uuidsIn([entry.actor.accountId, ...targets.map((target) => target.accountId)]),
    alike: alikeOf(entry),
    count: entry.count,
  };
}

/** `20260301-7-1234-0`: the batch and the position in it. Public, and permanent. */
export function entryId({ day, writer, number }: BatchKey, position: number): string {
  return `${day.replaceAll("-", "")}-${writer}-${number}-${position}`;
}

/** The parts of an entry id, or null when it is none of ours. */
export function parseEntryId(id: string): (BatchKey & { position: number }) | null {
  const match = /^(\d{4})(\d\d)(\d\d)-([1-9]\d{0,8})-([1-9]\d{0,14})-(0|[1-9]\d{0,5})$/.exec(id);
  if (match === null) return null;
  const day = `${match[1]}-${match[2]}-${match[3]}`;
  if (!isDay(day)) return null;
  return {
    day,
    writer: Number(match[4]),
    number: Number(match[5]),
    position: Number(match[6]),
  };
}

/** 30 February is no day, and PostgreSQL would refuse to look for it. */
function isDay(day: string): boolean {
  const midnight = Date.parse(day);
  return !Number.isNaN(midnight) && dayOf(new Date(midnight)) === day;
}

/** UTC day of an instant, as PostgreSQL's `date` is written. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** Entries of one class (or none: an empty batch) as the row that is inserted, with its MAC. */
export function sealBatch(
  keyRing: KeyRing,
  key: BatchKey,
  { at, entries }: { at: Date; entries: readonly ListedEntry[] },
): BatchRow {
  const row = {
    ...key,
    class: entries[0]?.class ?? ("empty" as const),
    at,
    count: entries.length,
    organisations: distinct(entries, (entry) => entry.organisationId),
    accounts: accountsOf(entries),
    apps: appsOf(entries),
    credentials: distinct(entries, (entry) => entry.credentialId),
    payload: Buffer.from(entries.map((entry) => entry.text).join("\n"), "utf8"),
  };
  const { keyId, mac } = keyRing.mac("record-mac", macInput(row));
  return { ...row, mac, macKeyId: keyId };
}

function distinct(
  entries: readonly ListedEntry[],
  of: (entry: ListedEntry) => string | null,
): string[] {
  const found = new Set<string>();
  for (const entry of entries) {
    const value = of(entry);
    if (value !== null) found.add(value);
  }
  return [...found];
}

function accountsOf(entries: readonly ListedEntry[]): string[] {
  const found = new Set<string>();
  for (const { accountIds } of entries) for (const accountId of accountIds) found.add(accountId);
  return [...found];
}

function appsOf(entries: readonly ListedEntry[]): string[] {
  const found = new Set<string>();
  for (const { appId, otherAppIds } of entries) {
    if (appId !== null) found.add(appId);
    if (otherAppIds !== undefined) for (const other of otherAppIds) found.add(other);
  }
  return [...found];
}

/**
 * Everything a batch's row says. The head is JSON on one line, so no two rows share the input,
 * whatever stands in their lists.
 */
export function macInput(row: Omit<BatchRow, "mac" | "macKeyId">): Buffer {
  const head = JSON.stringify([
    "sallyport-batch/v1",
    row.day,
    row.writer,
    row.number,
    row.class,
    row.at.toISOString(),
    row.count,
    row.organisations,
    row.accounts,
    row.apps,
    row.credentials,
  ]);
  return Buffer.concat([Buffer.from(`${head}\n`, "utf8"), row.payload]);
}

/** Whether the row is as it was written, by a process with our secret key (current or previous). */
export function verifyBatch(keyRing: KeyRing, row: BatchRow): boolean {
  return keyRing.verifyMac("record-mac", row.macKeyId, macInput(row), row.mac);
}
